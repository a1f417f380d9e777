//! Builds whole groups with their history at given times; for the demo and for imports from other
//! registers.
use base::authz::Scope;
use base::{Event, Result, Tx};
use regions::policy::Policy;

use crate::facility::{self, EQUIPMENT, join};
use crate::member::skills::{LANGUAGES, SKILLS, Skills};
use crate::member::{self, Office};
use crate::register::{Status, rules, store};
use crate::term::{self, Held};
use crate::{decree, reconfirm};

/// A group to build. Times are epoch microseconds.
#[derive(Clone, Debug)]
pub struct Group {
    pub slug: String,
    pub name: String,
    pub region: String,
    pub status: Status,
    pub about: String,
    /// Codes of `THEMES`; unknown ones are left out.
    pub themes: Vec<String>,
    pub number: Option<String>,
    pub founded_at: Option<i64>,
    pub created_at: i64,
    pub decree: Option<Decree>,
    pub members: Vec<Member>,
    /// Who verified it.
    pub verified_by: Option<i64>,
    pub facility: Facility,
    /// When it last said that it is at work; when it was verified unless told.
    pub confirmed_at: Option<i64>,
    /// When the yearly question was asked that still waits.
    pub asked_at: Option<i64>,
}

/// Its tools and signal, by the codes of their lists; unknown ones are left out.
#[derive(Clone, Debug, Default)]
pub struct Facility {
    /// `good`, `hotspot`, `blank`, or empty when the group has not said.
    pub connectivity: String,
    pub equipment: Vec<String>,
}

/// Its decree.
#[derive(Clone, Debug)]
pub struct Decree {
    pub number: String,
    pub issued_at: i64,
    pub signer: String,
    pub expires_at: Option<i64>,
}

/// One of its people. The account's grants follow from the office.
#[derive(Clone, Debug)]
pub struct Member {
    pub account_id: Option<i64>,
    pub name: String,
    /// `chair`, `secretary`, `treasurer`, `head` or `member`.
    pub office: &'static str,
    pub edits: bool,
    pub show: bool,
    /// Codes of what they can do and of the languages they speak; unknown ones are left out.
    pub skills: Vec<String>,
    pub languages: Vec<String>,
}

/// The steps that lead to a status, in order.
fn steps(status: Status) -> &'static [(Status, &'static str)] {
    const ALL: &[(Status, &str)] = &[
        (Status::Submitted, "kim.group.submitted"),
        (Status::Verified, "kim.group.verified"),
        (Status::Active, "kim.group.activated"),
        (Status::Dormant, "kim.group.rested"),
    ];
    let count = ALL.iter().position(|(to, _)| *to == status).map_or(0, |index| index + 1);
    ALL.get(..count).unwrap_or_default()
}

/// Adds a group and everything that happened to it; returns its id.
pub async fn add(tx: &mut Tx, group: &Group) -> Result<i64> {
    let place = regions::full_name(tx, &group.region).await?;
    let needle = rules::needle(&group.name, &place, group.number.as_deref());
    let new = store::NewKim {
        slug: &group.slug,
        name: &group.name,
        needle: &needle,
        region: &group.region,
        created_by: group.members.iter().find_map(|member| member.account_id),
    };
    let id = store::add(tx, &new, group.created_at).await?;
    let themes = rules::join_themes(&group.themes);
    let profile = store::Profile {
        slug: &group.slug,
        name: &group.name,
        needle: &needle,
        about: &group.about,
        founded_at: group.founded_at,
        themes: &themes,
        phone: "",
        email: "",
        address: "",
        show_phone: false,
        show_email: false,
        show_address: false,
        logo: None,
        cover: None,
    };
    store::set_profile(tx, id, &profile, group.created_at).await?;
    add_members(tx, id, group).await?;
    if let Some(own) = &group.decree {
        let new = decree::store::NewDecree {
            number: &own.number,
            issued_at: own.issued_at,
            signer: &own.signer,
            expires_at: own.expires_at,
            scan: None,
            created_by: None,
        };
        decree::store::add(tx, id, &new, own.issued_at).await?;
    }
    tx.emit(event(group, id, "kim.group.created", group.created_at)).await?;
    walk(tx, id, group, &needle).await?;
    let tools = facility::Facility {
        connectivity: group.facility.connectivity.clone(),
        equipment: join(&EQUIPMENT, &group.facility.equipment),
        equipment_other: String::new(),
    };
    facility::store::set(tx, id, &tools, group.created_at).await?;
    if let Some(at) = group.asked_at {
        reconfirm::store::ask(tx, id, at).await?;
        tx.emit(event(group, id, "kim.group.asked", at)).await?;
    }
    Ok(id)
}

async fn add_members(tx: &mut Tx, id: i64, group: &Group) -> Result<()> {
    for own in &group.members {
        let office = Office::parse(own.office).unwrap_or(Office::Member);
        let new = member::store::NewMember {
            account_id: own.account_id,
            name: &own.name,
            office,
            division: "",
            joined_at: group.created_at,
            show: own.show,
        };
        let member = member::store::add(tx, id, &new).await?;
        let held = Held { group: id, region: &group.region, member, office, division: "", from: group.created_at };
        term::follow(tx, &held).await?;
        let skills =
            Skills { skills: join(&SKILLS, &own.skills), languages: join(&LANGUAGES, &own.languages), ..Skills::default() };
        member::store::set_skills(tx, member, &skills).await?;
        if let Some(account) = own.account_id {
            for role in member::roles_of(office, own.edits) {
                let scope = Scope::Group(id);
                people::grant::give(tx, account, role, &scope, group.verified_by, group.created_at, None).await?;
            }
        }
    }
    Ok(())
}

async fn walk(tx: &mut Tx, id: i64, group: &Group, needle: &str) -> Result<()> {
    let mut from = Status::Draft;
    let mut at = group.created_at;
    for (to, kind) in steps(group.status) {
        at += 2 * base::clock::DAY;
        store::set_status(tx, id, from, *to, at).await?;
        if *to == Status::Submitted {
            let days = regions::policy::int(tx, &group.region, Policy::ClockVerifyDays).await?;
            store::set_due(tx, id, at + days * base::clock::DAY).await?;
        }
        if let (Status::Verified, Some(number)) = (*to, &group.number) {
            store::set_verified(tx, id, number, needle, group.verified_by, at).await?;
        }
        if matches!(*to, Status::Verified | Status::Active) {
            // The last yearly answer, so that a group with a long history is not asked at once.
            reconfirm::store::confirm(tx, id, group.confirmed_at.unwrap_or(at)).await?;
        }
        // The group hands itself in; the overseer takes the later steps.
        let actor_id = group.verified_by.filter(|_| *to != Status::Submitted);
        tx.emit(Event { actor_id, ..event(group, id, kind, at) }).await?;
        from = *to;
    }
    Ok(())
}

fn event(group: &Group, id: i64, kind: &str, at: i64) -> Event {
    Event {
        region: Some(group.region.clone()),
        group_id: Some(id),
        link: format!("/kim/{}", group.slug),
        title: group.name.clone(),
        ..Event::new(at, kind, ("kim", id))
    }
}
