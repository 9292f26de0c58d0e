//! The script files of Seedbed: their names, timestamps, checksums and templates, and the registry that lists them.
//!
//! A script is one file, and its name says when it was written and what it does: `m20250303_045013_create_users.rs`. No
//! source lists the files by hand. [`discover()`], which is all of a `build.rs`, [scans](scan()) the folders and
//! generates the source that lists them. [`create()`] adds a file that sorts after the others, and [`create_all()`]
//! adds several files or none.
//!
//! This crate runs inside build scripts, unoptimized and at every edit, so it links neither sea-orm nor anything async.
//! It never accesses a database, and it does not check the facts that only a run can know, such as whether a timestamp
//! is in the future or used twice.

#![deny(missing_docs)]

mod acronyms;
mod checksum;
mod create;
mod create_error;
mod declarations;
mod environment;
mod environments;
mod lexer;
mod name;
mod name_error;
mod registry;
mod scan;
mod scan_error;
mod script_kind;
mod script_template;
mod script_version;
#[cfg(feature = "serde")]
mod serde_impls;

pub use checksum::{Checksum, ChecksumParseError};
pub use create::{create, create_all};
pub use create_error::CreateError;
pub use declarations::{Declarations, Format};
pub use environment::Environment;
pub use environments::{Environments, UnknownEnvironment};
pub use lexer::{contains_identifier, string_arguments};
pub use name::{Name, Slug};
pub use name_error::NameError;
pub use registry::{discover, emit_registry};
pub use scan::{SourceFile, scan, scan_seeds};
pub use scan_error::ScanError;
pub use script_kind::ScriptKind;
pub use script_template::ScriptTemplate;
pub use script_version::ScriptVersion;
