//! The migrations and seeds, and how the start of the backend depends on them.

mod admin_user;
mod display_name;
mod migrations;
mod schema_rules;
mod seeds;
mod start;
mod support;
