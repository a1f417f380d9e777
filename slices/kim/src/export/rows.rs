//! The rows of a KIM as they are written into an archive: one struct a kind, described in
//! docs/EXPORT-KIM.md. Whatever writes or reads archives uses these. Consents travel as what follows from
//! them: a name or number is marked as shown only while the person whose it is agrees.
use base::pictures;
use base::{Conn, Event, Kit, Later, Result};
use serde::{Deserialize, Serialize};
use web::dates;
use web::slice::{ArchiveRows, Archived};

use crate::privacy::contact;
use crate::register::{self, Kim};
use crate::{age, decree, facility, member, page, term};

/// What the manifest of an archive calls its form.
pub const FORMAT: &str = "simpul-kim";
/// Version of the rows; it grows when a reader has to know. From 2 on, what is marked as shown was
/// agreed to.
pub const VERSION: u32 = 2;

/// The group itself. One row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KimRow {
    pub id: i64,
    pub slug: String,
    /// Addresses that it gave up.
    pub former_slugs: Vec<String>,
    pub name: String,
    pub number: Option<String>,
    /// Dotted code.
    pub region: String,
    pub status: String,
    pub listing: String,
    pub about: String,
    pub themes: Vec<String>,
    /// Day.
    pub founded: Option<String>,
    pub phone: String,
    pub email: String,
    pub address: String,
    pub show_phone: bool,
    pub show_email: bool,
    pub show_address: bool,
    /// Path in the archive.
    pub logo: Option<String>,
    pub cover: Option<String>,
    pub colour: String,
    pub blocks: String,
    /// `good`, `hotspot`, `blank`, or empty.
    pub connectivity: String,
    /// Codes.
    pub equipment: Vec<String>,
    pub equipment_other: String,
    /// RFC 3339, as all times.
    pub created_at: String,
    pub submitted_at: Option<String>,
    pub verified_at: Option<String>,
    /// When it was last known to be at work.
    #[serde(default)]
    pub confirmed_at: Option<String>,
}

/// A member, present or former.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberRow {
    pub id: i64,
    pub account: Option<i64>,
    pub name: String,
    /// `chair`, `secretary`, `treasurer`, `head` or `member`.
    pub office: String,
    pub division: String,
    /// Day.
    pub joined: String,
    pub left: Option<String>,
    /// Whether the page may name them.
    pub shown: bool,
    /// Codes.
    pub skills: Vec<String>,
    pub skills_other: String,
    /// ISO 639-3.
    pub languages: Vec<String>,
    pub languages_other: String,
    /// Year of birth, where ages go along.
    #[serde(default)]
    pub born: Option<i64>,
    /// Day on which the guardian's consent was seen.
    #[serde(default)]
    pub guardian: Option<String>,
}

/// An office that someone held or holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TermRow {
    /// Id of a row of `members`.
    pub member: i64,
    pub office: String,
    pub division: String,
    /// Day.
    pub from: String,
    /// Until when by the region's term.
    pub until: Option<String>,
    /// When it did end.
    pub ended: Option<String>,
}

/// A decree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecreeRow {
    pub id: i64,
    pub number: String,
    /// Day.
    pub issued: String,
    pub signer: String,
    pub expires: Option<String>,
    /// Path in the archive.
    pub scan: Option<String>,
}

/// Something that happened to the group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryRow {
    pub at: String,
    pub kind: String,
    /// The overseer's reason, when there was one.
    pub reason: Option<String>,
}

/// Path in the archive and key in the store of a picture, in its largest size.
pub fn picture(name: &str) -> (String, String) {
    let file = format!("{name}-1600.jpg");
    (format!("files/{file}"), pictures::key(&file))
}

fn history(event: &Event, region: &str) -> HistoryRow {
    HistoryRow {
        at: dates::iso(event.at, region),
        kind: event.kind.clone(),
        reason: event.json()["reason"].as_str().map(str::to_owned),
    }
}

/// Codes between commas.
fn codes(text: &str) -> Vec<String> {
    text.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect()
}

fn values<T: Serialize>(rows: &[T]) -> Result<Vec<serde_json::Value>> {
    let all: std::result::Result<Vec<_>, _> = rows.iter().map(serde_json::to_value).collect();
    Ok(all.map_err(anyhow::Error::from)?)
}

/// What this slice keeps of a group.
pub fn archive<'a>(_kit: &'a Kit, conn: &'a mut Conn, archived: Archived) -> Later<'a, Result<Vec<ArchiveRows>>> {
    Box::pin(async move {
        let Archived { group, ages } = archived;
        let Some(kim) = register::by_id(conn, group).await? else { return Ok(Vec::new()) };
        let mut files = Vec::new();
        let own = kim_row(conn, &kim, &mut files).await?;
        let mut all = vec![ArchiveRows { name: "kim", rows: values(&[own])?, files }];
        let day = |at: i64| dates::day(at, &kim.region);
        let rows = member_rows(conn, &kim, ages).await?;
        all.push(ArchiveRows { name: "members", rows: values(&rows)?, files: Vec::new() });
        let terms = term::store::all(conn, group).await?;
        let row = |one: term::Term| TermRow {
            member: one.member_id,
            office: one.office.code().into(),
            division: one.division,
            from: day(one.from_at),
            until: one.until_at.map(day),
            ended: one.ended_at.map(day),
        };
        let rows: Vec<TermRow> = terms.into_iter().map(row).collect();
        all.push(ArchiveRows { name: "terms", rows: values(&rows)?, files: Vec::new() });
        let mut files = Vec::new();
        let mut rows = Vec::new();
        for one in decree::store::all(conn, group).await? {
            let scan = one.scan.map(|key| {
                let end = if key.ends_with(".pdf") { "pdf" } else { "jpg" };
                let path = format!("files/sk-{}.{end}", one.id);
                files.push((path.clone(), key));
                path
            });
            let (issued, expires) = (day(one.issued_at), one.expires_at.map(day));
            rows.push(DecreeRow { id: one.id, number: one.number, issued, signer: one.signer, expires, scan });
        }
        all.push(ArchiveRows { name: "decrees", rows: values(&rows)?, files });
        let events = base::events::about(conn, "kim", group).await?;
        let rows: Vec<HistoryRow> = events.iter().map(|event| history(event, &kim.region)).collect();
        all.push(ArchiveRows { name: "history", rows: values(&rows)?, files: Vec::new() });
        Ok(all)
    })
}

async fn member_rows(conn: &mut Conn, kim: &Kim, ages: bool) -> Result<Vec<MemberRow>> {
    let day = |at: i64| dates::day(at, &kim.region);
    let members = super::store::members(conn, kim.id).await?;
    let accounts: Vec<i64> = members.iter().filter_map(|one| one.account_id).collect();
    let agreed = people::consent::named(conn, &accounts).await?;
    let mut rows = Vec::new();
    for one in members {
        let member::Member { id, account_id, name, division, .. } = one;
        let age = if ages { age::store::get(conn, id).await? } else { age::Age::default() };
        rows.push(MemberRow {
            id,
            account: account_id,
            name,
            office: one.office.code().into(),
            division,
            joined: day(one.joined_at),
            left: one.left_at.map(day),
            shown: one.show && account_id.is_none_or(|account| agreed.contains(&account)),
            skills: codes(&one.skills),
            skills_other: one.skills_other,
            languages: codes(&one.languages),
            languages_other: one.languages_other,
            born: age.born,
            guardian: age.guardian_at.map(day),
        });
    }
    Ok(rows)
}

async fn kim_row(conn: &mut Conn, kim: &Kim, files: &mut Vec<(String, String)>) -> Result<KimRow> {
    let arranged = page::store::get(conn, kim.id).await?;
    let tools = facility::store::of(conn, kim.id).await?;
    let confirmed_at = super::store::confirmed_at(conn, kim.id).await?;
    let show_phone = kim.show_phone && contact::may_show(conn, &kim.contact_phone).await?;
    let iso = |at: i64| dates::iso(at, &kim.region);
    let mut kept = |name: &Option<String>| {
        name.as_deref().map(|name| {
            let (path, key) = picture(name);
            files.push((path.clone(), key));
            path
        })
    };
    let (logo, cover) = (kept(&kim.logo), kept(&kim.cover));
    Ok(KimRow {
        id: kim.id,
        slug: kim.slug.clone(),
        former_slugs: super::store::former_slugs(conn, kim.id).await?,
        name: kim.name.clone(),
        number: kim.number.clone(),
        region: kim.region.clone(),
        status: kim.status.code().into(),
        listing: kim.listing.clone(),
        about: kim.about.clone(),
        themes: kim.themes().into_iter().map(str::to_owned).collect(),
        founded: kim.founded_at.map(|at| dates::day(at, &kim.region)),
        phone: kim.contact_phone.clone(),
        email: kim.contact_email.clone(),
        address: kim.contact_address.clone(),
        show_phone,
        show_email: kim.show_email,
        show_address: kim.show_address,
        logo,
        cover,
        colour: arranged.colour,
        blocks: arranged.blocks,
        connectivity: tools.connectivity,
        equipment: codes(&tools.equipment),
        equipment_other: tools.equipment_other,
        created_at: iso(kim.created_at),
        submitted_at: kim.submitted_at.map(iso),
        verified_at: kim.verified_at.map(iso),
        confirmed_at: confirmed_at.map(iso),
    })
}
