//! Time and chance, injected: tests hold the clock and seed the randomness.
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// One second in the unit of every stored time: microseconds.
pub const SECOND: i64 = 1_000_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// Tells the time as epoch microseconds.
#[derive(Clone, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Clock {
        Clock(None)
    }

    /// A clock that stands still until it is moved.
    pub fn held(at: i64) -> Clock {
        Clock(Some(Arc::new(AtomicI64::new(at))))
    }

    #[allow(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn now(&self) -> i64 {
        match &self.0 {
            Some(held) => held.load(Ordering::SeqCst),
            None => jiff::Timestamp::now().as_microsecond(),
        }
    }

    /// Moves a held clock; the machine's clock ignores it.
    pub fn advance(&self, micros: i64) {
        if let Some(held) = &self.0 {
            held.fetch_add(micros, Ordering::SeqCst);
        }
    }
}

/// Source of unguessable names. Cheap to clone.
#[derive(Clone)]
pub struct Ids(Arc<Mutex<StdRng>>);

impl Ids {
    /// Seeded by the operating system.
    #[allow(clippy::disallowed_methods, reason = "the one place that asks the system for randomness")]
    pub fn system() -> Ids {
        Ids(Arc::new(Mutex::new(rand::make_rng())))
    }

    /// The same names every time, for tests.
    pub fn seeded(seed: u64) -> Ids {
        Ids(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// `n` random bytes from a cryptographically secure generator.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut rng = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        rng.random()
    }

    /// A secret of 160 bits as 32 lower-case letters and digits.
    pub fn token(&self) -> String {
        letters(&self.bytes::<20>(), 32)
    }

    /// A short name of 60 bits (12 letters and digits) for things that are found, not guarded.
    pub fn short(&self) -> String {
        letters(&self.bytes::<8>(), 12)
    }
}

fn letters(bytes: &[u8], count: usize) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let bit = |i: usize| (bytes[i / 8] >> (i % 8)) & 1;
    (0..count)
        .map(|n| {
            let index = (0..5).fold(0, |sum, b| (sum << 1) | bit(n * 5 + b));
            char::from(ALPHABET[usize::from(index)])
        })
        .collect()
}
