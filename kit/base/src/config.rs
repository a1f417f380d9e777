//! Settings: one TOML file, each key overridden by `SIMPUL_…` in the environment.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::blobs::S3;
use crate::{Ids, Result, clock, mail};

/// All settings with their defaults. `simpul doctor` prints them with secrets hidden.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address to serve on. `SIMPUL_LISTEN`
    pub listen: String,
    /// Folder for everything this node keeps. `SIMPUL_DATA`
    pub data: PathBuf,
    /// `sqlite:path` or `postgres://…`; empty means `simpul.sqlite` in the data folder. `SIMPUL_DATABASE`
    pub database: String,
    /// Folder or `s3://bucket/prefix`; empty means `blobs` in the data folder. `SIMPUL_BLOBS`
    pub blobs: String,
    /// Public address without a final slash; empty means `http://` and the listening address. `SIMPUL_BASE_URL`
    pub base_url: String,
    /// Secret of at least 32 characters; empty means one made on first start and kept in the data
    /// folder. `SIMPUL_SECRET`
    pub secret: String,
    /// Private address for Prometheus metrics; empty means none. `SIMPUL_METRICS`
    pub metrics: String,
    /// How many reverse proxies of your own stand before Simpul; the client's address is counted
    /// that many steps from the right of `X-Forwarded-For`. `SIMPUL_PROXIES`
    pub proxies: usize,
    /// Log filter such as `info` or `simpul=debug`. `SIMPUL_LOG`
    pub log: String,
    /// `text` or `json`. `SIMPUL_LOG_FORMAT`
    pub log_format: String,
    /// Region shown to a visitor who has not chosen one, by dotted code. `SIMPUL_REGION`
    pub region: String,
    /// Whether `serve` also runs jobs; `false` where `simpul work` does. `SIMPUL_JOBS`
    pub jobs: bool,
    /// Youngest age at which a person may have an account. `SIMPUL_AGE_LEAST`
    pub age_least: i64,
    /// Megabytes the page cache may take. `SIMPUL_PAGE_CACHE_MB`
    pub page_cache_mb: u64,
    /// Roles that act only with a second factor or a passkey, and with passwords of 15 characters; names
    /// parted by commas, such as `editor,verifier,fostering,agency,operator`. `SIMPUL_SECOND_FACTOR`
    pub second_factor: String,
    /// Access to the mail server. `SIMPUL_MAIL_SERVER`, `SIMPUL_MAIL_FROM`
    pub mail: mail::Settings,
    /// Organisations whose people log in through their own OpenID Connect provider.
    pub providers: Vec<Provider>,
    /// Backups that the job runner makes by itself. `SIMPUL_BACKUP_FOLDER`, `…_KEEP`, `…_EVERY`,
    /// `…_RECIPIENTS` (separated by commas), `…_PASSPHRASE_FILE`
    pub backup: Backup,
    /// Where the site went: every page then leads to the same path there; empty means it is here.
    /// `SIMPUL_MOVED_TO`
    pub moved_to: String,
    /// The file that these settings were read from.
    #[serde(skip)]
    pub file: Option<PathBuf>,
    /// Hosts of their own: host name to the slug of the KIM whose page it shows at `/`. In the
    /// environment `host=slug,host=slug`. `SIMPUL_DOMAINS`
    pub domains: BTreeMap<String, String>,
    /// Access to the S3-compatible store. `SIMPUL_S3_ENDPOINT`, `…_REGION`, `…_ACCESS_KEY`, `…_SECRET_KEY`
    pub s3: S3,
}

/// An OpenID Connect provider: `[[providers]]` in the settings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Provider {
    /// Short name in addresses; never changes, because links hang on it.
    pub name: String,
    /// As people know it.
    pub title: String,
    /// Region whose visitors see it; empty for all.
    pub region: String,
    /// Address of the provider, as its discovery document has it.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: String,
    /// Whether someone unknown gets a resident's account.
    pub register: bool,
}

/// Backups: where, how many, how often, and for whom they are locked.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Backup {
    /// Folder that the job runner puts backups into; empty means that it makes none.
    pub folder: String,
    /// How many of them stay.
    pub keep: usize,
    /// How often, such as `24h`, `90m` or `7d`.
    pub every: String,
    /// Public keys of age (`age1…`) that backups are encrypted for.
    pub recipients: Vec<String>,
    /// File whose first line is a passphrase that backups are encrypted with.
    pub passphrase_file: String,
}

impl Default for Backup {
    fn default() -> Self {
        Backup { folder: String::new(), keep: 7, every: "24h".into(), recipients: Vec::new(), passphrase_file: String::new() }
    }
}

impl Backup {
    /// `every` in microseconds.
    pub fn interval(&self) -> anyhow::Result<i64> {
        let (number, unit) = self.every.split_at(self.every.len().saturating_sub(1));
        let unit = match unit {
            "m" => clock::MINUTE,
            "h" => clock::HOUR,
            "d" => clock::DAY,
            _ => bail!("backup.every must be a number with m, h or d, such as 24h"),
        };
        match number.parse::<i64>() {
            Ok(number) if (1..=100_000).contains(&number) => Ok(number * unit),
            _ => bail!("backup.every must be a number with m, h or d, such as 24h"),
        }
    }

    /// Whether backups are encrypted.
    pub fn is_locked(&self) -> bool {
        !self.recipients.is_empty() || !self.passphrase_file.is_empty()
    }
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: "127.0.0.1:8080".into(),
            data: "data".into(),
            database: String::new(),
            blobs: String::new(),
            base_url: String::new(),
            secret: String::new(),
            metrics: String::new(),
            proxies: 0,
            log: "info,sqlx=warn,tantivy=warn".into(),
            log_format: "text".into(),
            region: String::new(),
            jobs: true,
            age_least: 13,
            page_cache_mb: 24,
            second_factor: String::new(),
            mail: mail::Settings::default(),
            providers: Vec::new(),
            backup: Backup::default(),
            moved_to: String::new(),
            file: None,
            domains: BTreeMap::new(),
            s3: S3::default(),
        }
    }
}

impl Config {
    /// Reads the settings as [`Config::read`] does, then makes the data folder and the secret that
    /// are missing.
    pub fn load(path: Option<&Path>) -> Result<Config> {
        let mut config = Config::read(path)?;
        std::fs::create_dir_all(&config.data).with_context(|| format!("making the folder {}", config.data.display()))?;
        if config.secret.is_empty() {
            config.secret = hex::encode(Ids::system().bytes::<32>());
            write_private(&config.secret_file(), &config.secret)?;
        }
        if config.secret.len() < 32 {
            return Err(
                anyhow::anyhow!("SIMPUL_SECRET is shorter than 32 characters; make one with: openssl rand -hex 32").into()
            );
        }
        Ok(config)
    }

    /// Reads `path`, or `simpul.toml` here if there is one, then the environment, then fills what
    /// follows from the rest. Makes nothing: the secret stays empty when there is none yet.
    pub fn read(path: Option<&Path>) -> Result<Config> {
        let default = Path::new("simpul.toml");
        let mut config = match path.or(default.exists().then_some(default)) {
            Some(path) => {
                let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
                let config: Config = toml::from_str(&text).with_context(|| format!("reading {}", path.display()))?;
                Config { file: Some(path.to_owned()), ..config }
            }
            None => Config::default(),
        };
        config.environment()?;
        config.complete()?;
        Ok(config)
    }

    /// Where the secret lies when no setting gives it.
    pub fn secret_file(&self) -> PathBuf {
        self.data.join("secret")
    }

    #[allow(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    fn environment(&mut self) -> Result<()> {
        let read = |name: &str| std::env::var(format!("SIMPUL_{name}")).ok();
        let texts: [(&str, &mut String); 20] = [
            ("LISTEN", &mut self.listen),
            ("DATABASE", &mut self.database),
            ("BLOBS", &mut self.blobs),
            ("BASE_URL", &mut self.base_url),
            ("SECRET", &mut self.secret),
            ("METRICS", &mut self.metrics),
            ("LOG", &mut self.log),
            ("LOG_FORMAT", &mut self.log_format),
            ("REGION", &mut self.region),
            ("SECOND_FACTOR", &mut self.second_factor),
            ("MAIL_SERVER", &mut self.mail.server),
            ("MAIL_FROM", &mut self.mail.from),
            ("MOVED_TO", &mut self.moved_to),
            ("BACKUP_FOLDER", &mut self.backup.folder),
            ("BACKUP_EVERY", &mut self.backup.every),
            ("BACKUP_PASSPHRASE_FILE", &mut self.backup.passphrase_file),
            ("S3_ENDPOINT", &mut self.s3.endpoint),
            ("S3_REGION", &mut self.s3.region),
            ("S3_ACCESS_KEY", &mut self.s3.access_key),
            ("S3_SECRET_KEY", &mut self.s3.secret_key),
        ];
        for (name, field) in texts {
            if let Some(value) = read(name) {
                *field = value;
            }
        }
        if let Some(value) = read("DATA") {
            self.data = value.into();
        }
        if let Some(value) = read("PROXIES") {
            self.proxies = value.parse().context("SIMPUL_PROXIES must be a whole number")?;
        }
        if let Some(value) = read("PAGE_CACHE_MB") {
            self.page_cache_mb = value.parse().context("SIMPUL_PAGE_CACHE_MB must be a whole number")?;
        }
        if let Some(value) = read("BACKUP_KEEP") {
            self.backup.keep = value.parse().context("SIMPUL_BACKUP_KEEP must be a whole number")?;
        }
        if let Some(value) = read("BACKUP_RECIPIENTS") {
            self.backup.recipients = value.split(',').map(|key| key.trim().to_owned()).filter(|key| !key.is_empty()).collect();
        }
        if let Some(value) = read("DOMAINS") {
            self.domains = read_domains(&value)?;
        }
        if let Some(value) = read("AGE_LEAST") {
            self.age_least = value.parse().context("SIMPUL_AGE_LEAST must be a whole number")?;
        }
        if let Some(value) = read("JOBS") {
            self.jobs = value.parse().context("SIMPUL_JOBS must be true or false")?;
        }
        Ok(())
    }

    fn complete(&mut self) -> Result<()> {
        if self.database.is_empty() {
            self.database = format!("sqlite:{}", self.data.join("simpul.sqlite").display());
        }
        if self.blobs.is_empty() {
            self.blobs = self.data.join("blobs").display().to_string();
        }
        if self.base_url.is_empty() {
            let host = self.listen.replace("127.0.0.1", "localhost").replace("0.0.0.0", "localhost");
            self.base_url = format!("http://{host}");
        }
        self.base_url = self.base_url.trim_end_matches('/').to_owned();
        self.moved_to = self.moved_to.trim_end_matches('/').to_owned();
        if self.secret.is_empty() {
            self.secret = kept_secret(&self.secret_file())?.unwrap_or_default();
        }
        self.domains = std::mem::take(&mut self.domains)
            .into_iter()
            .map(|(host, slug)| (host.trim().trim_end_matches('.').to_ascii_lowercase(), slug))
            .collect();
        if let Some(host) = self.domains.keys().find(|host| host.is_empty() || host.contains(['/', ':', ' ', '@'])) {
            return Err(anyhow::anyhow!("a domain is a host name such as kim.example.id, not {host:?}").into());
        }
        if !matches!(self.log_format.as_str(), "text" | "json") {
            return Err(anyhow::anyhow!("SIMPUL_LOG_FORMAT must be text or json").into());
        }
        if self.backup.keep == 0 {
            return Err(anyhow::anyhow!("backup.keep must be at least 1").into());
        }
        self.backup.interval()?;
        Ok(())
    }

    /// Whether the public address is encrypted.
    pub fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

/// Reads `host=slug,host=slug`.
fn read_domains(text: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
    let read = |pair: &str| {
        let (host, slug) = pair.split_once('=').with_context(|| format!("SIMPUL_DOMAINS: {pair} is no host=slug"))?;
        Ok((host.trim().to_owned(), slug.trim().to_owned()))
    };
    pairs.map(read).collect()
}

fn kept_secret(path: &Path) -> anyhow::Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => bail!("reading {}: {error}", path.display()),
    }
}

/// Writes a file that only its owner may read; fails when it is there already.
pub fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| format!("writing {}", path.display()))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(())
}
