//! Brotli and gzip for text.
use std::io::Write;

use axum::http::{HeaderMap, header};
use bytes::Bytes;

/// A way of packing an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Brotli,
    Gzip,
    Plain,
}

impl Encoding {
    /// The best one the caller takes.
    pub fn accepted(headers: &HeaderMap) -> Encoding {
        let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("");
        let takes = |name: &str| {
            accepted.split(',').any(|part| {
                let mut parts = part.split(';').map(str::trim);
                parts.next().is_some_and(|n| n.eq_ignore_ascii_case(name)) && !parts.any(|q| q == "q=0")
            })
        };
        match (takes("br"), takes("gzip")) {
            (true, _) => Encoding::Brotli,
            (_, true) => Encoding::Gzip,
            _ => Encoding::Plain,
        }
    }

    /// The header's value; none for plain.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Encoding::Brotli => Some("br"),
            Encoding::Gzip => Some("gzip"),
            Encoding::Plain => None,
        }
    }
}

/// Packs for keeping: well, not quickly.
pub fn brotli(bytes: &[u8]) -> Bytes {
    let mut packed = Vec::with_capacity(bytes.len() / 4);
    let mut writer = brotli::CompressorWriter::new(&mut packed, 16 * 1024, 6, 20);
    // Writing into memory cannot fail.
    let _ = writer.write_all(bytes).and_then(|()| writer.flush());
    drop(writer);
    packed.into()
}

/// `level` 1 for an answer made on the spot, 6 for keeping.
pub fn gzip(bytes: &[u8], level: u32) -> Bytes {
    let mut writer = flate2::write::GzEncoder::new(Vec::with_capacity(bytes.len() / 3), flate2::Compression::new(level));
    // Writing into memory cannot fail.
    let _ = writer.write_all(bytes);
    writer.finish().unwrap_or_default().into()
}
