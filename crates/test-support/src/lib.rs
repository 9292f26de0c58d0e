//! The helpers that the tests of several crates share: a deadline, required programs, an empty environment,
//! servers, and URLs.
//!
//! A test waits for an event, such as a line that a process prints, a row of `pg_stat_activity`, or a file. It never
//! waits for time to pass. The only time limit is [`test_timeout`], which no passing test comes near.
#![deny(missing_docs)]

mod bouncer;
mod cluster;
mod deadline;
mod environment;
mod program;
mod server;
mod server_program;
mod snapshot;
mod temp_dir;
mod url;

pub use bouncer::Bouncer;
pub use cluster::TestCluster;
pub use deadline::{Deadline, eventually, test_timeout};
pub use environment::clear_environment;
pub use program::require_program;
pub use server::TestServer;
pub use server_program::{free_port, give_to_server_user, server_command, server_dir};
pub use snapshot::Snapshot;
pub use temp_dir::fast_temp_dir;
pub use url::url_with;
