//! `/healthz`: the process answers. `/readyz`: it can serve.
use axum::http::StatusCode;
use base::{Kit, Migration, migrate, sql};

pub(crate) async fn alive() -> &'static str {
    "ok"
}

/// What keeps the node from serving; empty when nothing does.
pub async fn obstacles(kit: &Kit, migrations: &[Migration]) -> Vec<String> {
    let mut found = Vec::new();
    match kit.db.read().await {
        Ok(mut conn) => {
            if let Err(error) = conn.int(sql!("select cast(1 as bigint) as one")).await {
                found.push(format!("database: {error}"));
            }
        }
        Err(error) => found.push(format!("database: {error}")),
    }
    match migrate::pending(&kit.db, migrations).await {
        Ok(pending) if pending.is_empty() => {}
        Ok(pending) => found.push(format!("migrations missing: {}", pending.join(", "))),
        Err(error) => found.push(format!("migrations: {error}")),
    }
    let probe = kit.config.data.join(format!(".probe-{}", kit.ids.short()));
    if let Err(error) = std::fs::write(&probe, b"ok").and_then(|()| std::fs::remove_file(&probe)) {
        found.push(format!("disk: {error}"));
    }
    found
}

pub(crate) async fn ready(kit: Kit, migrations: Vec<Migration>) -> (StatusCode, String) {
    let found = obstacles(&kit, &migrations).await;
    if found.is_empty() {
        return (StatusCode::OK, "ok".into());
    }
    // What is wrong is for the operator's log; a stranger learns which part it is.
    tracing::error!(obstacles = found.join("; "), "not ready");
    let parts: Vec<&str> = found.iter().map(|text| text.split(':').next().unwrap_or_default()).collect();
    (StatusCode::SERVICE_UNAVAILABLE, parts.join("\n"))
}
