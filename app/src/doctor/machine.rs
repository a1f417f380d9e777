//! What lies around the database: folders, room, the site's own address, files, mail.
use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use base::Config;
use base::blobs::Blobs;
use base::clock::{MINUTE, SECOND};

use super::Findings;

/// Room that a data folder should have, in bytes.
const ROOM: u64 = 1_000_000_000;
/// Difference between clocks that is nobody's mistake.
const SKEW: i64 = MINUTE;
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) fn check(config: &Config, found: &mut Findings) -> Result<()> {
    let data = &config.data;
    if !data.exists() {
        let mend = "check SIMPUL_DATA; simpul migrate makes the folder when you run it as the user that serves";
        found.wrong("data-missing", format!("there is no folder {}", data.display()), mend);
        return Ok(());
    }
    if others_may(data, 0o007) {
        let mend = format!("chmod 700 {}", data.display());
        found.wrong("data-open", format!("every user of this machine may look into {}", data.display()), mend);
    }
    let secret = config.secret_file();
    if secret.exists() && others_may(&secret, 0o077) {
        let mend = format!("chmod 600 {}; if others were on this machine, make a new one", secret.display());
        found.wrong("secret-open", format!("others may read {}", secret.display()), mend);
    }
    if config.secret.is_empty() {
        found.wrong("secret-missing", "there is no secret yet", "simpul serve makes one, or set SIMPUL_SECRET");
    }
    let mut folders = vec![data.as_path()];
    let local = Path::new(&config.blobs);
    if !config.blobs.starts_with("s3://") && local.exists() {
        folders.push(local);
    }
    if !config.backup.folder.is_empty() && Path::new(&config.backup.folder).exists() {
        folders.push(Path::new(&config.backup.folder));
    }
    let mut seen = Vec::new();
    for folder in folders {
        let room = rustix::fs::statvfs(folder)?;
        let free = room.f_bavail * room.f_frsize;
        let share = room.f_bavail * 100 / room.f_blocks.max(1);
        if is_low(free, share) && !seen.contains(&(room.f_fsid, free)) {
            seen.push((room.f_fsid, free));
            let what = format!("{} has {} MB left ({share} %)", folder.display(), free / 1_000_000);
            found.wrong("disk", what, "make room, or move the folder to a larger disk");
        }
    }
    Ok(())
}

/// Whether a disk with so many bytes and such a share of it left soon fills up.
fn is_low(free: u64, share: u64) -> bool {
    free < ROOM || share < 5
}

/// Whether the mode of a path gives others one of these rights.
fn others_may(path: &Path, rights: u32) -> bool {
    use std::os::unix::fs::MetadataExt;
    path.metadata().is_ok_and(|facts| facts.mode() & rights != 0)
}

/// Asks the site at its own address: does it answer, and what time does it think it is?
pub(super) async fn site(config: &Config, now: i64, found: &mut Findings) {
    match base::fetch::look(&format!("{}/healthz", config.base_url)).await {
        Ok(answer) => {
            let date = answer.headers().get("date").and_then(|value| value.to_str().ok());
            let time = date.and_then(|date| jiff::fmt::rfc2822::parse(date).ok());
            if let Some(time) = time {
                skew("the clock of the site's server", time.timestamp().as_microsecond() - now, found);
            }
            if !answer.status().is_success() {
                let what = format!("{} answers {} to /healthz", config.base_url, answer.status());
                found.advise("site", what, "check the proxy, and that the site runs");
            }
        }
        // Where it runs at home, it may just not be started.
        Err(error) if config.is_https() => {
            let what = format!("{} does not answer from here: {error}", config.base_url);
            found.advise("site", what, "check the name, the certificate, the proxy, and that the site runs");
        }
        Err(_) => {}
    }
}

/// Tells of a clock that differs from this machine's by `difference` microseconds.
pub(super) fn skew(whose: &str, difference: i64, found: &mut Findings) {
    if difference.abs() > SKEW {
        let what = format!("{whose} differs from this machine's by {} seconds", difference / SECOND);
        found.wrong("clock", what, "let both follow a time server (timedatectl set-ntp true)");
    }
}

pub(super) async fn files(config: &Config, found: &mut Findings) {
    let mend = "check SIMPUL_BLOBS, its rights, and the access to S3";
    if !config.blobs.starts_with("s3://") && !Path::new(&config.blobs).exists() {
        found.advise("files", format!("there is no folder {} yet", config.blobs), "the first picture makes it");
        return;
    }
    let look = async { Blobs::open(&config.blobs, &config.s3)?.list("media/00").await };
    match tokio::time::timeout(PATIENCE, look).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => found.wrong("files", format!("the file store cannot be read: {error}"), mend),
        Err(_) => found.wrong("files", format!("{} does not answer", config.blobs), mend),
    }
}

/// Whether the mail server answers and takes the login, where one is set.
pub(super) async fn mail(config: &Config, found: &mut Findings) {
    if !config.mail.is_on() {
        let mend = "set SIMPUL_MAIL_SERVER and SIMPUL_MAIL_FROM";
        found.advise("mail-off", "no mail server is set: whoever forgets a password needs an officer's slip", mend);
        return;
    }
    let mend = "check SIMPUL_MAIL_SERVER, and that its port is open from here";
    if config.mail.from.is_empty() {
        found.wrong("mail", "mail has no sender", "set SIMPUL_MAIL_FROM, such as: Simpul <simpul@kim.example.id>");
    }
    match tokio::time::timeout(PATIENCE, config.mail.check()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => found.wrong("mail", format!("the mail server cannot be used: {error:#}"), mend),
        Err(_) => found.wrong("mail", "the mail server does not answer", mend),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_low_by_bytes_or_by_share() {
        assert!(is_low(ROOM - 1, 50) && is_low(100 * ROOM, 4));
        assert!(!is_low(ROOM, 5));
    }
}
