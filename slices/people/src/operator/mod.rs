//! The operator's page: accounts, grants, dead letters.
pub mod pages;
#[cfg(test)]
mod tests;
