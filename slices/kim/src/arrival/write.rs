//! Writes the register's part of an archive: the KIM as it stood, its roster, offices, decrees, history.
use std::collections::{HashMap, HashSet};

use anyhow::{Context, anyhow};
use base::clock::DAY;
use base::{Event, Kit, Later, Result, Tx};
use regions::policy::{self, Policy};
use serde_json::json;
use web::arrival::Arrival;

use super::store::{self, Stood};
use super::{day, maybe_day, maybe_time, own, time};
use crate::age::{self, Age};
use crate::decree::store::{self as decrees, NewDecree};
use crate::export::rows::{DecreeRow, HistoryRow, KimRow, MemberRow, TermRow};
use crate::facility::{self, CONNECTIVITY, EQUIPMENT, Facility, join};
use crate::member::Office;
use crate::member::skills::{LANGUAGES, SKILLS, Skills};
use crate::member::store::{self as members, NewMember};
use crate::page::{self, store::Arranged};
use crate::register::store::{self as register, NewKim, Profile};
use crate::register::{Status, profile, rules};
use crate::term::{self, Held};

/// The first version that tells whether people agreed to be shown.
const CONSENTS: u32 = 2;

/// Writes everything in the transaction; an error leaves nothing behind.
pub fn write<'a>(kit: &'a Kit, tx: &'a mut Tx, arrival: &'a mut Arrival) -> Later<'a, Result<()>> {
    Box::pin(async move {
        let now = kit.clock.now();
        let row = own(arrival)?;
        group(tx, arrival, &row, now).await?;
        old_addresses(tx, arrival, &row, now).await?;
        let ids = roster(tx, arrival).await?;
        offices(tx, arrival, &ids).await?;
        papers(tx, arrival, now).await?;
        history(tx, arrival, &row).await?;
        let data = json!({ "site": arrival.site }).to_string();
        tx.emit(Event { data, ..event(arrival, now, "kim.group.arrived") }).await
    })
}

/// An event about the KIM, without a person: nobody of that time has an account here.
fn event(arrival: &Arrival, at: i64, kind: &str) -> Event {
    let home = &arrival.home;
    Event {
        region: Some(home.region.clone()),
        group_id: Some(home.group),
        link: format!("/kim/{}", home.slug),
        title: home.name.clone(),
        ..Event::new(at, kind, ("kim", home.group))
    }
}

async fn group(tx: &mut Tx, arrival: &mut Arrival, row: &KimRow, now: i64) -> Result<()> {
    let region = arrival.home.region.clone();
    let status = Status::parse(&row.status).with_context(|| format!("there is no status {}", row.status))?;
    let name = rules::tidy(&row.name);
    let wished = if rules::is_slug(&row.slug) { row.slug.clone() } else { rules::slug_of(&name) };
    let slug = register::free_slug(tx, &wished).await?;
    let mut number = row.number.clone();
    if let Some(taken) = number.clone()
        && register::number_taken(tx, &taken, 0).await?
    {
        arrival.notes.push(format!("the KIM number {taken} belongs to another KIM here; it came in without a number"));
        number = None;
    }
    let needle = rules::needle(&name, &regions::full_name(tx, &region).await?, number.as_deref());
    let new = NewKim { slug: &slug, name: &name, needle: &needle, region: &region, created_by: None };
    let id = register::add(tx, &new, time(&row.created_at)?).await?;
    arrival.home.group = id;
    arrival.home.name = name.clone();
    arrival.home.slug = slug.clone();

    let phone = people::account::phone(&row.phone).unwrap_or_default();
    let email = row.email.trim().to_lowercase();
    let email = if profile::is_email(&email) { email } else { String::new() };
    let agreed = arrival.version >= CONSENTS;
    if row.show_phone && !phone.is_empty() && !agreed {
        arrival
            .notes
            .push("its phone number is hidden until an officer shows it, because the archive does not tell consents".into());
    }
    let mut picture = |path: &Option<String>| Some(arrival.picture(path.as_deref()?)?.name);
    let (logo, cover) = (picture(&row.logo), picture(&row.cover));
    let own = Profile {
        slug: &slug,
        name: &name,
        needle: &needle,
        about: &row.about,
        founded_at: maybe_day(&row.founded, &region)?,
        themes: &rules::join_themes(&row.themes),
        show_phone: row.show_phone && agreed && !phone.is_empty(),
        show_email: row.show_email && !email.is_empty(),
        show_address: row.show_address && !row.address.is_empty(),
        phone: &phone,
        email: &email,
        address: &row.address,
        logo,
        cover,
    };
    register::set_profile(tx, id, &own, now).await?;
    let due_at = match status {
        Status::Submitted => Some(now + policy::int(tx, &region, Policy::ClockVerifyDays).await? * DAY),
        _ => None,
    };
    let verified_at = maybe_time(&row.verified_at)?;
    let confirmed_at = match maybe_time(&row.confirmed_at)? {
        None if !agreed && status.is_open() => Some(verified_at.unwrap_or(now)),
        told => told,
    };
    let stood = Stood {
        status: status.code(),
        number: &number,
        listing: if matches!(row.listing.as_str(), "unclaimed" | "claimed") { &row.listing } else { "" },
        submitted_at: maybe_time(&row.submitted_at)?,
        verified_at,
        due_at,
        confirmed_at,
    };
    store::set_standing(tx, id, &stood).await?;
    let known = CONNECTIVITY.iter().any(|(code, ..)| *code == row.connectivity);
    let tools = Facility {
        connectivity: if known { row.connectivity.clone() } else { String::new() },
        equipment: join(&EQUIPMENT, &row.equipment),
        equipment_other: row.equipment_other.clone(),
    };
    facility::store::set(tx, id, &tools, now).await?;
    if !row.colour.is_empty() || !row.blocks.is_empty() {
        let arranged = Arranged {
            colour: if page::is_colour(&row.colour) { row.colour.clone() } else { String::new() },
            blocks: if row.blocks.is_empty() { String::new() } else { page::write(&page::read(&row.blocks)) },
        };
        page::store::set(tx, id, &arranged, now).await?;
    }
    match store::note(tx, id, &arrival.site, row.id, now).await {
        Err(base::Error::Taken(_)) => Err(anyhow!("the same KIM is coming in by another import right now").into()),
        other => other,
    }
}

/// Addresses that it had before lead to its page, unless they are another's here.
async fn old_addresses(tx: &mut Tx, arrival: &mut Arrival, row: &KimRow, now: i64) -> Result<()> {
    let (id, slug) = (arrival.home.group, arrival.home.slug.clone());
    if slug != row.slug {
        arrival.notes.push(format!("/kim/{} is another KIM's here; this one stands at /kim/{slug}", row.slug));
    }
    for old in row.former_slugs.iter().filter(|old| rules::is_slug(old) && **old != slug && **old != row.slug) {
        if register::slug_taken(tx, old, id).await? {
            arrival.notes.push(format!("its old address /kim/{old} is another KIM's here"));
        } else {
            register::keep_slug(tx, id, old, &slug, now).await?;
        }
    }
    Ok(())
}

/// The people, as entries without accounts; their new ids by the old ones.
async fn roster(tx: &mut Tx, arrival: &mut Arrival) -> Result<HashMap<i64, i64>> {
    let (group, region) = (arrival.home.group, arrival.home.region.clone());
    let (mut ids, mut hidden) = (HashMap::new(), 0);
    for row in arrival.rows::<MemberRow>("members")? {
        let office = Office::parse(&row.office).with_context(|| format!("there is no office {}", row.office))?;
        // Whoever had an account was asked there; an old archive does not tell the answer.
        let told = arrival.version >= CONSENTS || row.account.is_none();
        hidden += u64::from(row.shown && !told);
        let new = NewMember {
            account_id: None,
            name: &row.name,
            office,
            division: &row.division,
            joined_at: day(&row.joined, &region)?,
            show: row.shown && told,
        };
        let id = members::add(tx, group, &new).await?;
        if let Some(left) = maybe_day(&row.left, &region)? {
            members::leave(tx, id, left).await?;
        }
        let skills = Skills {
            skills: join(&SKILLS, &row.skills),
            skills_other: row.skills_other.clone(),
            languages: join(&LANGUAGES, &row.languages),
            languages_other: row.languages_other.clone(),
        };
        members::set_skills(tx, id, &skills).await?;
        let age = Age { born: row.born, guardian_at: maybe_day(&row.guardian, &region)?, guardian_by: None };
        if age != Age::default() {
            age::store::set(tx, id, &age).await?;
        }
        ids.insert(row.id, id);
    }
    if hidden > 0 {
        let why = "the archive does not tell consents";
        arrival.notes.push(format!("names hidden until an officer shows them, because {why}: {hidden}"));
    }
    Ok(ids)
}

async fn offices(tx: &mut Tx, arrival: &mut Arrival, ids: &HashMap<i64, i64>) -> Result<()> {
    let (group, region) = (arrival.home.group, arrival.home.region.clone());
    let mut holding = HashSet::new();
    for row in arrival.rows::<TermRow>("terms")? {
        let who = || format!("terms.jsonl names member {}, who is not in members.jsonl", row.member);
        let member = ids.get(&row.member).copied().with_context(who)?;
        let ended = maybe_day(&row.ended, &region)?;
        // Nobody holds two offices at a time.
        if ended.is_none() && !holding.insert(member) {
            continue;
        }
        let office = Office::parse(&row.office).with_context(|| format!("there is no office {}", row.office))?;
        let from = day(&row.from, &region)?;
        let held = Held { group, region: &region, member, office, division: &row.division, from };
        term::store::add_whole(tx, &held, maybe_day(&row.until, &region)?, ended).await?;
    }
    Ok(())
}

async fn papers(tx: &mut Tx, arrival: &mut Arrival, now: i64) -> Result<()> {
    let (group, region) = (arrival.home.group, arrival.home.region.clone());
    // The newest stands first in the archive and last in the register.
    for row in arrival.rows::<DecreeRow>("decrees")?.into_iter().rev() {
        let new = NewDecree {
            number: &row.number,
            issued_at: day(&row.issued, &region)?,
            signer: &row.signer,
            expires_at: maybe_day(&row.expires, &region)?,
            scan: row.scan.as_deref().and_then(|path| arrival.paper(path)),
            created_by: None,
        };
        decrees::add(tx, group, &new, now).await?;
    }
    Ok(())
}

/// What happened to it before, told again at its time. Reasons stay with those who may read them.
async fn history(tx: &mut Tx, arrival: &Arrival, row: &KimRow) -> Result<()> {
    let mut past: Vec<HistoryRow> = arrival.rows("history")?;
    if past.is_empty() {
        past.push(HistoryRow { at: row.created_at.clone(), kind: "kim.group.created".into(), reason: None });
    }
    for one in past.iter().filter(|one| is_kind(&one.kind)) {
        let data = match &one.reason {
            Some(reason) => json!({ "reason": reason }),
            None => json!({}),
        };
        tx.emit(Event { data: data.to_string(), ..event(arrival, time(&one.at)?, &one.kind) }).await?;
    }
    Ok(())
}

/// Whether a kind of event is one of the register: three words of small letters.
fn is_kind(kind: &str) -> bool {
    let words: Vec<&str> = kind.split('.').collect();
    let plain = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    words.len() == 3 && words[0] == "kim" && words.iter().all(plain) && kind.len() <= 60
}
