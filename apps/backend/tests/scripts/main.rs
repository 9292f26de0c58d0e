//! The migrations and seeds, and what the backend makes of them at its start.
//!
//! One program for all of these, as each program is linked anew after every edit of a script.

mod admin_user;
mod display_name;
mod migrations;
mod schema_rules;
mod seeds;
mod start;
mod support;
