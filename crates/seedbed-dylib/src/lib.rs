//! The engine, the commands of the migrator, and all that they use as one shared library, for development builds.
//!
//! Linking a migrator takes most of the time after an edit of a script: 0.4 s for 200 crates that do not change. As a shared
//! library they are linked once, and a migrator in 0.1 s. The feature `dynamic_linking` of `seedbed` selects it; a binary that
//! is deployed is linked statically.
#![deny(missing_docs)]

use seedbed_migrator as _;
