//! What the platform writes into the audit by itself: each change made by a right over others, each
//! refusal; and looks at protected data when a handler says so.
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::http::Method;
use base::Tx;
use base::audit::{Class, Entry};
use base::authz::{Grant, Scope};
use base::clock::{HOUR, MINUTE};

use crate::dress::discreet;
use crate::limits::Limit;
use crate::{Ctx, Result};

/// A change that no event tells of.
const CHANGED: &str = "web.form.sent";
/// A refusal at a door.
const REFUSED: &str = "web.door.shut";

/// The platform's own acts.
pub(crate) const ACTS: &[(&str, &str)] = &[(CHANGED, "audit-form-sent"), (REFUSED, "audit-door-shut")];

/// By which right a request acts. Shared by the copies of its context.
#[derive(Debug, Default)]
pub(crate) struct Trace(Mutex<Traced>);

#[derive(Clone, Debug, Default)]
struct Traced {
    grant: Option<Grant>,
    /// Region and group for which a right was lacking.
    lacked: Option<(String, Option<i64>)>,
}

impl Trace {
    /// Notes a right that opened a door. Rights over one's own work only are not noted.
    pub(crate) fn used(&self, grant: &Grant) {
        if grant.privileged {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).grant = Some(grant.clone());
        }
    }

    pub(crate) fn lacked(&self, region: &str, group: Option<i64>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).lacked = Some((region.to_owned(), group));
    }

    fn read(&self) -> Traced {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Refusals that are written: so many of one person or caller, and so many in all. The rest is only
/// counted, so that nobody fills the disk by knocking.
const PER_CALLER: Limit = Limit { name: "audit-denial", acts: 20, window: 10 * MINUTE };
const IN_ALL: Limit = Limit { name: "audit-denials", acts: 2_000, window: HOUR };
/// A page that is opened again and again is one look.
const LOOKS: Limit = Limit { name: "audit-look", acts: 1, window: 10 * MINUTE };

/// How many refusals of each caller were not written since the last one that was.
#[derive(Debug, Default)]
pub(crate) struct Denials(Mutex<HashMap<String, u64>>);

impl Denials {
    fn skip(&self, caller: &str) {
        let mut skipped = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if skipped.len() < 10_000 || skipped.contains_key(caller) {
            *skipped.entry(caller.to_owned()).or_default() += 1;
        }
    }

    fn take(&self, caller: &str) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(caller).unwrap_or(0)
    }
}

impl Ctx {
    /// An entry of this request: its person, right and name.
    fn entry(&self, class: Class, act: &str, subject: (&str, i64)) -> Entry {
        let grant = self.trace.read().grant;
        Entry {
            actor_id: self.account_id(),
            grant_id: grant.as_ref().map(|grant| grant.id),
            role: grant.map(|grant| grant.role),
            request: self.request_id.clone(),
            ..Entry::new(self.now(), class, act, subject)
        }
    }

    /// Writes what a transaction changes by a right over others: its events, or the address of the
    /// form when nothing else tells.
    pub(crate) async fn account_for(&self, tx: &mut Tx) -> Result<()> {
        let Some(grant) = self.trace.read().grant else { return Ok(()) };
        let entries: Vec<Entry> = tx
            .emitted()
            .iter()
            .map(|event| Entry {
                region: event.region.clone(),
                group_id: event.group_id,
                about_id: (event.subject_kind == "account").then_some(event.subject_id),
                ..self.entry(Class::Act, &event.kind, (&event.subject_kind, event.subject_id))
            })
            .collect();
        // In a group, a change without an event is a draft that saves itself.
        if entries.is_empty() && !matches!(grant.scope, Scope::Group(_)) {
            let detail = format!("{} {}", self.route, discreet(&self.path));
            tx.audit(Entry { detail, ..self.entry(Class::Act, CHANGED, ("route", 0)) }).await?;
        }
        for entry in entries {
            tx.audit(entry).await?;
        }
        Ok(())
    }

    /// Notes that this person looks at protected data: `about` is the person whose it is, if it is one
    /// person's. To be called before the data is shown: when the note cannot be kept, nothing is shown.
    pub async fn looks_at(&self, act: &str, place: (&str, Option<i64>), subject: (&str, i64), about: Option<i64>) -> Result<()> {
        if about.is_some() && about == self.account_id() {
            return Ok(());
        }
        let key = format!("{:?} {act} {} {}", self.account_id(), subject.0, subject.1);
        if self.limits().count(LOOKS, &key, self.now()).is_err() {
            return Ok(());
        }
        let entry = Entry {
            region: (!place.0.is_empty()).then(|| place.0.to_owned()),
            group_id: place.1,
            about_id: about,
            ..self.entry(Class::View, act, subject)
        };
        if let Err(error) = self.write(entry).await {
            self.limits().forgive(LOOKS, &key);
            return Err(error.into());
        }
        Ok(())
    }

    /// Writes an entry that stands alone.
    async fn write(&self, entry: Entry) -> base::Result<()> {
        let mut tx = self.kit.db.write().await?;
        tx.audit(entry).await?;
        tx.commit().await?;
        self.kit.bell.ring();
        Ok(())
    }

    /// Writes that somebody was refused, unless too many were.
    pub(crate) async fn refused(&self, method: &Method) {
        metrics::counter!("simpul_denied_total").increment(1);
        let caller = self.account_id().map_or_else(|| self.client.clone(), |id| id.to_string());
        let within = |limit: Limit, key: &str| self.limits().count(limit, key, self.now()).is_ok();
        if !within(PER_CALLER, &caller) || !within(IN_ALL, "") {
            self.shared.denials.skip(&caller);
            return;
        }
        let lacked = self.trace.read().lacked;
        let skipped = match self.shared.denials.take(&caller) {
            0 => String::new(),
            n => format!(" (+{n})"),
        };
        // The path alone names no person; the query may hold what somebody typed.
        let path: String = discreet(&self.path).chars().take(120).collect();
        let route = if self.route.is_empty() { method.to_string() } else { self.route.to_owned() };
        let entry = Entry {
            // A refusal is by definition by no right.
            grant_id: None,
            role: None,
            region: lacked.as_ref().map(|(region, _)| region.clone()).filter(|region| !region.is_empty()),
            group_id: lacked.and_then(|(_, group)| group),
            detail: format!("{route} {path}{skipped}"),
            ..self.entry(Class::Denial, REFUSED, ("route", 0))
        };
        if let Err(error) = self.write(entry).await {
            tracing::error!(%error, "a refusal was not audited");
        }
    }

    /// Words of an act of the audit; the act itself when no slice names it.
    pub fn say_act(&self, act: &str) -> String {
        self.shared.acts.get(act).map_or_else(|| act.to_owned(), |key| self.say(key))
    }
}
