//! Sends mail through the operator's SMTP server. Called from jobs only: a server that hangs must not
//! keep a person waiting.
use anyhow::{Context, bail};
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use serde::Deserialize;

use crate::Kit;

/// Access to the mail server. Empty means that this site sends no mail.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// `smtps://user:password@host` or `smtp://user:password@host:587?tls=required`. `SIMPUL_MAIL_SERVER`
    pub server: String,
    /// Sender, such as `Simpul <simpul@contoh.go.id>`. `SIMPUL_MAIL_FROM`
    pub from: String,
}

impl Settings {
    /// Whether mail can be sent at all.
    pub fn is_on(&self) -> bool {
        !self.server.is_empty()
    }

    fn transport(&self) -> anyhow::Result<AsyncSmtpTransport<Tokio1Executor>> {
        let timeout = std::time::Duration::from_secs(20);
        Ok(AsyncSmtpTransport::<Tokio1Executor>::from_url(&self.server)
            .context("SIMPUL_MAIL_SERVER")?
            .timeout(Some(timeout))
            .build())
    }

    /// Whether the server answers and takes the login.
    pub async fn check(&self) -> anyhow::Result<()> {
        if !self.transport()?.test_connection().await? {
            bail!("the mail server does not answer as one");
        }
        Ok(())
    }
}

/// Sends one plain-text message.
pub async fn send(kit: &Kit, to: &str, subject: &str, text: &str) -> anyhow::Result<()> {
    let settings = &kit.config.mail;
    let message = Message::builder()
        .from(settings.from.parse().context("SIMPUL_MAIL_FROM")?)
        .to(to.parse().context("the receiver's address")?)
        .subject(subject)
        .header(ContentType::TEXT_PLAIN)
        .body(text.to_owned())?;
    settings.transport()?.send(message).await?;
    Ok(())
}
