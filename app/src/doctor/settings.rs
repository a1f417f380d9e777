//! The settings: shown without secrets, and what is wrong with them by themselves.
use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};

use base::Config;

use super::Findings;

/// Settings for the eye, secrets hidden.
pub fn settings(config: &Config) -> Vec<(&'static str, String)> {
    let hidden = |text: &str| if text.is_empty() { "(none)".to_owned() } else { "(hidden)".to_owned() };
    let or = |text: &str, none: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
    let file = config.file.as_ref().map_or("(none)".into(), |file| file.display().to_string());
    vec![
        ("config", file),
        ("listen", config.listen.clone()),
        ("base_url", config.base_url.clone()),
        ("moved_to", or(&config.moved_to, "(here)")),
        ("data", config.data.display().to_string()),
        ("database", without_password(&config.database)),
        ("blobs", config.blobs.clone()),
        ("secret", hidden(&config.secret)),
        ("metrics", or(&config.metrics, "(off)")),
        ("proxies", config.proxies.to_string()),
        ("jobs", config.jobs.to_string()),
        ("region", or(&config.region, "(none)")),
        ("age_least", config.age_least.to_string()),
        ("page_cache_mb", config.page_cache_mb.to_string()),
        ("domains", config.domains.iter().map(|(host, slug)| format!("{host} = {slug}")).collect::<Vec<_>>().join(", ")),
        ("log", format!("{} ({})", config.log, config.log_format)),
        ("second_factor", or(&config.second_factor, "(nobody must)")),
        ("providers", config.providers.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ")),
        ("mail.server", or(&without_password(&config.mail.server), "(none)")),
        ("mail.from", or(&config.mail.from, "(none)")),
        ("backup.folder", or(&config.backup.folder, "(off)")),
        ("backup.every", config.backup.every.clone()),
        ("backup.keep", config.backup.keep.to_string()),
        ("backup.lock", if config.backup.is_locked() { "age".into() } else { "(none)".into() }),
        ("s3.endpoint", or(&config.s3.endpoint, "(none)")),
        ("s3.secret_key", hidden(&config.s3.secret_key)),
    ]
}

/// An address of a server without the password in it.
pub(super) fn without_password(text: &str) -> String {
    let parts = text.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?)));
    match parts {
        Some((scheme, (login, host))) => {
            let name = login.split(':').next().unwrap_or_default();
            format!("{scheme}://{name}:(hidden)@{host}")
        }
        None => text.to_owned(),
    }
}

pub(super) fn check(config: &Config, found: &mut Findings) {
    let local = ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| config.base_url.contains(&format!("://{host}")));
    let open = listens_publicly(&config.listen);
    if !config.is_https() && !local {
        let mend = "put a TLS proxy before Simpul and set SIMPUL_BASE_URL to its https address";
        found.wrong("address", format!("{} is not encrypted, so nobody can log in", config.base_url), mend);
    } else if !config.is_https() && open {
        let mend = "listen on 127.0.0.1, or set SIMPUL_BASE_URL to the https address of your proxy";
        found.wrong("address", format!("{} is reachable from outside, without encryption", config.listen), mend);
    }
    if config.is_https() && config.proxies == 0 {
        let mend = "set SIMPUL_PROXIES to the number of your proxies, mostly 1";
        let what = "base_url is https, so a proxy stands before Simpul, but proxies is 0: all visitors share one limit on logins";
        found.wrong("proxies-few", what, mend);
    }
    if config.proxies > 0 && open {
        let mend = "listen on 127.0.0.1 or a private address that only the proxy reaches";
        let what = format!(
            "{} can be reached past the proxy; with proxies = {} such visitors choose their own address",
            config.listen, config.proxies
        );
        found.wrong("proxies-many", what, mend);
    } else if config.proxies > 3 {
        let mend = "count the proxies of your own that append to X-Forwarded-For";
        found.advise(
            "proxies-many",
            format!("{} proxies are many: one too many and visitors choose their own address", config.proxies),
            mend,
        );
    }
    if !config.secret.is_empty() {
        let different = config.secret.chars().collect::<HashSet<_>>().len();
        if config.secret.len() < 32 || different < 8 {
            let mend = "set SIMPUL_SECRET to the output of: openssl rand -hex 32";
            found.wrong("secret-weak", "the secret is short or easy to guess", mend);
        }
    }
    let unknown = |name: &&str| !name.is_empty() && people::roles::parse(name).is_none();
    if let Some(name) = config.second_factor.split(',').map(str::trim).find(unknown) {
        let names: Vec<&str> = people::roles::ALL.iter().map(|role| role.0).collect();
        let what = format!("second_factor names {name}, which is no role: nobody is asked for a second factor by it");
        found.wrong("second-factor", what, format!("use these names: {}", names.join(", ")));
    }
    if !web::assets::are_built() {
        found.wrong("browser-side", "the browser side was not built into this binary", "build with cargo x build");
    }
    if let Err(error) = crate::backup::Lock::of(&config.backup) {
        found.wrong(
            "backup-lock",
            format!("backups cannot be encrypted as set: {error:#}"),
            "mend backup.recipients or backup.passphrase_file",
        );
    }
}

/// Whether an address to listen on can be reached from other machines that are not in a private network.
fn listens_publicly(listen: &str) -> bool {
    let host = match listen.parse::<SocketAddr>() {
        Ok(address) => address.ip(),
        // A name: only `localhost` is known to stay inside.
        Err(_) => return !listen.starts_with("localhost"),
    };
    match host {
        IpAddr::V4(ip) => !(ip.is_loopback() || ip.is_private()),
        IpAddr::V6(ip) => !(ip.is_loopback() || ip.is_unique_local()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_hidden_and_public_addresses_known() {
        assert_eq!(without_password("postgres://simpul:a@b@db/x"), "postgres://simpul:(hidden)@db/x");
        assert_eq!(without_password("sqlite:data/x"), "sqlite:data/x");
        for inside in ["127.0.0.1:80", "[::1]:80", "10.1.2.3:80", "192.168.1.2:80", "localhost:80", "[fd00::1]:80"] {
            assert!(!listens_publicly(inside), "{inside}");
        }
        for outside in ["0.0.0.0:80", "[::]:80", "203.0.113.9:80", "kim.example.id:80"] {
            assert!(listens_publicly(outside), "{outside}");
        }
    }
}
