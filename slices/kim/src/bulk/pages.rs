//! The pages of an import: how it goes and the file, the preview, what came of it.
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use base::authz::within;
use base::{Conn, Event};
use people::roles::OVERSEERS;
use serde::Deserialize;
use serde_json::json;
use web::{Ctx, Error, Errors, Form, Page, Result, Upload, filters};

use super::examine;
use super::file::{self, Problem, Table};
use super::store::{self, Import, NewImport, Row};
use super::{FILE_MOST, Flaw, Kind, ROWS_MOST, UPLOADS, make, template, undo};
use crate::access::{id_of, kept};
use crate::register::{Kim, rules};
use crate::sheet::{self, Format};

/// Imports that the first page lists.
const LISTED: i64 = 12;
/// Rows on one page of the preview.
const PAGE: i64 = 50;

/// The parts of an address; a roster has the KIM's, a register has not.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct At {
    pub slug: Option<String>,
    pub id: Option<String>,
    pub file: Option<String>,
}

/// Where an import happens.
pub struct Desk {
    pub kind: Kind,
    pub kim: Option<Kim>,
    /// Path of the first page.
    pub base: String,
}

impl Desk {
    pub fn section(&self) -> &'static str {
        if self.kind == Kind::Register { "/bina" } else { "/meja" }
    }

    pub fn title_key(&self) -> &'static str {
        if self.kind == Kind::Register { "kim-bulk-title" } else { "kim-bulk-title-roster" }
    }

    pub fn paper_key(&self) -> &'static str {
        if self.kind == Kind::Register { "kim-bulk-paper-title" } else { "kim-bulk-paper-title-roster" }
    }

    /// Path and name of the page above.
    fn above(&self, ctx: &Ctx) -> (String, String) {
        match &self.kim {
            Some(kim) => (format!("/meja/kim/{}/anggota", kim.slug), ctx.say("kim-members-title")),
            None => ("/bina".into(), ctx.say("kim-bina")),
        }
    }

    fn path(&self, import: i64) -> String {
        format!("{}/{import}", self.base)
    }
}

/// The desk of an address, if this person may work at it.
pub async fn desk(ctx: &Ctx, conn: &mut Conn, at: &At) -> Result<Desk> {
    match &at.slug {
        Some(slug) => {
            let kim = kept(ctx, conn, slug).await?;
            Ok(Desk { kind: Kind::Roster, base: format!("/meja/kim/{}/impor", kim.slug), kim: Some(kim) })
        }
        None if ctx.actor()?.holds(OVERSEERS) => Ok(Desk { kind: Kind::Register, kim: None, base: "/bina/impor".into() }),
        None => Err(Error::Forbidden),
    }
}

/// The import of an address. Someone else's is seen once it was carried out, by those over its region.
async fn open(ctx: &Ctx, conn: &mut Conn, desk: &Desk, at: &At) -> Result<Import> {
    let id = id_of(at.id.as_deref().unwrap_or_default())?;
    let import = store::get(conn, id).await?.filter(|import| import.kind == desk.kind.code()).ok_or(Error::Missing)?;
    let theirs = match &desk.kim {
        Some(kim) => import.group_id == Some(kim.id),
        None => {
            // Whoever watches over other regions by now has left their files behind.
            let near = |code: &String| within(code, &import.region) || within(&import.region, code);
            let own = Some(import.account_id) == ctx.account_id() && ctx.actor()?.regions(OVERSEERS).iter().any(near);
            own || (!import.is_waiting() && ctx.may(OVERSEERS, &import.region, None))
        }
    };
    if !theirs {
        return Err(Error::Hidden);
    }
    if import.is_waiting() && import.expires_at <= ctx.now() { Err(Error::Gone) } else { Ok(import) }
}

#[derive(Template)]
#[template(path = "bulk/start.html")]
struct StartPage {
    desk: Desk,
    above: (String, String),
    title: String,
    imports: Vec<Import>,
    /// The import that another upload takes the place of.
    instead: String,
    errors: Errors,
    rows_most: usize,
    key: String,
}

async fn start_page(ctx: &Ctx, conn: &mut Conn, desk: Desk, instead: String, errors: Errors) -> Result<Page> {
    let imports = match &desk.kim {
        Some(kim) => store::of_group(conn, kim.id, LISTED).await?,
        None => {
            let mut all = Vec::new();
            for code in rules::outermost(&ctx.actor()?.regions(OVERSEERS)) {
                all.extend(store::of_region(conn, ctx.actor()?.account_id, &code, LISTED).await?);
            }
            all.sort_by_key(|import| -import.id);
            all.dedup_by_key(|import| import.id);
            all
        }
    };
    let imports = imports.into_iter().filter(|import| !import.is_waiting() || import.expires_at > ctx.now()).collect();
    let title = ctx.say(desk.title_key());
    let key = ctx.kit.ids.token();
    let page = StartPage { above: desk.above(ctx), title, imports, instead, errors, rows_most: ROWS_MOST, key, desk };
    Ok(ctx.page(page.title.clone(), &page)?.section(page.desk.section()).head(|head| head.private = true))
}

pub async fn start(ctx: Ctx, Path(at): Path<At>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk(&ctx, &mut conn, &at).await?;
    start_page(&ctx, &mut conn, desk, String::new(), Errors::default()).await
}

pub async fn template(ctx: Ctx, Path(at): Path<At>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk(&ctx, &mut conn, &at).await?;
    drop(conn);
    let name = if desk.kind == Kind::Register { "templat-kim" } else { "templat-anggota" };
    let file = at.file.as_deref().unwrap_or_default();
    let format = Format::of(file)?;
    if file.rsplit_once('.').map(|(stem, _)| stem) != Some(name) {
        return Err(Error::Missing);
    }
    sheet::answer(format, name, &template::sheets(&ctx, desk.kind))
}

/// What the form of a file holds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct UploadForm {
    /// Id of the import that this file takes the place of.
    pub ganti: String,
}

async fn read_file(ctx: &Ctx, kind: Kind, sent: Option<&Upload>, errors: &mut Errors) -> Result<Option<Table>> {
    let Some(sent) = sent else {
        errors.add("berkas", "kim-bulk-file-empty");
        return Ok(None);
    };
    if sent.bytes.len() > FILE_MOST {
        errors.add("berkas", "kim-bulk-file-large");
        return Ok(None);
    }
    let (bytes, own) = (sent.bytes.clone(), examine::own_names(ctx, kind));
    let read = tokio::task::spawn_blocking(move || file::read(&bytes, kind.columns(), &own)).await;
    // A reader that panics has met a file that is none.
    match read.unwrap_or(Err(Problem::Unreadable)) {
        Ok(table) => Ok(Some(table)),
        Err(problem) => {
            errors.add_with("berkas", problem.key(), &[("most", &ROWS_MOST.to_string())]);
            Ok(None)
        }
    }
}

pub async fn upload(ctx: Ctx, Path(at): Path<At>, form: Form<UploadForm>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk(&ctx, &mut conn, &at).await?;
    let account = ctx.actor()?.account_id;
    ctx.limits().count(UPLOADS, &account.to_string(), ctx.now()).map_err(Error::TooMany)?;
    let mut errors = Errors::default();
    let sent = form.files("berkas").next();
    let Some(table) = read_file(&ctx, desk.kind, sent, &mut errors).await? else {
        let page = start_page(&ctx, &mut conn, desk, form.data.ganti.clone(), errors).await?;
        return Ok(page.invalid().into_response());
    };
    let replaced = match form.data.ganti.as_str() {
        "" => None,
        id => Some(open(&ctx, &mut conn, &desk, &At { id: Some(id.to_owned()), ..At::default() }).await?),
    };
    let notes = serde_json::to_string(&(&table.unknown, &table.private))?;
    let checked = examine::all(&ctx, &mut conn, desk.kim.as_ref(), table.rows).await?;
    drop(conn);
    let good = i64::try_from(checked.iter().filter(|row| row.is_good()).count()).unwrap_or(0);
    let name: String = sent.map(|sent| file::tidy(&sent.name)).unwrap_or_default().chars().take(80).collect();
    let new = NewImport {
        kind: desk.kind,
        region: &examine::common_region(&ctx, desk.kim.as_ref(), &checked)?,
        group_id: desk.kim.as_ref().map(|kim| kim.id),
        account_id: account,
        file: &name,
        good,
        bad: i64::try_from(checked.len()).unwrap_or(0) - good,
        notes: &notes,
    };
    let mut tx = ctx.kit.db.write().await?;
    if let Some(old) = replaced {
        store::drop_waiting(&mut tx, old.id).await?;
    }
    let id = store::add(&mut tx, &new, ctx.now()).await?;
    for row in &checked {
        store::add_row(&mut tx, id, row.line, &row.cells, &row.flaws).await?;
    }
    let answer = web::ctx::see_other(&desk.path(id));
    ctx.commit(tx, &form, answer).await
}

/// Which rows the preview shows.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Shown {
    /// `baik` for the good ones.
    pub tampil: String,
    /// Line after which to go on.
    pub setelah: String,
}

/// What is wrong with a cell, said.
struct Said {
    /// Name of the column; empty for the row as a whole.
    column: &'static str,
    /// The cell as it came.
    cell: String,
    text: String,
}

/// A row of the preview.
struct Line {
    n: i64,
    name: String,
    /// What tells it from others: place and number, or office and division.
    about: String,
    said: Vec<Said>,
}

#[derive(Template)]
#[template(path = "bulk/show.html")]
struct ShowPage {
    desk: Desk,
    above: (String, String),
    import: Import,
    unknown: String,
    private: String,
    lines: Vec<Line>,
    /// Whether the good rows are shown.
    good: bool,
    next: Option<String>,
    /// Rows turned down that can still be fetched.
    left: i64,
    /// What was changed since and stays when the import is undone, or stayed.
    kept: Vec<String>,
    verifier: bool,
    keys: [String; 4],
}

/// The rows of somebody else's file hold numbers and addresses.
async fn look(ctx: &Ctx, import: &Import) -> Result<()> {
    if Some(import.account_id) == ctx.account_id() {
        return Ok(());
    }
    ctx.looks_at("kim.import.viewed", (&import.region, import.group_id), ("import", import.id), None).await
}

pub async fn show(ctx: Ctx, Path(at): Path<At>, Query(shown): Query<Shown>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk(&ctx, &mut conn, &at).await?;
    let import = open(&ctx, &mut conn, &desk, &at).await?;
    look(&ctx, &import).await?;
    let good = import.is_waiting() && (shown.tampil == "baik" || import.bad == 0);
    let after = shown.setelah.parse().unwrap_or(0);
    let fresh = import.expires_at > ctx.now();
    let mut rows = if fresh { store::rows(&mut conn, import.id, good, after, PAGE + 1).await? } else { Vec::new() };
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let view = if good { "&tampil=baik" } else { "" };
    let (unknown, private) = import.left_out();
    let kept = match import.state.as_str() {
        "waiting" => Vec::new(),
        "done" => undo::changed(&ctx, &mut conn, &import, desk.kim.as_ref()).await?,
        _ => undo::stayed(&ctx, &mut conn, &import, desk.kim.as_ref()).await?,
    };
    let page = ShowPage {
        above: (desk.base.clone(), ctx.say(desk.title_key())),
        unknown: unknown.join(", "),
        private: private.join(", "),
        next: rows.last().filter(|_| more).map(|last| format!("{}?setelah={}{view}", desk.path(import.id), last.line)),
        lines: rows.into_iter().map(|row| line(&ctx, desk.kind, row)).collect(),
        good,
        left: if fresh { store::rows_left(&mut conn, import.id, false).await? } else { 0 },
        kept,
        verifier: desk.kim.is_none() && ctx.actor()?.holds(make::VERIFIERS),
        keys: std::array::from_fn(|_| ctx.kit.ids.token()),
        import,
        desk,
    };
    drop(conn);
    let title = match page.import.state.as_str() {
        "waiting" => ctx.say("kim-bulk-check-title"),
        _ => ctx.say_with("kim-bulk-of-title", &[("file", &page.import.file)]),
    };
    Ok(ctx.page(title, &page)?.section(page.desk.section()).head(|head| head.private = true))
}

fn line(ctx: &Ctx, kind: Kind, row: Row) -> Line {
    let cell = |code: &str| row.cells.get(code).cloned().unwrap_or_default();
    let about = match kind {
        Kind::Register => [cell("desa"), cell("kode_wilayah"), cell("nomor")],
        Kind::Roster => [cell("jabatan"), cell("bidang"), String::new()],
    };
    let say = |flaw: &Flaw| {
        let values: Vec<(&str, &str)> = flaw.values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Said {
            column: kind.columns().iter().find(|column| column.code == flaw.column).map_or("", |column| column.text),
            cell: cell(&flaw.column).chars().take(60).collect(),
            text: ctx.say_with(&flaw.key, &values),
        }
    };
    Line {
        n: row.line,
        name: cell("nama"),
        about: about.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        said: row.flaws.iter().map(say).collect(),
    }
}

/// The rows that were turned down, as a file with the reasons.
pub async fn refused(ctx: Ctx, Path(at): Path<At>) -> Result<Response> {
    let format = Format::of(at.file.as_deref().unwrap_or_default())?;
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk(&ctx, &mut conn, &at).await?;
    let import = open(&ctx, &mut conn, &desk, &at).await?;
    if import.expires_at <= ctx.now() {
        return Err(Error::Gone);
    }
    look(&ctx, &import).await?;
    let most = i64::try_from(ROWS_MOST).unwrap_or(i64::MAX);
    let rows = store::rows(&mut conn, import.id, false, 0, most).await?;
    drop(conn);
    if rows.is_empty() {
        return Err(Error::Gone);
    }
    sheet::answer(format, &format!("ditolak-{}", import.id), &[template::refused(&ctx, desk.kind, &rows)])
}

/// What the form of carrying out holds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RunForm {
    /// `terverifikasi`, or anything else for drafts.
    pub sebagai: String,
}

pub async fn run(ctx: Ctx, Path(at): Path<At>, form: Form<RunForm>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk(&ctx, &mut conn, &at).await?;
    let import = open(&ctx, &mut conn, &desk, &at).await?;
    drop(conn);
    if !import.is_waiting() {
        return Err(Error::Conflict("kim-bulk-conflict-done"));
    }
    if import.good == 0 && import.made == 0 {
        return Err(Error::Conflict("kim-bulk-conflict-nothing"));
    }
    let verified = form.data.sebagai == "terverifikasi";
    let (mut tx, outcome) = make::run(&ctx, &import, desk.kim.as_ref(), verified).await?;
    store::set_progress(&mut tx, import.id, 0, 0, true, ctx.now()).await?;
    tx.emit(event(&ctx, &desk, &import, "kim.import.done")).await?;
    let (made, refused) = ((import.made + outcome.made).to_string(), (import.bad + outcome.refused).to_string());
    let values = [("made", made.as_str()), ("refused", &refused)];
    let answer = ctx.onward_with(&desk.path(import.id), "positive", "kim-bulk-done", &values);
    ctx.commit(tx, &form, answer).await
}

/// An event of an import. It names no row: those have their own.
fn event(ctx: &Ctx, desk: &Desk, import: &Import, kind: &str) -> Event {
    Event {
        actor_id: ctx.account_id(),
        region: Some(import.region.clone()),
        group_id: import.group_id,
        link: desk.path(import.id),
        data: json!({ "import": import.id }).to_string(),
        ..Event::new(ctx.now(), kind, ("import", import.id))
    }
}

/// Nothing but its key.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Nothing {}

/// Deletes the rows that wait; an import that was never carried out goes with them.
pub async fn discard(ctx: Ctx, Path(at): Path<At>, form: Form<Nothing>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk(&ctx, &mut conn, &at).await?;
    let import = open(&ctx, &mut conn, &desk, &at).await?;
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    let gone = store::drop_waiting(&mut tx, import.id).await?;
    store::drop_rows(&mut tx, import.id).await?;
    let to = if gone { desk.base.clone() } else { desk.path(import.id) };
    ctx.commit(tx, &form, ctx.onward(&to, "kim-bulk-discarded")).await
}

pub async fn take_back(ctx: Ctx, Path(at): Path<At>, form: Form<Nothing>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk(&ctx, &mut conn, &at).await?;
    let import = open(&ctx, &mut conn, &desk, &at).await?;
    drop(conn);
    if !import.is_done() {
        return Err(Error::Conflict("kim-bulk-conflict-undone"));
    }
    let (mut tx, gone) = undo::run(&ctx, &import, desk.kim.as_ref()).await?;
    let kept = store::made_count(&mut tx, import.id).await?;
    if !store::set_undone(&mut tx, import.id, ctx.now()).await? {
        return Err(Error::Conflict("kim-bulk-conflict-undone"));
    }
    store::drop_rows(&mut tx, import.id).await?;
    tx.emit(event(&ctx, &desk, &import, "kim.import.undone")).await?;
    let (gone, kept) = (gone.to_string(), kept.to_string());
    let values = [("gone", gone.as_str()), ("kept", &kept)];
    let answer = ctx.onward_with(&desk.path(import.id), "positive", "kim-bulk-taken-back", &values);
    ctx.commit(tx, &form, answer).await
}
