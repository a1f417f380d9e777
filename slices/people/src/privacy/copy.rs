//! The copy that a person takes along: one file for programs, one for reading. It is made while it is
//! sent and kept nowhere.
use askama::Template;
use base::{Conn, Result};
use serde_json::{Value as Json, json};
use web::dates;
use web::privacy::{Part, Person, Personal, export};
use web::{Ctx, filters};

use super::store;
use crate::{consent, grant, notice, roles, session, token};

/// A time as the copy writes it.
fn time(at: i64) -> Json {
    dates::iso(at, "62").into()
}

/// Everything of one person, slice by slice.
pub async fn parts(all: &[Personal], conn: &mut Conn, person: &Person) -> Result<Vec<Part>> {
    export(all, conn, person).await
}

/// The copy for programs.
pub fn json(person: &Person, parts: &[Part], now: i64) -> Json {
    let mut whole = json!({ "dibuat": time(now), "akun": person.id, "isi": {} });
    for part in parts {
        whole["isi"][part.name] = Json::from(part.rows.clone());
    }
    whole
}

/// A part for reading.
struct Shown {
    title: &'static str,
    rows: Vec<Vec<(String, String)>>,
}

#[derive(Template)]
#[template(path = "privacy/copy.html")]
struct CopyPage<'a> {
    lang: &'static str,
    person: &'a Person,
    parts: Vec<Shown>,
    now: i64,
}

/// The copy for reading: one page that needs nothing else.
pub(super) fn html(ctx: &Ctx, person: &Person, parts: &[Part]) -> web::Result<String> {
    let parts = parts.iter().map(|part| Shown {
        title: part.title,
        rows: part.rows.iter().filter_map(Json::as_object).map(|row| row.iter().map(shown).collect()).collect(),
    });
    ctx.render(&CopyPage { lang: ctx.lang.code(), person, parts: parts.collect(), now: ctx.now() })
}

fn shown((name, value): (&String, &Json)) -> (String, String) {
    let words = match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        Json::Bool(true) => "ya".into(),
        Json::Bool(false) => "tidak".into(),
        Json::Array(all) => {
            all.iter().map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned)).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    };
    (name.replace('_', " "), words)
}

/// What this slice holds of a person.
pub(super) async fn own(conn: &mut Conn, person: &Person) -> Result<Vec<Part>> {
    let id = person.id;
    let account = crate::account::store::get(conn, id).await?;
    let account = account.map(|a| {
        json!({ "nomor_akun": a.id, "nama": a.name, "nama_pengguna": a.username, "nomor_hp": a.phone, "email": a.email,
            "terdaftar": time(a.created_at) })
    });
    let grants = grant::list(conn, id).await?.into_iter().map(|g| {
        json!({ "nomor_hak": g.id, "peran": g.role, "wilayah": g.region, "kim": g.group_id, "sejak": time(g.from_at),
            "sampai": g.until_at.map(time), "diakhiri": g.ended_at.map(time) })
    });
    let grants = grants.collect();
    let consents = consent::store::all(conn, id)
        .await?
        .into_iter()
        .map(|c| json!({ "tujuan": c.purpose, "versi": c.version, "setuju": c.given, "pada": time(c.at), "lewat": c.form }));
    let consents = consents.collect();
    let sessions = session::store::of(conn, id)
        .await?
        .into_iter()
        .map(|s| json!({ "perangkat": s.device, "masuk": time(s.created_at), "terakhir_terlihat": time(s.seen_at), "berakhir": time(s.ends_at) }));
    let sessions = sessions.collect();
    let tokens = token::store::list(conn, id).await?.into_iter();
    let tokens = tokens.map(|t| json!({ "nama": t.name, "boleh": t.scopes, "dibuat": time(t.created_at) })).collect();
    let notices = notice::newest(conn, id, 1_000).await?.into_iter().map(|n| {
        json!({ "pada": time(n.at), "tentang": n.title, "alasan": n.reason, "halaman": n.link, "dibaca": n.read_at.map(time) })
    });
    let notices = notices.collect();
    let requests = store::of(conn, id).await?.into_iter().map(|r| {
        json!({ "jenis": r.kind.name(), "isi": r.words, "keadaan": r.status, "diajukan": time(r.created_at),
            "batas": time(r.due_at), "dijawab": r.answered_at.map(time), "jawaban": r.answer })
    });
    let requests = requests.collect();
    let looks = store::looks(conn, id, 1_000)
        .await?
        .into_iter()
        .map(|look| json!({ "pada": time(look.at), "apa": look.act, "peran": look.role }));
    let looks = looks.collect();
    let part = |name, title, rows| Part { name, title, rows };
    let mut all = vec![
        part("akun", "people-copy-account", account.into_iter().collect()),
        part("peran", "people-copy-grants", grants),
        part("persetujuan", "people-copy-consents", consents),
        part("sesi", "people-copy-sessions", sessions),
        part("kunci_api", "people-copy-tokens", tokens),
        part("pemberitahuan", "people-copy-notices", notices),
        part("permohonan", "people-copy-requests", requests),
        part("dilihat_oleh", "people-copy-looks", looks),
    ];
    all.extend(super::rest::parts(conn, id).await?);
    Ok(all)
}

/// Role of a look in words; the platform's own work has none.
pub(super) fn role_key(role: Option<&str>) -> &'static str {
    role.map_or("people-role-none", roles::key)
}
