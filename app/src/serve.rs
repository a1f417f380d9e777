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
use sd_notify::NotifyState;
use tokio::net::TcpListener;
use web::App;

use crate::backup::restore::Serving;
use crate::{gauges, manager, start};

/// How long requests under way may take to end after a stop was asked for.
const GRACE: Duration = Duration::from_secs(20);

/// How long the database may take to close after that.
const CLOSING: Duration = Duration::from_secs(5);

/// Serves until a signal asks to stop; a second signal stops at once.
pub async fn site(app: App) -> Result<()> {
    let config = app.kit().config.clone();
    let _mark = Serving::mark(&config.data)?;
    let listener = listener(&config.listen).await?;
    metrics(&app).await?;
    tokio::spawn(app.clone().follow());
    if config.jobs {
        tokio::spawn(runner(&app)?.forever());
    }
    tokio::spawn(reload(app.clone()));
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
        manager::say(NotifyState::Stopping);
        // The receiver waits below; it is gone only when the server has ended already.
        let _ = stop.send(());
    });
    manager::say(NotifyState::Ready);
    manager::watch(address);
    tokio::select! {
        ended = server.into_future() => ended?,
        () = async {
            let _ = stopped.await;
            tokio::select! {
                () = tokio::time::sleep(GRACE) => {}
                () = signal() => {}
            }
        } => tracing::warn!("stopped with requests under way"),
    }
    // A connection that a request still holds must not keep the process alive.
    if tokio::time::timeout(CLOSING, app.kit().db.close()).await.is_err() {
        tracing::warn!("the database was not closed in time");
    }
    Ok(())
}

/// Runs jobs until a signal asks to stop.
pub async fn work(app: App) -> Result<()> {
    let runner = runner(&app)?;
    tracing::info!("working");
    manager::say(NotifyState::Ready);
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
    let app = app.clone();
    let show = move || async move {
        if let Err(error) = gauges::measure(&app).await {
            tracing::warn!(%error, "measuring");
        }
        handle.render()
    };
    let router = axum::Router::new().route("/metrics", axum::routing::get(show));
    tokio::spawn(axum::serve(listener, router).into_future());
    Ok(())
}

/// SIGHUP reads the search words and the log filter again; what cannot be read changes nothing.
async fn reload(app: App) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut hangup) = signal(SignalKind::hangup()) else { return };
    while hangup.recv().await.is_some() {
        let kit = app.kit();
        match base::search::Words::load(Some(&kit.config.data)) {
            Ok(words) => {
                kit.index.reload_words(words);
                app.clear_pages();
                tracing::info!("search words read again");
            }
            Err(error) => tracing::error!(error = format!("{error:#}"), "search words not read"),
        }
        let filter = base::Config::read(kit.config.file.as_deref()).map_err(anyhow::Error::from);
        match filter.and_then(|config| start::set_log(&config.log).map(|()| config.log)) {
            Ok(filter) => tracing::info!(filter, "log filter read again"),
            Err(error) => tracing::error!(error = format!("{error:#}"), "settings not read"),
        }
    }
}

/// Returns when a signal asks to stop.
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = interrupt.await;
        return;
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
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
