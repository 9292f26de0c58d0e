//! Disturbs real runs of the migrator in every way, and compares what is left with undisturbed runs: `make torture`.
//!
//! A [`Case`](plan::Case) clones a database in which some scripts are applied, runs one command, disturbs it, and runs
//! it again until nothing disturbs it. After each run [`check`] compares what the database holds, what its history and
//! its log say, and what the runners reported. All random choices of a case follow from its seed and its number.
//! `docs/reliability.md` says what this proves and what it does not.
//!
//! ```
//! use torture::plan::Case;
//!
//! assert_eq!(Case::draw(7, 3, 16, 3), Case::draw(7, 3, 16, 3));
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
