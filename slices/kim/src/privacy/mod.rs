//! What the register holds of people: their lines in the register of processing, their part of the
//! copy, and how a person is forgotten.
pub mod contact;
pub mod retention;
mod store;
#[cfg(test)]
mod tests;

use base::authz::Scope;
use base::{Conn, Event, Later, Result, Tx};
use people::privacy::FORMER;
use people::roles::OFFICER;
use serde_json::json;
use web::dates;
use web::privacy::{Basis, Bond, Kept, Part, Person, Personal, Processing};

use crate::register::{self, Status};

pub const PERSONAL: Personal = Personal {
    export: Some(export),
    erase: Some(erase),
    bonds: Some(bonds),
    home: Some(home),
    holders: Some(|conn, table| Box::pin(store::holders(conn, table))),
    ..Personal::new(LINES, &["kim_published", "kim_activity", "kim_pulse", "kim_slug", "kim_reminder", "kim_page", "kim_arrival"])
};

const LINES: &[Processing] = &[
    Processing {
        tables: &["kim_member", "kim_term", "kim_handover"],
        what: "kim-holds-member",
        data: "kim-holds-member-data",
        why: "kim-holds-member-why",
        basis: Basis::PublicTask,
        seen: "kim-holds-member-seen",
        kept: Kept { key: "kim-kept-member", n: retention::FORMER_YEARS },
    },
    Processing {
        tables: &["kim_group"],
        what: "kim-holds-contact",
        data: "kim-holds-contact-data",
        why: "kim-holds-contact-why",
        basis: Basis::Consent,
        seen: "kim-holds-contact-seen",
        kept: Kept { key: "kim-kept-group", n: 0 },
    },
    Processing {
        tables: &["kim_decree", "private/decree"],
        what: "kim-holds-decree",
        data: "kim-holds-decree-data",
        why: "kim-holds-decree-why",
        basis: Basis::Duty,
        seen: "kim-holds-decree-seen",
        kept: Kept { key: "kim-kept-group", n: 0 },
    },
    Processing {
        tables: &["kim_batch", "kim_reconfirm", "kim_apart"],
        what: "kim-holds-decision",
        data: "kim-holds-decision-data",
        why: "kim-holds-decision-why",
        basis: Basis::PublicTask,
        seen: "kim-holds-decision-seen",
        kept: Kept { key: "kim-kept-group", n: 0 },
    },
    Processing {
        tables: &["kim_claim"],
        what: "kim-holds-claim",
        data: "kim-holds-claim-data",
        why: "kim-holds-claim-why",
        basis: Basis::Agreement,
        seen: "kim-holds-claim-seen",
        kept: Kept { key: "kim-kept-claim", n: 0 },
    },
    Processing {
        tables: &["kim_import", "kim_import_row", "kim_import_made"],
        what: "kim-holds-import",
        data: "kim-holds-import-data",
        why: "kim-holds-import-why",
        basis: Basis::PublicTask,
        seen: "kim-holds-import-seen",
        kept: Kept { key: "kim-kept-import", n: 0 },
    },
];

/// The acts of this slice with the keys of their words.
pub const ACTS: &[(&str, &str)] = &[
    ("kim.group.created", "kim-act-created"),
    ("kim.group.submitted", "kim-act-submitted"),
    ("kim.group.returned", "kim-act-returned"),
    ("kim.group.verified", "kim-act-verified"),
    ("kim.group.activated", "kim-act-activated"),
    ("kim.group.rested", "kim-act-rested"),
    ("kim.group.revived", "kim-act-revived"),
    ("kim.group.dissolved", "kim-act-dissolved"),
    ("kim.group.changed", "kim-act-changed"),
    ("kim.group.renamed", "kim-act-renamed"),
    ("kim.member.joined", "kim-act-joined"),
    ("kim.member.changed", "kim-act-member"),
    ("kim.member.left", "kim-act-left"),
    ("kim.member.erased", "kim-act-erased"),
    ("kim.roster.viewed", "kim-act-roster-viewed"),
    ("kim.claims.viewed", "kim-act-claims-viewed"),
    ("kim.import.viewed", "kim-act-import-viewed"),
    ("kim.invites.viewed", "kim-act-invites-viewed"),
    ("kim.member.viewed", "kim-act-member-viewed"),
    ("kim.member.succeeded", "kim-act-succeeded"),
    ("kim.roster.exported", "kim-act-exported"),
    ("kim.register.exported", "kim-act-register"),
    ("kim.archive.exported", "kim-act-archive"),
    ("kim.group.arrived", "kim-act-arrived"),
    ("kim.group.rejected", "kim-act-rejected"),
    ("kim.group.reopened", "kim-act-reopened"),
    ("kim.group.equipped", "kim-act-equipped"),
    ("kim.group.confirmed", "kim-act-confirmed"),
    ("kim.group.merged", "kim-act-merged"),
    ("kim.group.absorbed", "kim-act-absorbed"),
    ("kim.group.parted", "kim-act-parted"),
    ("kim.group.moved", "kim-act-moved"),
    ("kim.group.removed", "kim-act-removed"),
    ("kim.member.removed", "kim-act-member-removed"),
    ("kim.import.done", "kim-act-imported"),
    ("kim.import.undone", "kim-act-import-undone"),
    ("kim.claim.accepted", "kim-act-claim-accepted"),
    ("kim.claim.refused", "kim-act-claim-refused"),
    ("kim.decree.added", "kim-act-decree"),
    ("kim.decree.viewed", "kim-act-decree-viewed"),
];

fn export<'a>(conn: &'a mut Conn, person: &'a Person) -> Later<'a, Result<Vec<Part>>> {
    Box::pin(async move {
        let time = |at: i64, region: &str| dates::iso(at, region);
        let members = store::memberships(conn, person.id).await?.into_iter().map(|m| {
            json!({ "kim": m.group_name, "nama_di_daftar": m.name, "jabatan": m.office, "bidang": m.division,
                "sejak": time(m.joined_at, &m.region), "sampai": m.left_at.map(|at| time(at, &m.region)), "tampil_di_halaman": m.show,
                "keahlian": m.skills, "keahlian_lain": m.skills_other, "bahasa": m.languages, "bahasa_lain": m.languages_other,
                "tahun_lahir": m.born, "persetujuan_wali_dilihat": m.guardian_at.map(|at| time(at, &m.region)) })
        });
        let members = members.collect();
        let groups = store::contacts(conn, person).await?.into_iter().map(|c| {
            json!({ "kim": c.name, "telepon": c.phone, "email": c.email, "telepon_tampil": c.show_phone, "email_tampil": c.show_email })
        });
        let groups = groups.collect();
        let claims = store::claims(conn, person.id).await?.into_iter().map(|c| {
            json!({ "kim": c.name, "jabatan": c.office, "alasan": c.reason, "keadaan": c.state, "pada": dates::iso(c.at, "62") })
        });
        let claims = claims.collect();
        Ok(vec![
            Part { name: "klaim_kim", title: "kim-copy-claim", rows: claims },
            Part { name: "keanggotaan", title: "kim-copy-member", rows: members },
            Part { name: "kontak_kim", title: "kim-copy-contact", rows: groups },
        ])
    })
}

/// Takes the name off the roster and the person's own contacts off the pages of their KIM.
fn erase<'a>(tx: &'a mut Tx, person: &'a Person, now: i64) -> Later<'a, Result<()>> {
    Box::pin(async move {
        let mut touched: Vec<i64> = store::memberships(tx, person.id).await?.into_iter().map(|m| m.group_id).collect();
        store::forget_member(tx, person.id, FORMER, now).await?;
        store::forget_claims(tx, person.id).await?;
        for contact in store::contacts(tx, person).await? {
            store::clear_contact(tx, contact.id, person).await?;
            touched.push(contact.id);
        }
        touched.sort_unstable();
        touched.dedup();
        for group in touched {
            let Some(kim) = register::by_id(tx, group).await? else { continue };
            // Its pages are made anew; nobody is named.
            let event = Event {
                region: Some(kim.region.clone()),
                group_id: Some(kim.id),
                link: kim.path(),
                title: kim.name.clone(),
                ..Event::new(now, "kim.member.erased", ("kim", kim.id))
            };
            tx.emit(event).await?;
        }
        Ok(())
    })
}

/// Whoever alone keeps a KIM hands it over first.
fn bonds<'a>(conn: &'a mut Conn, person: &'a Person, now: i64) -> Later<'a, Result<Vec<Bond>>> {
    Box::pin(async move {
        let mut found = Vec::new();
        for grant in people::grant::held(conn, person.id, now).await? {
            let (Scope::Group(group), true) = (&grant.scope, grant.role == OFFICER.0) else { continue };
            let Some(kim) = register::by_id(conn, *group).await? else { continue };
            let keepers = people::grant::owners(conn, OFFICER, &grant.scope, now).await?;
            if kim.status != Status::Dissolved && keepers == [person.id] {
                let link = format!("/meja/kim/{}/anggota", kim.slug);
                found.push(Bond { key: "kim-bond-keeper", name: kim.name, link });
            }
        }
        Ok(found)
    })
}

/// The region of the KIM they are in.
fn home<'a>(conn: &'a mut Conn, person: &'a Person, _: i64) -> Later<'a, Result<Option<String>>> {
    Box::pin(async move {
        let all = store::memberships(conn, person.id).await?;
        Ok(all.into_iter().find(|member| member.left_at.is_none()).map(|member| member.region))
    })
}
