//! Passwords: Argon2id at OWASP's parameters, and the list of those known from breaches.
use std::collections::HashSet;
use std::io::Read;
use std::sync::{LazyLock, OnceLock};

use anyhow::{Context, anyhow};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use base::{Kit, Result};
use tokio::sync::Semaphore;

/// 19 MiB, two passes, one lane: the OWASP minimum, so that a small server can log people in.
fn argon() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or(Params::DEFAULT);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Each hashing takes 19 MiB; two at a time bound the memory.
static TURNS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));

/// Hashes a password into the PHC text that is kept.
pub(crate) async fn hash(kit: &Kit, password: &str) -> Result<String> {
    let salt: [u8; 16] = kit.ids.bytes();
    let password = password.to_owned();
    let turn = TURNS.acquire().await.context("hashing turns")?;
    let hashed = tokio::task::spawn_blocking(move || {
        let hashed = argon().hash_password_with_salt(password.as_bytes(), &salt);
        hashed.map(|hash| hash.to_string()).map_err(|e| anyhow!("hashing: {e}"))
    })
    .await
    .context("hashing panicked")??;
    drop(turn);
    Ok(hashed)
}

/// The passwords that were hashed for a check, in the order of the checks.
#[cfg(test)]
pub(crate) static CHECKED: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());

#[cfg(test)]
fn note(password: &str) {
    if let Ok(mut checked) = CHECKED.lock() {
        checked.push(password.to_owned());
    }
}

#[cfg(not(test))]
fn note(_: &str) {}

/// Whether a password fits a kept text.
pub(crate) async fn check(password: &str, kept: &str) -> Result<bool> {
    let (password, kept) = (password.to_owned(), kept.to_owned());
    let turn = TURNS.acquire().await.context("hashing turns")?;
    let fits = tokio::task::spawn_blocking(move || match PasswordHash::new(&kept) {
        Ok(hash) => {
            note(&password);
            argon().verify_password(password.as_bytes(), &hash).is_ok()
        }
        // No password fits, but time must not tell: an account that has none takes as long.
        Err(_) => {
            note(&password);
            drop(argon().hash_password_with_salt(password.as_bytes(), &[0; 16]));
            false
        }
    })
    .await
    .context("hashing panicked")?;
    drop(turn);
    Ok(fits)
}

/// Takes the time of a check for an account that does not exist, so that time tells nothing.
pub(crate) async fn pretend(kit: &Kit, password: &str) -> Result<()> {
    static KEPT: OnceLock<String> = OnceLock::new();
    let kept = match KEPT.get() {
        Some(kept) => kept.clone(),
        None => {
            let made = hash(kit, "tidak ada akun ini").await?;
            KEPT.get_or_init(|| made).clone()
        }
    };
    check(password, &kept).await.map(drop)
}

/// The list of `data/passwords`: the most used passwords of public breaches, one a line, gzipped.
static BREACHED: LazyLock<HashSet<u64>> = LazyLock::new(|| {
    let mut text = String::new();
    let packed: &[u8] = include_bytes!("../../../../data/passwords/breached.txt.gz");
    // The list is part of the binary: a damaged one shows in the tests.
    let _ = flate2::read::GzDecoder::new(packed).read_to_string(&mut text);
    text.lines().map(fingerprint).collect()
});

/// FNV-1a: small in memory; a false match only asks for another password.
fn fingerprint(password: &str) -> u64 {
    password
        .to_lowercase()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Whether a password is known from breaches, whatever its letter case.
pub(crate) fn is_breached(password: &str) -> bool {
    BREACHED.contains(&fingerprint(password))
}
