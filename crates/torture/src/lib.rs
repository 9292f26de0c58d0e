//! The library of `make torture`. Disturbs real runs of the migrator, and compares the resulting state with that of
//! undisturbed runs.
//!
//! A [`Case`](plan::Case) clones a database in which some scripts are applied, runs one command, disturbs it, and runs
//! it again until nothing disturbs it. After each run [`check`] compares the contents of the database, its history, its
//! log and the reports of the runners. All random choices of a case follow from the random seed and the number of the
//! case. `docs/reliability.md` says what these tests prove and what they do not prove.
//!
//! ```
//! use torture::plan::Case;
//!
//! let (random_seed, number, migrations, seeds) = (7, 3, 16, 3);
//! let case = Case::draw(random_seed, number, migrations, seeds);
//! assert_eq!(case, Case::draw(random_seed, number, migrations, seeds));
//! ```
#![deny(missing_docs)]

pub mod case;
pub mod check;
pub mod plan;
pub mod runner;
pub mod server;
pub mod state;
pub mod tally;
pub mod undisturbed;
