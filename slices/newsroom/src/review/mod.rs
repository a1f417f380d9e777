//! Reading a story before readers do: remarks, requests, the way to publication and back, its history.
pub mod diff;
#[cfg(test)]
mod due_tests;
pub mod history;
pub mod pages;
pub mod store;
mod tasks;
#[cfg(test)]
mod tests;

pub use store::{Comment, comments};
pub use tasks::tasks;

/// Most characters of a remark or a reason.
pub const REMARK_MOST: usize = 2000;
