//! Makes one KIM of two: people, decrees, rights and old addresses go over, what the one that stays
//! lacks is filled, and the one that goes stays as a way to it. Stories follow by the event.
use base::authz::Scope;
use base::{Event, Tx};
use people::roles::{MEMBER, OFFICER};
use serde_json::json;
use web::{Ctx, Error, Result};

use super::store::{self, Details};
use crate::register::{Kim, Status, rules, step};
use crate::{decree, reconfirm};

/// What the one that stays has afterwards, and what the other keeps.
pub fn join(stays: Details, goes: Details) -> (Details, Details) {
    let text = |own: String, other: &str| if own.is_empty() { other.to_owned() } else { own };
    let whole = Details {
        number: stays.number.clone().or_else(|| goes.number.clone()),
        about: text(stays.about, &goes.about),
        themes: if stays.themes.trim_matches(',').is_empty() { goes.themes.clone() } else { stays.themes },
        founded_at: stays.founded_at.or(goes.founded_at),
        logo: stays.logo.clone().or_else(|| goes.logo.clone()),
        cover: stays.cover.clone().or_else(|| goes.cover.clone()),
        contact_phone: text(stays.contact_phone, &goes.contact_phone),
        contact_email: text(stays.contact_email, &goes.contact_email),
        contact_address: text(stays.contact_address, &goes.contact_address),
        // One with people of its own is claimed by them.
        listing: match (stays.listing.as_str(), goes.listing.as_str()) {
            ("unclaimed", "unclaimed") => "unclaimed".into(),
            ("unclaimed", _) => "claimed".into(),
            _ => stays.listing,
        },
        connectivity: text(stays.connectivity, &goes.connectivity),
        equipment: if stays.equipment.trim_matches(',').is_empty() { goes.equipment.clone() } else { stays.equipment },
        equipment_other: text(stays.equipment_other, &goes.equipment_other),
    };
    // A number or picture belongs to one row only.
    let rest = Details {
        number: if stays.number.is_none() { None } else { goes.number.clone() },
        logo: if stays.logo.is_none() { None } else { goes.logo.clone() },
        cover: if stays.cover.is_none() { None } else { goes.cover.clone() },
        ..goes
    };
    (whole, rest)
}

/// Merges in the transaction.
pub async fn run(ctx: &Ctx, tx: &mut Tx, stays: &Kim, goes: &Kim, place: &str, reason: &str) -> Result<()> {
    let now = ctx.now();
    let (from, into) = (Scope::Group(goes.id), Scope::Group(stays.id));
    // Whoever merges them the other way round at the same moment waits, and then finds one gone.
    for id in [stays.id.min(goes.id), stays.id.max(goes.id)] {
        if !store::hold(tx, id).await? {
            return Err(Error::Conflict("kim-conflict-step"));
        }
    }
    let (whole, rest) = join(store::details(tx, stays.id).await?, store::details(tx, goes.id).await?);
    if !store::end(tx, goes.id, stays.id, &rest, now).await? {
        return Err(Error::Conflict("kim-conflict-step"));
    }
    let needle = rules::needle(&stays.name, place, whole.number.as_deref());
    store::fill(tx, stays.id, &whole, &needle, now).await?;
    reconfirm::store::close(tx, goes.id, now).await?;
    let here = people::grant::holders(tx, OFFICER, &into, now).await?;
    let there = people::grant::holders(tx, OFFICER, &from, now).await?;
    store::move_members(tx, goes.id, stays.id, now).await?;
    decree::store::move_all(tx, goes.id, stays.id).await?;
    store::move_things(tx, goes.id, stays.id).await?;
    // Officers of a KIM that nobody verified become members where others keep the KIM already.
    let kept = !people::grant::owners(tx, OFFICER, &into, now).await?.is_empty();
    let unseen = matches!(goes.status, Status::Draft | Status::Submitted | Status::Rejected);
    let most = (unseen && kept).then_some(MEMBER);
    people::handover::move_group(tx, goes.id, stays.id, most, ctx.account_id(), now).await?;
    let kept_at = format!("/meja/kim/{}/undangan", stays.slug);
    people::invite::move_group(tx, goes.id, stays.id, &stays.region, &stays.name, &kept_at).await?;
    let with_reason = |mut data: serde_json::Value| {
        if !reason.is_empty() {
            data["reason"] = reason.into();
        }
        data.to_string()
    };
    let data = json!({
        "into": stays.id, "notify": there, "notice": "kim-duplicate-notice-merged", "notice_link": stays.path()
    });
    tx.emit(Event { data: with_reason(data), link: stays.path(), ..step::event(ctx, goes, "kim.group.merged") }).await?;
    let data = json!({ "from": goes.id, "notify": here, "notice": "kim-duplicate-notice-absorbed" });
    tx.emit(Event { data: with_reason(data), ..step::event(ctx, stays, "kim.group.absorbed") }).await?;
    Ok(())
}
