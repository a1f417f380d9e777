//! The register and a roster as CSV or XLSX, with the filters of the directory. Contacts go only to
//! those who watch over the region, or to anyone when the group publishes them.
use axum::extract::{Path, Query};
use axum::response::Response;
use base::authz::within;
use base::clock::HOUR;
use base::{Conn, Lang};
use people::roles::OVERSEERS;
use regions::picker::{self, Resolved};
use web::limits::Limit;
use web::{Ctx, Error, Errors, Result, dates};

use super::store::{self, Line};
use crate::access::{DECREE_READERS, own};
use crate::bulk::columns::{REGISTER, ROSTER};
use crate::member;
use crate::privacy::contact;
use crate::public::directory::Asked;
use crate::public::store::Wanted;
use crate::register::{Status, rules};
use crate::sheet::{self, Format, Sheet};

/// Most rows of one file.
const ROWS_MOST: usize = 20_000;
/// Rows read at a time.
const STEP: i64 = 500;
/// A whole register is work for the database.
const EXPORTS: Limit = Limit { name: "kim.export", acts: 30, window: HOUR };

fn said(ctx: &Ctx, key: &str) -> String {
    ctx.kit.texts.say(Lang::Id, key, &[])
}

/// `GET /kim/ekspor/{file}`: what anyone may see.
pub async fn public(ctx: Ctx, Path(file): Path<String>, Query(asked): Query<Asked>) -> Result<Response> {
    let format = named(&file, "kim")?;
    ctx.limits().count(EXPORTS, &ctx.client, ctx.now()).map_err(Error::TooMany)?;
    let mut conn = ctx.kit.db.read().await?;
    let wanted = wanted(&mut conn, &asked).await?;
    let lines = all(&mut conn, &wanted, false).await?;
    drop(conn);
    // An overseer finds what is hidden from others in it.
    if let Some(hidden) = lines.iter().find(|line| ctx.may(OVERSEERS, &line.region, Some(line.id))) {
        ctx.looks_at("kim.register.exported", (&hidden.region, None), ("register", 0), None).await?;
    }
    sheet::answer(format, "kim", &[register(&ctx, &lines)])
}

/// `GET /bina/ekspor/{file}`: everything within the regions of an overseer, contacts and drafts too.
pub async fn overseen(ctx: Ctx, Path(file): Path<String>, Query(asked): Query<Asked>) -> Result<Response> {
    let format = named(&file, "register-kim")?;
    let account = ctx.actor()?.account_id.to_string();
    ctx.limits().count(EXPORTS, &account, ctx.now()).map_err(Error::TooMany)?;
    let mut conn = ctx.kit.db.read().await?;
    let wanted = wanted(&mut conn, &asked).await?;
    let mut lines = Vec::new();
    for code in rules::outermost(&ctx.actor()?.regions(OVERSEERS)) {
        // The narrower of what was asked for and what is theirs.
        let region = match wanted.region.as_str() {
            asked if within(asked, &code) => asked.to_owned(),
            asked if within(&code, asked) => code,
            _ => continue,
        };
        ctx.looks_at("kim.register.exported", (&region, None), ("register", 0), None).await?;
        lines.extend(all(&mut conn, &Wanted { region, ..wanted.clone() }, true).await?);
    }
    drop(conn);
    lines.truncate(ROWS_MOST);
    sheet::answer(format, "register-kim", &[register(&ctx, &lines)])
}

/// The format of a file of this name.
fn named(file: &str, name: &str) -> Result<Format> {
    let format = Format::of(file)?;
    if file.rsplit_once('.').map(|(stem, _)| stem) == Some(name) { Ok(format) } else { Err(Error::Missing) }
}

async fn wanted(conn: &mut Conn, asked: &Asked) -> Result<Wanted> {
    let mut region = String::new();
    if !asked.wilayah.is_empty() || !asked.wilayah_q.trim().is_empty() {
        match picker::resolve(conn, &asked.wilayah, &asked.wilayah_q).await? {
            Resolved::One(found) => region = found.code,
            _ => return Err(Error::Missing),
        }
    }
    Ok(Wanted {
        q: asked.q.trim().chars().take(80).collect(),
        region,
        theme: if rules::theme_key(&asked.tema).is_some() { asked.tema.clone() } else { String::new() },
        status: Status::parse(&asked.status),
        limit: STEP,
        ..Wanted::default()
    })
}

async fn all(conn: &mut Conn, wanted: &Wanted, whole: bool) -> Result<Vec<Line>> {
    let mut lines: Vec<Line> = Vec::new();
    loop {
        let after = lines.last().map(|line| line.id);
        let step = store::lines(conn, &Wanted { after, ..wanted.clone() }, whole).await?;
        let last = i64::try_from(step.len()).unwrap_or(0) < STEP;
        for mut line in step {
            // Those over a region read every number of it.
            line.show_phone = line.show_phone && (whole || contact::may_show(conn, &line.contact_phone).await?);
            lines.push(line);
        }
        if lines.len() > ROWS_MOST {
            let mut errors = Errors::default();
            errors.add_with("", "kim-export-many", &[("most", &ROWS_MOST.to_string())]);
            return Err(Error::Invalid(errors));
        }
        if last {
            return Ok(lines);
        }
    }
}

/// The table: the columns of the import's template, so that it can come back, and what is known besides.
fn register(ctx: &Ctx, lines: &[Line]) -> Sheet {
    let mut head: Vec<String> = REGISTER.iter().map(|column| said(ctx, column.text)).collect();
    head.extend(
        ["kim-export-decree-until", "kim-status", "kim-export-verified", "kim-export-members", "kim-export-page"]
            .map(|key| said(ctx, key)),
    );
    let mut widths: Vec<u16> = REGISTER.iter().map(|column| u16::try_from(column.most.clamp(14, 34)).unwrap_or(20)).collect();
    widths.extend([16, 16, 16, 10, 40]);
    let rows = lines.iter().map(|line| row(ctx, line)).collect();
    Sheet { name: said(ctx, "kim-bulk-sheet-register"), head, rows, widths, choices: Vec::new() }
}

fn row(ctx: &Ctx, line: &Line) -> Vec<String> {
    let theirs = ctx.may(OVERSEERS, &line.region, Some(line.id));
    let contact = |text: &str, shown: bool| if shown || theirs { text.to_owned() } else { String::new() };
    let day = |at: Option<i64>| at.map(|at| dates::day(at, &line.region)).unwrap_or_default();
    let themes = line.themes.split(',').filter_map(rules::theme_key).map(|key| said(ctx, key)).collect::<Vec<_>>();
    let cell = |code: &str| match code {
        "nama" => line.name.clone(),
        "nomor" => line.number.clone().unwrap_or_default(),
        "kode_wilayah" => line.region.clone(),
        "desa" => line.village.clone(),
        "kecamatan" => line.district.clone(),
        "kabupaten" => line.regency.clone(),
        "berdiri" => day(line.founded_at),
        "bidang" => themes.join(", "),
        "tentang" => line.about.clone(),
        "telepon" => contact(&line.contact_phone, line.show_phone),
        "surel" => contact(&line.contact_email, line.show_email),
        "alamat" => contact(&line.contact_address, line.show_address),
        "nomor_sk" => line.decree_number.clone().unwrap_or_default(),
        "tanggal_sk" => day(line.decree_at),
        "penanda_tangan" => line.decree_signer.clone().unwrap_or_default(),
        _ => String::new(),
    };
    let mut row: Vec<String> = REGISTER.iter().map(|column| cell(column.code)).collect();
    row.push(day(line.decree_until));
    row.push(said(ctx, line.status.key()));
    row.push(day(line.verified_at));
    row.push(line.members.to_string());
    row.push(ctx.absolute(&format!("/kim/{}", line.slug)));
    row
}

/// `GET /meja/kim/{slug}/anggota/ekspor/{file}`: the roster, for its officers and those over its region.
pub async fn roster(ctx: Ctx, Path((slug, file)): Path<(String, String)>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = own(&ctx, &mut conn, &slug, DECREE_READERS).await?;
    let format = named(&file, "anggota")?;
    let members = member::store::current(&mut conn, kim.id).await?;
    drop(conn);
    ctx.looks_at("kim.roster.exported", (&kim.region, Some(kim.id)), ("kim", kim.id), None).await?;
    let row = |member: &member::Member| {
        let joined = dates::day(member.joined_at, &kim.region);
        vec![member.name.clone(), said(&ctx, member.office.key()), member.division.clone(), joined]
    };
    let sheet = Sheet {
        name: said(&ctx, "kim-bulk-sheet-roster"),
        head: ROSTER.iter().map(|column| said(&ctx, column.text)).collect(),
        rows: members.iter().map(row).collect(),
        widths: vec![34, 18, 24, 16],
        choices: Vec::new(),
    };
    sheet::answer(format, "anggota", &[sheet])
}
