//! The end of an archive: an empty gzip member whose extra field holds the SHA-256 of every byte
//! before it. Any changed bit shows, and `tar xzf` reads the archive as if it were not there.
use std::io::{self, Read, Write};

use sha2::{Digest, Sha256};

/// Header with one extra field of 32 bytes, an empty block, its checksum and length.
const LENGTH: usize = 58;

fn seal(hash: Sha256) -> [u8; LENGTH] {
    let mut bytes = [0u8; LENGTH];
    bytes[..16].copy_from_slice(&[0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 36, 0, b'S', b'I', 32, 0]);
    bytes[16..48].copy_from_slice(&hash.finalize());
    bytes[48..50].copy_from_slice(&[3, 0]);
    bytes
}

/// Writes through and seals at the end.
pub struct Sealing<W> {
    inner: W,
    hash: Sha256,
}

impl<W: Write> Sealing<W> {
    pub fn new(inner: W) -> Sealing<W> {
        Sealing { inner, hash: Sha256::new() }
    }

    pub fn finish(mut self) -> io::Result<W> {
        self.inner.write_all(&seal(self.hash))?;
        Ok(self.inner)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.inner.write(bytes)?;
        self.hash.update(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Reads what stands before the seal; at the end, a seal that does not fit is an error.
pub struct Sealed<R> {
    inner: R,
    hash: Sha256,
    held: Vec<u8>,
    ended: bool,
}

impl<R: Read> Sealed<R> {
    pub fn new(inner: R) -> Sealed<R> {
        Sealed { inner, hash: Sha256::new(), held: Vec::new(), ended: false }
    }
}

impl<R: Read> Read for Sealed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        loop {
            let ready = self.held.len().saturating_sub(LENGTH);
            if ready > 0 {
                let taken = ready.min(into.len());
                into[..taken].copy_from_slice(&self.held[..taken]);
                self.hash.update(&self.held[..taken]);
                self.held.drain(..taken);
                return Ok(taken);
            }
            if self.ended {
                return match self.held == seal(self.hash.clone()) {
                    true => Ok(0),
                    false => Err(io::Error::new(io::ErrorKind::InvalidData, "the seal is broken: bytes changed or are missing")),
                };
            }
            let mut more = [0u8; 65_536];
            let read = self.inner.read(&mut more)?;
            self.ended = read == 0;
            self.held.extend_from_slice(&more[..read]);
        }
    }
}
