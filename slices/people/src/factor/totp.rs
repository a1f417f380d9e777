//! Codes of an app that change every thirty seconds (RFC 6238). The key of an account comes from a salt in
//! the database and the site's secret, so that neither alone is enough.
use base::Kit;
use base::clock::SECOND;
use qrcode::QrCode;
use qrcode::render::svg;
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret, Totp};

/// The name that the app shows.
const ISSUER: &str = "Simpul";

fn key(kit: &Kit, salt: &str) -> Vec<u8> {
    let hash = Sha256::new().chain_update(&kit.config.secret).chain_update(b"\ntotp\n").chain_update(salt).finalize();
    hash[..20].to_vec()
}

fn totp(kit: &Kit, salt: &str, account: &str) -> Option<Totp> {
    let builder = Builder::new().with_secret(key(kit, salt)).with_skew(1);
    builder.with_account_name(account.replace(':', " ")).with_issuer(Some(ISSUER)).build().ok()
}

/// The time step that a code belongs to, if it fits now.
pub(super) fn check(kit: &Kit, salt: &str, code: &str, now: i64) -> Option<i64> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let now = u64::try_from(now / SECOND).ok()?;
    let step = totp(kit, salt, "akun")?.check(&digits, now)?;
    i64::try_from(step).ok()
}

/// What an app needs to know an account: the key to type, and a picture of it to scan (SVG).
pub(super) struct Shown {
    pub key: String,
    pub picture: String,
}

pub(super) fn show(kit: &Kit, salt: &str, account: &str) -> Option<Shown> {
    let url = totp(kit, salt, account)?.to_url().ok()?;
    let key = Secret::from(key(kit, salt)).to_base32();
    let grouped = key.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
    let picture = QrCode::new(url).ok()?.render::<svg::Color<'_>>().min_dimensions(208, 208).build();
    let drawn = picture.find("<svg").map_or("", |start| &picture[start..]);
    Some(Shown { key: grouped, picture: drawn.to_owned() })
}

/// The code at a moment, for tests that play the app.
#[cfg(test)]
pub(super) fn code(kit: &Kit, salt: &str, now: i64) -> String {
    let now = u64::try_from(now / SECOND).expect("a time");
    totp(kit, salt, "akun").expect("a key").generate(now).to_string()
}
