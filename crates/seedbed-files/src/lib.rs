//! The disk side of Seedbed: names, timestamps, scan, checksum, create, templates, registry.
//!
//! A script is one file, and its name says when it was written and what it does:
//! `m20250303_045013_create_users.rs`. Nothing lists the files. [`build()`], the whole of a `build.rs`,
//! [scans](scan()) the folders and writes the source that names them all; [`create()`] adds a file that
//! sorts after the others, and [`create_all()`] several or none.
//!
//! This crate runs inside build scripts, unoptimised and at every edit. So it links neither sea-orm
//! nor anything async, and it reads 1,000 files in about a tenth of a second. It never looks at a
//! database, and it never judges what only a run can know: whether a timestamp is in the future, or
//! used twice.

#![deny(missing_docs)]

mod acronyms;
mod checksum;
mod create;
mod create_error;
mod declarations;
mod environment;
mod environments;
mod kind;
mod lexer;
mod name;
mod name_error;
mod registry;
mod scan;
mod scan_error;
#[cfg(feature = "serde")]
mod serde_impls;
mod template;
mod version;

pub use checksum::{Checksum, NotAChecksum};
pub use create::{create, create_all};
pub use create_error::CreateError;
pub use declarations::{Declarations, Format};
pub use environment::Environment;
pub use environments::{Environments, NoEnvironment};
pub use kind::Kind;
pub use name::{Name, Slug};
pub use name_error::NameError;
pub use registry::{build, emit_registry};
pub use scan::{SourceFile, scan, scan_seeds};
pub use scan_error::ScanError;
pub use template::Template;
pub use version::Version;
