//! Parsers for database URLs and `.env` files, shared by all programs of Seedbed.
//!
//! The crate opens no connection and links no driver, so that programs without a driver can use it too.
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

mod database_url;
mod env_file;
mod libpq_variables;
mod parameters;
mod percent;
mod url_error;

pub use database_url::DatabaseUrl;
pub use env_file::{EnvFile, EnvFileError, EnvSyntaxError};
pub use libpq_variables::REDIRECTING_VARIABLES;
pub use parameters::TargetSession;
pub use url_error::UrlError;
