//! Taking data out: the register and a roster as tables, a whole KIM as an archive.
pub mod archive;
pub mod rows;
pub mod store;
pub mod table;
#[cfg(test)]
mod tests;
