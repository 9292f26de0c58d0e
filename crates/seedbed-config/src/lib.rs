//! Parsers for database URLs, `.env` files and `seedbed.toml`, the code with which every program connects to a database,
//! and the hints that every program prints.
//!
//! [`DatabaseUrl`] and [`EnvFile`] are pure. [`Url`] has the options of the driver, [`retry_until_ready`] waits for the
//! server, and [`ConnectError`] has the reason why there is no connection, and a hint. A [`Hint`] names commands, which
//! each program spells as its user types them.
//!
//! ```
//! use seedbed_config::{DatabaseUrl, EnvFile};
//!
//! let file = EnvFile::parse("DATABASE_URL=postgres://ada:pa$$word@localhost/shop", |_| None)?;
//! let url = DatabaseUrl::parse(file.get("DATABASE_URL").unwrap_or_default())?;
//! assert_eq!(url.address(), "localhost/shop");
//! assert_eq!(url.password().as_deref(), Some(&b"pa$$word"[..]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![deny(missing_docs)]

mod connect;
mod database_url;
mod env_file;
mod hint;
mod libpq_variables;
mod parameters;
mod percent;
#[cfg(feature = "project-file")]
mod project_file;
mod url_error;

pub use connect::{
    ConnectError, SUPPORTED_VERSIONS, Url, VersionSupport, connect_within, ensure_supported,
    ensure_target_session, reason, retry_until_ready, server_hint, untested_message, version_text,
};
pub use database_url::DatabaseUrl;
pub use env_file::{EnvFile, EnvFileError, EnvSyntaxError};
pub use hint::{CommandSpelling, Hint, SuggestedCommand};
pub use libpq_variables::REDIRECTING_VARIABLES;
pub use parameters::{TargetSession, search_path_parameter};
#[cfg(feature = "project-file")]
pub use project_file::{
    ColumnOptions, EntityFieldType, EntityOptions, EnumOptions, PROJECT_FILE_NAME, ProjectFile,
    ProjectFileError, SerdeDerives, TableOptions, ViewOptions,
};
pub use url_error::UrlError;
