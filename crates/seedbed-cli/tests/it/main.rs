//! The commands of `seedbed`, each run as a process in a temporary checkout.

mod create;
mod database;
mod delegation;
mod dry_run;
mod entities;
mod generate;
mod guide;
mod hint_spelling;
mod model;
mod prompt;
mod schema;
mod seed;
mod support;
