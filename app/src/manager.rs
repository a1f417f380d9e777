//! Tells the service manager (systemd) that the site is ready, and again and again that it lives.
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use sd_notify::NotifyState;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Says something to the manager; without one nothing happens.
pub fn say(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "telling the service manager");
    }
}

/// As long as the site answers at its own address, the manager hears so in time. It asks nothing of
/// the database: a restart of ours would not mend that.
pub fn watch(address: SocketAddr) {
    let Some(patience) = sd_notify::watchdog_enabled() else { return };
    let ask = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), address.port()),
        IpAddr::V6(ip) if ip.is_unspecified() => SocketAddr::new(Ipv6Addr::LOCALHOST.into(), address.port()),
        _ => address,
    };
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(patience / 3).await;
            if answers(ask, patience / 3).await {
                say(NotifyState::Watchdog);
            } else {
                tracing::warn!(address = %ask, "the site does not answer itself");
            }
        }
    });
}

/// Whether `/healthz` answers in time.
async fn answers(address: SocketAddr, patience: Duration) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"GET /healthz HTTP/1.0\r\n\r\n").await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        std::io::Result::Ok(answer.starts_with(b"HTTP/1.0 200") || answer.starts_with(b"HTTP/1.1 200"))
    };
    matches!(tokio::time::timeout(patience, ask).await, Ok(Ok(true)))
}
