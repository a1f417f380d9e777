//! The platform under every slice: data, events, jobs, blobs, search, clock, settings, texts.
//! It knows no word of the domain.
pub mod audit;
pub mod authz;
pub mod blobs;
pub mod clock;
pub mod config;
pub mod conn;
mod error;
pub mod events;
pub mod fetch;
pub mod i18n;
pub mod jobs;
mod kit;
pub mod mail;
pub mod migrate;
pub mod once;
pub mod pictures;
mod query;
pub mod rows;
pub mod schema;
pub mod search;
mod value;

pub use clock::{Clock, Ids};
pub use config::Config;
pub use conn::{Conn, Db, Tx};
pub use error::{Error, Result};
pub use events::Event;
pub use i18n::{Lang, Texts};
pub use kit::{Kit, Parts};
pub use migrate::Migration;
pub use query::Query;
pub use value::Value;

/// A boxed future, for the few places that keep async functions in tables.
pub type Later<'a, T> = std::pin::Pin<Box<dyn std::future::Future<Output = T> + Send + 'a>>;
