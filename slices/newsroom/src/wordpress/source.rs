//! Reads an export file as WordPress really writes it: bytes that are not UTF-8 become U+FFFD,
//! control characters vanish, and no single piece of text may fill the memory.
use std::io::{self, Read};

/// Most bytes between two pieces of markup. A longer text is no export of a site.
const MOST_AT_ONCE: u64 = 64 * 1024 * 1024;
const CHUNK: usize = 64 * 1024;

/// A reader that hands on well-formed, printable UTF-8.
pub struct Clean<R> {
    inner: R,
    raw: Vec<u8>,
    clean: Vec<u8>,
    at: usize,
    started: bool,
    ended: bool,
    since: u64,
    most: u64,
}

impl<R: Read> Clean<R> {
    pub fn new(inner: R) -> Clean<R> {
        Clean { inner, raw: Vec::new(), clean: Vec::new(), at: 0, started: false, ended: false, since: 0, most: MOST_AT_ONCE }
    }

    /// Starts counting anew: a piece of markup was read.
    pub fn mark(&mut self) {
        self.since = 0;
    }

    fn refill(&mut self) -> io::Result<()> {
        self.clean.clear();
        self.at = 0;
        while self.clean.is_empty() && !self.ended {
            let kept = self.raw.len();
            self.raw.resize(kept + CHUNK, 0);
            let got = self.inner.read(&mut self.raw[kept..])?;
            self.raw.truncate(kept + got);
            self.ended = got == 0;
            self.since += got as u64;
            if self.since > self.most {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a single text of more than 64 MB"));
            }
            if !self.started && self.raw.len() >= 3 {
                self.started = true;
                if self.raw.starts_with(b"\xEF\xBB\xBF") {
                    self.raw.drain(..3);
                }
            }
            self.purify();
        }
        Ok(())
    }

    /// Moves what is certain from `raw` to `clean`; a character cut in two waits for its rest.
    fn purify(&mut self) {
        let mut rest = self.raw.as_slice();
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    push_printable(&mut self.clean, text.as_bytes());
                    rest = &[];
                }
                Err(wrong) => {
                    let (good, bad) = rest.split_at(wrong.valid_up_to());
                    push_printable(&mut self.clean, good);
                    match wrong.error_len() {
                        Some(length) => {
                            self.clean.extend_from_slice("\u{FFFD}".as_bytes());
                            rest = &bad[length..];
                            continue;
                        }
                        None if self.ended => {
                            self.clean.extend_from_slice("\u{FFFD}".as_bytes());
                            rest = &[];
                        }
                        None => rest = bad,
                    }
                }
            }
            break;
        }
        let kept = rest.len();
        let length = self.raw.len();
        self.raw.copy_within(length - kept.., 0);
        self.raw.truncate(kept);
    }
}

fn push_printable(to: &mut Vec<u8>, text: &[u8]) {
    to.extend(text.iter().copied().filter(|&b| b >= 0x20 && b != 0x7f || matches!(b, b'\t' | b'\n' | b'\r')));
}

impl<R: Read> Read for Clean<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.clean.len() {
            self.refill()?;
        }
        let count = into.len().min(self.clean.len() - self.at);
        into[..count].copy_from_slice(&self.clean[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time, so that every character is cut.
    struct Drip<'a>(&'a [u8]);
    impl Read for Drip<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            into[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    fn read(bytes: &[u8]) -> String {
        let mut text = String::new();
        Clean::new(Drip(bytes)).read_to_string(&mut text).expect("utf-8");
        let mut whole = String::new();
        Clean::new(bytes).read_to_string(&mut whole).expect("utf-8");
        assert_eq!(text, whole);
        text
    }

    #[test]
    fn mends_bytes_and_drops_control_characters() {
        assert_eq!(read("\u{feff}a✔\u{b}b\u{0}\t\n".as_bytes()), "a✔b\t\n");
        assert_eq!(read(b"a\xFFb\xE2\x9C"), "a\u{FFFD}b\u{FFFD}");
        assert_eq!(read(b""), "");
    }

    #[test]
    fn refuses_endless_text() {
        let mut clean = Clean { most: 200_000, ..Clean::new(io::repeat(b'a')) };
        assert!(io::copy(&mut clean, &mut io::sink()).is_err());
    }
}
