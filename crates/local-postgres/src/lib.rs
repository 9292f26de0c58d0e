//! A private PostgreSQL server for machines without Docker.
//!
//! A [`Server`] belongs to one folder (`.postgres/` of a checkout) and one [`Purpose`]. [`Server::start`]
//! finds the PostgreSQL programs on the machine, makes a cluster, starts it on a Unix socket that
//! nobody else may use, and finds it running the next time:
//!
//! ```no_run
//! use local_postgres::{Purpose, Server, Settings};
//!
//! let server = Server::new(".postgres", Purpose::Development, Settings::from_env());
//! let running = server.start(&mut |line: &str| eprintln!("{line}"))?;
//! println!("{}", running.url("seedbed_development"));
//! # Ok::<(), local_postgres::Error>(())
//! ```
//!
//! # Where things are
//!
//! ```text
//! .postgres/dev/             home: what the checkout holds
//!     lock                   one command at a time starts or stops the server
//!     location               not always: the folder that is the area instead of this one
//! <area>/                    home, or a folder of that name below /var/lib/seedbed; that of a server for
//!                            tests below /dev/shm/seedbed-<user>, where there is room in memory
//!     owner                  only there: which home it belongs to, and as whom the server runs
//!     data/                  the cluster
//!     socket/                the Unix socket, mode 0700
//!     socket-location        only where that path would be too long: the folder that holds the socket
//!     server.conf, pg_hba.conf, pg_ident.conf      written at each start
//!     log                    what the server says
//! ```
//!
//! # Who gets in
//!
//! There is no network port. The folder of the socket admits the user of the server and root, and the
//! server asks the kernel who is calling (`peer`): those two become the role `postgres`, everybody
//! else needs a role with a password. PostgreSQL refuses to run as root, so for root it runs as
//! `postgres` or `nobody`, who may not be able to enter the checkout; cluster and socket then live in
//! `/var/lib/seedbed`, where only root can create anything.
//!
//! # What it does not do
//!
//! It prints nothing: it tells a [`Notice`]. It installs nothing: the error names the packages. It creates no database, listens on no port, and stops
//! only servers that it can prove to run on its own data folder. It never waits without a limit.
#![deny(missing_docs)]

mod account;
mod area;
mod binaries;
mod cluster;
mod config;
mod error;
mod files;
mod launch;
mod lock;
mod memory;
mod postmaster;
mod program;
mod server;
mod settings;
mod socket;
#[cfg(test)]
mod test_support;
mod wait;

pub use binaries::{Binaries, SUPPORTED_VERSIONS, Version};
pub use error::Error;
pub use server::{Running, Server, Started, Status, Stopped};
pub use settings::{Purpose, Settings};

/// Receives what a person at the terminal wants to know: one line, without its end.
pub type Notice<'a> = dyn FnMut(&str) + 'a;
