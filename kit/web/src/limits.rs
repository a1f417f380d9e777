//! Throttles that recover: so many acts per key in a window, then a pause until the window ends.
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// A limit by name.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    pub name: &'static str,
    pub acts: u32,
    /// Length of the window in microseconds.
    pub window: i64,
}

/// Counts of this process.
#[derive(Clone, Default)]
pub struct Limits(Arc<Mutex<HashMap<(&'static str, String), Count>>>);

struct Count {
    ends: i64,
    acts: u32,
}

/// Above this many counters, those whose window has ended are dropped.
const MANY: usize = 50_000;

impl Limits {
    /// Counts one act. `Err` holds the seconds until the next one is taken.
    pub fn count(&self, limit: Limit, key: &str, now: i64) -> Result<(), u64> {
        let mut counts = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if counts.len() > MANY {
            counts.retain(|_, count| now < count.ends);
        }
        let fresh = || Count { ends: now + limit.window, acts: 0 };
        let entry = counts.entry((limit.name, key.to_owned())).or_insert_with(fresh);
        if now >= entry.ends {
            *entry = fresh();
        }
        if entry.acts >= limit.acts {
            let left = (entry.ends - now) / base::clock::SECOND;
            return Err(u64::try_from(left).unwrap_or(0) + 1);
        }
        entry.acts += 1;
        Ok(())
    }

    /// Forgets the counts of a key, after a success.
    pub fn forgive(&self, limit: Limit, key: &str) {
        let mut counts = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        counts.remove(&(limit.name, key.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_refuses_then_recovers() {
        let limit = Limit { name: "x", acts: 2, window: 10_000_000 };
        let limits = Limits::default();
        assert_eq!(limits.count(limit, "a", 0), Ok(()));
        assert_eq!(limits.count(limit, "a", 1), Ok(()));
        assert_eq!(limits.count(limit, "a", 2), Err(10));
        assert_eq!(limits.count(limit, "b", 2), Ok(()));
        assert_eq!(limits.count(limit, "a", 10_000_000), Ok(()));
    }
}
