//! What the tests of several crates share: one deadline, the programs they need, an empty environment, and a place for
//! servers.
//!
//! A test waits for an event: a line of a process, a row of `pg_stat_activity`, a file. It never waits for time
//! to pass, and the only clock is [`patience`], which no test that passes comes near.
#![deny(missing_docs)]

mod account;
mod environment;
mod memory;
mod patience;
mod tool;

pub use account::{as_server_user, give_to_server_user};
pub use environment::clear_environment;
pub use memory::memory_or_disk;
pub use patience::{Deadline, eventually, patience};
pub use tool::tool;
