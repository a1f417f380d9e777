//! Exports: what of the whole may leave the house. An export has the form of a backup; this list
//! says which tables are in it and what is covered.

/// Whether a table leaves with an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaves {
    Always,
    /// Ways to log in: only when they are asked for.
    WithAccounts,
    /// What only this place needs: jobs, their calendar, kept answers, records of backups.
    Never,
}

use Leaves::{Always, Never, WithAccounts};

/// Every table. One that is not here does not leave, and a gate asks for it.
const TABLES: &[(&str, Leaves)] = &[
    ("app_backup", Never),
    ("base_audit", Always),
    ("base_calendar", Never),
    ("base_cursor", Always),
    ("base_event", Always),
    ("base_job", Never),
    ("base_migration", Never),
    ("base_once", Never),
    ("kim_activity", Always),
    ("kim_apart", Always),
    ("kim_arrival", Always),
    ("kim_batch", Always),
    ("kim_claim", Always),
    ("kim_decree", Always),
    ("kim_group", Always),
    ("kim_handover", Always),
    // Rows of a preview live a day; the import itself is history.
    ("kim_import", Always),
    ("kim_import_made", Always),
    ("kim_import_row", Never),
    ("kim_member", Always),
    ("kim_page", Always),
    ("kim_published", Always),
    ("kim_pulse", Always),
    ("kim_reconfirm", Always),
    ("kim_reminder", Always),
    ("kim_slug", Always),
    ("kim_term", Always),
    ("newsroom_article", Always),
    ("newsroom_comment", Always),
    ("newsroom_handover", Always),
    ("newsroom_photo", Always),
    ("newsroom_redirect", Always),
    ("newsroom_revision", Always),
    ("newsroom_slug", Always),
    ("newsroom_tag", Always),
    ("people_account", Always),
    ("people_consent", Always),
    ("people_delegation", Always),
    ("people_confirm", WithAccounts),
    ("people_device", WithAccounts),
    ("people_factor", WithAccounts),
    ("people_grant", Always),
    ("people_handed", Always),
    ("people_handover", Always),
    ("people_identity", WithAccounts),
    ("people_invite", WithAccounts),
    ("people_join", WithAccounts),
    ("people_notice", Always),
    ("people_recovery", WithAccounts),
    ("people_request", Always),
    ("people_reset", Never),
    ("people_session", WithAccounts),
    ("people_step", Never),
    ("people_token", WithAccounts),
    ("regions_change", Always),
    ("regions_name", Always),
    ("regions_outline", Always),
    ("regions_policy", Always),
    ("regions_region", Always),
];

/// Columns that are covered unless accounts are asked for. No password fits a `!`.
const COVERED: &[(&str, &[(&str, &str)])] = &[("people_account", &[("password_hash", "!"), ("password_chars", "0")])];

/// What the list says of a table; none when it is not in it.
pub fn leaves(table: &str) -> Option<Leaves> {
    TABLES.iter().find(|(name, _)| *name == table).map(|(_, leaves)| *leaves)
}

/// Whether a table is part of an export.
pub fn takes(table: &str, accounts: bool) -> bool {
    match leaves(table) {
        Some(Always) => true,
        Some(WithAccounts) => accounts,
        Some(Never) | None => false,
    }
}

/// What covers the columns of a table.
pub fn covers(table: &str, accounts: bool) -> &'static [(&'static str, &'static str)] {
    match COVERED.iter().find(|(name, _)| *name == table) {
        Some((_, columns)) if !accounts => columns,
        _ => &[],
    }
}
