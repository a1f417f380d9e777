//! The servers: the site, jobs beside it, and metrics on a private address.
use std::future::IntoFuture;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::extract::State;
use axum::response::Response;
use axum::serve::ListenerExt;
use base::jobs::Runner;
use listenfd::ListenFd;
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::net::TcpListener;
use web::App;

/// How long requests under way may take to end after a stop was asked for.
const GRACE: Duration = Duration::from_secs(20);

/// Serves until a signal asks to stop.
pub async fn site(app: App) -> Result<()> {
    let config = app.kit().config.clone();
    let listener = listener(&config.listen).await?;
    metrics(&app).await?;
    tokio::spawn(app.clone().follow());
    if config.jobs {
        tokio::spawn(runner(&app)?.forever());
    }
    tokio::spawn(reload_words(app.clone()));
    let address = listener.local_addr()?;
    tracing::info!(%address, url = config.base_url, "serving");
    let quick = listener.tap_io(|stream| {
        // Without it small answers wait for the other side's acknowledgement.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "nodelay");
        }
    });
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = axum::serve(quick, app.service()).with_graceful_shutdown(async move {
        signal().await;
        tracing::info!("stopping: finishing what is under way");
        // The receiver waits below; it is gone only when the server has ended already.
        let _ = stop.send(());
    });
    tokio::select! {
        ended = server.into_future() => ended?,
        () = async {
            let _ = stopped.await;
            tokio::time::sleep(GRACE).await;
        } => tracing::warn!("stopped with requests under way"),
    }
    app.kit().db.close().await;
    Ok(())
}

/// Runs jobs until a signal asks to stop.
pub async fn work(app: App) -> Result<()> {
    let runner = runner(&app)?;
    tracing::info!("working");
    tokio::select! {
        () = runner.forever() => {}
        () = signal() => tracing::info!("stopping"),
    }
    app.kit().db.close().await;
    Ok(())
}

/// The job runner of the product.
pub fn runner(app: &App) -> Result<Runner> {
    let (jobs, crons) = app.jobs();
    Ok(Runner::new(app.kit().clone(), &jobs, &crons)?)
}

/// The socket that systemd handed over, or one of our own.
async fn listener(address: &str) -> Result<TcpListener> {
    if let Some(handed) = ListenFd::from_env().take_tcp_listener(0)? {
        handed.set_nonblocking(true)?;
        return Ok(TcpListener::from_std(handed)?);
    }
    TcpListener::bind(address).await.with_context(|| format!("listening on {address}"))
}

async fn metrics(app: &App) -> Result<()> {
    let address = app.kit().config.metrics.clone();
    if address.is_empty() {
        return Ok(());
    }
    let handle = PrometheusBuilder::new().install_recorder().context("metrics")?;
    let listener = TcpListener::bind(&address).await.with_context(|| format!("listening on {address} for metrics"))?;
    let router = axum::Router::new().route("/metrics", axum::routing::get(move || async move { handle.render() }));
    tokio::spawn(axum::serve(listener, router).into_future());
    Ok(())
}

/// SIGHUP reads the search words again.
async fn reload_words(app: App) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut hangup) = signal(SignalKind::hangup()) else { return };
        while hangup.recv().await.is_some() {
            match base::search::Words::load(Some(&app.kit().config.data)) {
                Ok(words) => {
                    app.kit().index.reload_words(words);
                    app.clear_pages();
                    tracing::info!("search words read again");
                }
                Err(error) => tracing::error!(error = format!("{error:#}"), "search words not read"),
            }
        }
    }
}

async fn signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else {
            let _ = interrupt.await;
            return;
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
}

/// The API description, from the code.
pub async fn openapi(State(_): State<base::Kit>, ctx: web::Ctx) -> web::Result<Response> {
    web::json::public(&description(crate::slices(), &ctx.kit.config.base_url))
}

/// The API description of the slices.
pub fn description(slices: Vec<web::Slice>, base_url: &str) -> utoipa::openapi::OpenApi {
    use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
    use utoipa::openapi::{InfoBuilder, Server};
    let mut whole = utoipa::openapi::OpenApi::default();
    for part in slices.into_iter().filter_map(|slice| slice.openapi) {
        whole.merge(part());
    }
    whole.info = InfoBuilder::new().title("Simpul").version(env!("CARGO_PKG_VERSION")).build();
    whole.servers = Some(vec![Server::new(base_url)]);
    let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    whole.components.get_or_insert_default().add_security_scheme("token", token);
    whole
}
