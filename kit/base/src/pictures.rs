//! Every picture that comes in is decoded within bounds, turned upright and written anew in three
//! sizes: nothing of the file that was sent survives but its pixels.
use std::sync::LazyLock;

use anyhow::Context;
use bytes::Bytes;
pub use pictures::{MOST_BYTES, Refused, WIDTHS};
use pictures::{is_large, rewrite, rewrite_upright};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::blobs::Blobs;

/// A stored picture: name for `/media/{name}-{width}.webp` and `.jpg`, and its upright size.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Stored {
    pub name: String,
    pub width: u32,
    pub height: u32,
}

/// The path of one size of a stored picture. `end` is `webp` or `jpg`.
pub fn path(name: &str, width: u32, end: &str) -> String {
    format!("/media/{name}-{width}.{end}")
}

/// Where the file store keeps a served name.
pub fn key(name: &str) -> String {
    format!("media/{}/{name}", name.get(..2).unwrap_or("xx"))
}

/// Two at a time: decoding is the hungriest thing a server does …
static TURNS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));
/// … and only one of them large, so that both together stay within half a gigabyte.
static LARGE: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(1));

/// Waits until a picture may be decoded. A large one waits for another large one first, and keeps no small
/// one from its turn meanwhile.
async fn turn(bytes: &Bytes) -> crate::Result<(Option<SemaphorePermit<'static>>, SemaphorePermit<'static>)> {
    let header = bytes.clone();
    let large = tokio::task::spawn_blocking(move || is_large(&header)).await.context("a header panicked")?;
    let alone = if large { Some(LARGE.acquire().await.context("picture turns")?) } else { None };
    Ok((alone, TURNS.acquire().await.context("picture turns")?))
}

/// Re-encodes and stores a picture under a new name. The outer error is ours, the inner the sender's.
pub async fn store(blobs: &Blobs, name: String, bytes: Bytes) -> crate::Result<Result<Stored, Refused>> {
    let turn = turn(&bytes).await?;
    let outcome = tokio::task::spawn_blocking(move || rewrite(&bytes)).await.context("a picture panicked")?;
    drop(turn);
    let (width, height, files) = match outcome {
        Ok(done) => done,
        Err(refused) => return Ok(Err(refused)),
    };
    for file in files {
        let file_name = format!("{name}-{}.{}", file.width, file.end);
        blobs.put(&key(&file_name), file.bytes.into()).await?;
    }
    Ok(Ok(Stored { name, width, height }))
}

/// Largest PDF taken, in bytes.
pub const PDF_MOST: usize = 10 * 1024 * 1024;
/// How every PDF begins.
const PDF_MAGIC: &[u8] = b"%PDF-";

pub fn is_pdf(bytes: &[u8]) -> bool {
    bytes.starts_with(PDF_MAGIC)
}

/// Stores a paper that no public address may lead to, in a folder under `private/`; its key. A photo is
/// written anew, a PDF stays as it came. Errors as in [`store`].
pub async fn store_paper(blobs: &Blobs, folder: &str, name: &str, bytes: Bytes) -> crate::Result<Result<String, Refused>> {
    let (end, bytes) = if is_pdf(&bytes) {
        if bytes.len() > PDF_MOST {
            return Ok(Err(Refused::TooLarge));
        }
        ("pdf", bytes)
    } else {
        match rewrite_private(bytes).await? {
            Ok(bytes) => ("jpg", bytes),
            Err(refused) => return Ok(Err(refused)),
        }
    };
    let key = format!("{folder}/{name}.{end}");
    blobs.put(&key, bytes).await?;
    Ok(Ok(key))
}

/// Re-encodes a picture that no public address may lead to: one upright JPEG, at most 2000 pixels
/// long. The caller keeps it under `private/` and guards it. Errors as in [`store`].
pub async fn rewrite_private(bytes: Bytes) -> crate::Result<Result<Bytes, Refused>> {
    let turn = turn(&bytes).await?;
    let outcome = tokio::task::spawn_blocking(move || rewrite_upright(&bytes)).await.context("a picture panicked")?;
    drop(turn);
    Ok(outcome.map(Bytes::from))
}

/// Stores a picture that is stored already once more, under a name of its own.
pub async fn copy(blobs: &Blobs, stored: &Stored, name: String) -> crate::Result<Stored> {
    for width in WIDTHS {
        for end in ["webp", "jpg"] {
            let bytes = blobs.get(&key(&format!("{}-{width}.{end}", stored.name))).await?;
            blobs.put(&key(&format!("{name}-{width}.{end}")), bytes).await?;
        }
    }
    Ok(Stored { name, ..stored.clone() })
}

/// Deletes all sizes.
pub async fn delete(blobs: &Blobs, name: &str) -> crate::Result<()> {
    for width in WIDTHS {
        for end in ["webp", "jpg"] {
            blobs.delete(&key(&format!("{name}-{width}.{end}"))).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn one_large_picture_at_a_time_beside_a_small_one() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.expect("a runtime").block_on(async {
            // The header of a JPEG with 20 million pixels, up to its only scan.
            let mut large =
                vec![0xffu8, 0xd8, 0xff, 0xc0, 0, 17, 8, 0x0f, 0xa0, 0x13, 0x88, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0];
            large.extend([0xffu8, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0]);
            let (large, small) = (Bytes::from(large), Bytes::from_static(b"small"));
            let first = turn(&large).await.expect("a turn");
            assert!(first.0.is_some(), "it is large");
            let soon = |bytes: Bytes| async move { tokio::time::timeout(Duration::from_millis(300), turn(&bytes)).await.is_ok() };
            assert!(!soon(large.clone()).await, "another large one waits");
            assert!(soon(small.clone()).await, "a small one does not");
            drop(first);
            assert!(soon(large).await);
        });
    }
}
