//! The migrations and seeds, and what the backend makes of them at its start.

mod admin_user;
mod display_name;
mod migrations;
mod schema_rules;
mod seeds;
mod start;
mod support;
