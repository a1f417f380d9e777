//! What anyone may see of KIM: the directory, a group's page and history, and the same as JSON.
pub mod api;
pub mod directory;
pub mod panels;
pub mod search;
pub mod show;
pub mod store;
#[cfg(test)]
mod tests;
