//! Tests of the migrations and seeds, and of the backend's start, which depends on them.

mod admin_user;
mod display_name;
mod migrations;
mod schema_rules;
mod seeds;
mod start;
mod support;
