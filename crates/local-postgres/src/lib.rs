//! A local PostgreSQL server for machines without Docker.
//!
//! A [`LocalServer`] belongs to one folder (`.postgres/` in a checkout) and has one [`Purpose`]. [`LocalServer::start`] finds the
//! PostgreSQL programs on the machine, creates a cluster, and starts a server on a Unix socket that no other user can
//! reach. The next call finds the server running:
//!
//! ```no_run
//! use local_postgres::{Purpose, LocalServer, Settings};
//!
//! let server = LocalServer::new(".postgres", Purpose::Development, Settings::from_env());
//! let running = server.start(&mut |line: &str| eprintln!("{line}"))?;
//! println!("{}", running.url("seedbed_development"));
//! # Ok::<(), local_postgres::Error>(())
//! ```
//!
//! # Files
//!
//! ```text
//! .postgres/dev/          the folder in the checkout
//!     lock                held by the command that starts or stops the server
//!     location            the path of the data directory, if that is another folder
//! <data directory>/       .postgres/dev; for root, a folder in /var/lib/seedbed; for a server for tests, a folder
//!                         in /dev/shm/seedbed-<uid> if there is enough memory
//!     owner, user         the folder in the checkout, and the user that the server runs as; not in .postgres/dev
//!     data/               the cluster
//!     socket/             the Unix socket, mode 0700
//!     socket-location     the path of the socket's folder, if its path in the data directory would be too long
//!     server.conf, pg_hba.conf, pg_ident.conf      written at each start
//!     log, log.1          the messages of the server
//! ```
//!
//! # Authentication
//!
//! The server opens no network port. Only the server's user and root can enter the folder of the socket. For the role
//! `postgres`, the server asks the kernel which user is connecting (`peer` authentication) and accepts only those two.
//! All other roles log in with a password.
//!
//! PostgreSQL refuses to run as root, so the server of root runs as `postgres` or `nobody`. Such a user may be unable
//! to enter the checkout. Its cluster and socket are therefore in `/var/lib/seedbed`, where only root can create
//! anything.
//!
//! # Limits
//!
//! The crate prints nothing: it reports to a [`Progress`] callback. It installs nothing: [`Error::hint`] names the
//! packages. It creates no database. It stops only a server whose process provably runs on the cluster. Every wait has
//! a time limit.
#![deny(missing_docs)]

mod account;
mod binaries;
mod cleanup;
mod cluster;
mod config;
mod error;
mod existing_server;
mod files;
mod launch;
mod layout;
mod lock;
mod postmaster;
mod program;
mod progress;
mod server;
mod settings;
mod shm;
mod shutdown;
mod socket;
mod status;
#[cfg(test)]
mod test_support;
mod wait;

pub use binaries::{Binaries, PostgresVersion, SUPPORTED_VERSIONS};
pub use error::Error;
pub use progress::Progress;
pub use server::LocalServer;
pub use settings::{Purpose, Settings};
pub use status::{RunningServer, ServerStatus, StartOutcome, StopOutcome};
