//! The engine and all below it as one shared library, for development.
//!
//! Linking a migrator is most of what follows an edit of a script: 0.4 s for 200 crates, that never
//! change meanwhile. Linked here once, they cost 0.1 s. A crate that names this one
//! (`use seedbed_dylib as _;`) gets `seedbed-cli` and everything below it from the shared library,
//! under the names that they have. Only `make` asks for it, by the feature `dynamic` of `rds`: what is
//! deployed is one static program.
#![deny(missing_docs)]

use seedbed_cli as _;
