//! This slice's lines of the register of processing.
use base::clock::DAY;
use web::privacy::{Basis, Kept, Processing};

use super::retention;
use crate::session;

const WITH_ACCOUNT: Kept = Kept { key: "people-kept-account", n: 0 };

const fn days(key: &'static str, span: i64) -> Kept {
    Kept { key, n: span / DAY }
}

pub(crate) const LINES: &[Processing] = &[
    Processing {
        tables: &["people_account", "people_confirm"],
        what: "people-holds-account",
        data: "people-holds-account-data",
        why: "people-holds-account-why",
        basis: Basis::Agreement,
        seen: "people-holds-account-seen",
        kept: WITH_ACCOUNT,
    },
    Processing {
        tables: &["people_grant"],
        what: "people-holds-grant",
        data: "people-holds-grant-data",
        why: "people-holds-grant-why",
        basis: Basis::PublicTask,
        seen: "people-holds-grant-seen",
        kept: Kept { key: "people-kept-grant", n: 0 },
    },
    Processing {
        tables: &["people_session"],
        what: "people-holds-session",
        data: "people-holds-session-data",
        why: "people-holds-session-why",
        basis: Basis::Agreement,
        seen: "people-holds-session-seen",
        kept: days("people-kept-session", session::LONGEST),
    },
    Processing {
        tables: &["people_token"],
        what: "people-holds-token",
        data: "people-holds-token-data",
        why: "people-holds-token-why",
        basis: Basis::Agreement,
        seen: "people-holds-token-seen",
        kept: days("people-kept-token", retention::TOKEN),
    },
    Processing {
        tables: &["people_notice"],
        what: "people-holds-notice",
        data: "people-holds-notice-data",
        why: "people-holds-notice-why",
        basis: Basis::Agreement,
        seen: "people-holds-notice-seen",
        kept: days("people-kept-notice", retention::NOTICE_READ),
    },
    Processing {
        tables: &["people_consent"],
        what: "people-holds-consent",
        data: "people-holds-consent-data",
        why: "people-holds-consent-why",
        basis: Basis::Duty,
        seen: "people-holds-consent-seen",
        kept: WITH_ACCOUNT,
    },
    Processing {
        tables: &["people_request"],
        what: "people-holds-request",
        data: "people-holds-request-data",
        why: "people-holds-request-why",
        basis: Basis::Duty,
        seen: "people-holds-request-seen",
        kept: days("people-kept-request", retention::REQUEST),
    },
    Processing {
        tables: &["people_factor", "people_recovery", "people_step", "people_device", "people_identity", "people_reset"],
        what: "people-holds-factor",
        data: "people-holds-factor-data",
        why: "people-holds-factor-why",
        basis: Basis::Agreement,
        seen: "people-holds-factor-seen",
        kept: WITH_ACCOUNT,
    },
    Processing {
        tables: &["people_invite", "people_join"],
        what: "people-holds-invite",
        data: "people-holds-invite-data",
        why: "people-holds-invite-why",
        basis: Basis::PublicTask,
        seen: "people-holds-invite-seen",
        kept: Kept { key: "people-kept-grant", n: 0 },
    },
    Processing {
        tables: &["people_delegation", "people_handover", "people_handed"],
        what: "people-holds-handed",
        data: "people-holds-handed-data",
        why: "people-holds-handed-why",
        basis: Basis::PublicTask,
        seen: "people-holds-handed-seen",
        kept: Kept { key: "people-kept-grant", n: 0 },
    },
];
