//! The engine, the commands of the migrator, and all that they use as one shared library, for development builds. After
//! an edit of a script, linking the migrator with 200 crates that have not changed takes 0.4 s, which is most of the
//! time. If these crates are a shared library, they are linked once, and linking the migrator takes 0.1 s. The feature
//! `dynamic_linking` of `seedbed` selects the shared library; a deployed binary is linked statically.
#![deny(missing_docs)]

use seedbed_migrator as _;
