//! What can go wrong below a slice.

/// Errors of the platform. `Taken` and `Missing` are expected outcomes that a caller may handle.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No row where one was asked for.
    #[error("not found")]
    Missing,
    /// A unique rule of the database refused the row; the text names the constraint or columns.
    #[error("already taken: {0}")]
    Taken(String),
    /// The database refused or could not be reached.
    #[error("database: {0}")]
    Database(sqlx::Error),
    /// Anything else: files, the network, a setting.
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// The result of a call into the platform.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Error::Missing,
            sqlx::Error::Database(db) if db.is_unique_violation() => {
                Error::Taken(db.constraint().unwrap_or(db.message()).to_owned())
            }
            _ => Error::Database(error),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Error::Other(error.into())
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Error::Other(error.into())
    }
}
