//! Reading the audit: who did, saw or was refused what, for the operator and for those who watch over a region.
pub mod pages;
#[cfg(test)]
mod tests;

use base::audit::Class;

/// Key of a class's name.
pub(crate) fn class_key(class: &str) -> &'static str {
    match class {
        "view" => "people-audit-view",
        "denial" => "people-audit-denial",
        _ => "people-audit-act",
    }
}

fn class(name: &str) -> Option<Class> {
    Class::ALL.into_iter().find(|class| class.name() == name)
}

/// The acts of this slice with the keys of their words.
pub const ACTS: &[(&str, &str)] = &[
    ("people.account.added", "people-act-added"),
    ("people.account.locked", "people-act-locked"),
    ("people.account.opened", "people-act-opened"),
    ("people.account.email_confirmed", "people-act-email"),
    ("people.account.email_vouched", "people-act-email-vouched"),
    ("people.account.erased", "people-act-erased"),
    ("people.account.restricted", "people-act-restricted"),
    ("people.account.unrestricted", "people-act-unrestricted"),
    ("people.account.viewed", "people-act-viewed"),
    ("people.accounts.listed", "people-act-listed"),
    ("people.audit.viewed", "people-act-audit"),
    ("people.consent.given", "people-act-consent"),
    ("people.consent.withdrawn", "people-act-withdrawn"),
    ("people.copy.made", "people-act-copy"),
    ("people.factor.lost", "people-act-factors-lost"),
    ("people.grant.given", "people-act-grant"),
    ("people.grant.ended", "people-act-grant-ended"),
    ("people.password.reset", "people-act-reset"),
    ("people.sessions.ended", "people-act-sessions"),
    ("people.token.issued", "people-act-token"),
    ("people.request.viewed", "people-act-request-viewed"),
    ("people.request.made", "people-act-request"),
    ("people.request.done", "people-act-request-done"),
    ("people.request.refused", "people-act-request-refused"),
    ("people.invite.made", "people-act-invite"),
    ("people.invite.revoked", "people-act-invite-revoked"),
    ("people.invite.accepted", "people-act-invite-accepted"),
    ("people.invite.refused", "people-act-invite-refused"),
    ("people.delegation.given", "people-act-deputy"),
    ("people.delegation.ended", "people-act-deputy-ended"),
    ("people.handover.asked", "people-act-handover-asked"),
    ("people.handover.done", "people-act-handover"),
    ("people.handover.refused", "people-act-handover-refused"),
    ("people.handover.cancelled", "people-act-handover-cancelled"),
    ("people.breach.reported", "people-act-breach"),
    ("base.audit.exported", "people-act-audit-exported"),
];

/// What the filter offers: the beginning of an act, and the key of its name.
pub const AREAS: &[(&str, &str)] = &[
    ("people", "people-audit-area-people"),
    ("regions", "people-audit-area-regions"),
    ("kim", "people-audit-area-kim"),
    ("newsroom", "people-audit-area-newsroom"),
    ("web", "people-audit-area-web"),
];
