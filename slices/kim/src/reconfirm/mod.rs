//! Masih aktif?: once a year each KIM at work is asked; one tap answers. Who stays silent is shown to the overseers.
pub mod ask;
pub mod pages;
pub mod store;
#[cfg(test)]
mod tests;

use base::clock::DAY;

/// After so long without a sign a group is asked.
pub const YEAR: i64 = 365 * DAY;
/// After so long without an answer its overseers are told.
pub const SILENCE: i64 = 30 * DAY;

/// A question that waits for an answer.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Question {
    pub asked_at: i64,
    pub told_at: Option<i64>,
}

impl Question {
    /// Whether it has waited so long that the group counts as silent.
    pub fn is_silent(&self, now: i64) -> bool {
        self.asked_at + SILENCE <= now
    }
}
