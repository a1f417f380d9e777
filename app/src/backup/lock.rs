//! Encryption with age: for public keys, or with a passphrase.
use std::io::{Read, Write};
use std::path::Path;

use age::secrecy::SecretString;
use age::stream::{StreamReader, StreamWriter};
use anyhow::{Context, Result, anyhow, bail};
use base::config::Backup;

/// How every file of age begins.
pub const MARK: &[u8] = b"age-encryption.org/";

/// What an archive is locked with.
pub enum Lock {
    For(Vec<age::x25519::Recipient>),
    With(SecretString),
}

impl Lock {
    /// The lock that the settings ask for, or none.
    pub fn of(settings: &Backup) -> Result<Option<Lock>> {
        match (settings.recipients.as_slice(), settings.passphrase_file.as_str()) {
            ([], "") => Ok(None),
            ([], file) => Ok(Some(Lock::With(passphrase(Path::new(file))?))),
            (keys, "") => keys.iter().map(|key| recipient(key)).collect::<Result<_>>().map(|keys| Some(Lock::For(keys))),
            _ => bail!("set backup.recipients or backup.passphrase_file, not both"),
        }
    }

    pub fn write<W: Write>(&self, to: W) -> Result<StreamWriter<W>> {
        let encryptor = match self {
            Lock::For(keys) => age::Encryptor::with_recipients(keys.iter().map(|key| key as &dyn age::Recipient))?,
            Lock::With(passphrase) => age::Encryptor::with_user_passphrase(passphrase.clone()),
        };
        Ok(encryptor.wrap_output(to)?)
    }
}

fn recipient(text: &str) -> Result<age::x25519::Recipient> {
    text.parse().map_err(|problem: &str| anyhow!("the public key {text}: {problem}"))
}

/// The first line of a file.
fn passphrase(path: &Path) -> Result<SecretString> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading the passphrase in {}", path.display()))?;
    let line = text.lines().next().unwrap_or_default().trim_end();
    if line.chars().count() < 12 {
        bail!("the passphrase in {} is shorter than 12 characters", path.display());
    }
    Ok(SecretString::from(line.to_owned()))
}

/// What opens an archive.
#[derive(Default)]
pub struct Key(Vec<Box<dyn age::Identity + Send + Sync>>);

impl Key {
    /// From a file of age identities and a file with a passphrase; either may be missing.
    pub fn of(identity: Option<&Path>, passphrase_file: Option<&Path>) -> Result<Key> {
        let mut all: Vec<Box<dyn age::Identity + Send + Sync>> = Vec::new();
        if let Some(path) = identity {
            let name = path.to_str().context("the name of the identity file")?;
            let file = age::IdentityFile::from_file(name.to_owned()).with_context(|| format!("reading {name}"))?;
            all.extend(file.into_identities().map_err(|e| anyhow!("{name}: {e}"))?);
        }
        if let Some(path) = passphrase_file {
            all.push(Box::new(age::scrypt::Identity::new(passphrase(path)?)));
        }
        Ok(Key(all))
    }

    pub fn read<R: Read>(&self, from: R) -> Result<StreamReader<R>> {
        if self.0.is_empty() {
            bail!("it is encrypted: give --identity FILE or --passphrase-file FILE");
        }
        let opened = age::Decryptor::new(from).context("reading the encryption header")?;
        let identities = self.0.iter().map(|identity| identity.as_ref() as &dyn age::Identity);
        opened.decrypt(identities).map_err(|e| anyhow!("it cannot be decrypted: {e}"))
    }
}
