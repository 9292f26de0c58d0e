//! The commands, each a process of its own in a checkout that a test made.

mod ask;
mod create;
mod database;
mod generate;
mod guide;
mod model;
mod passed_on;
mod seed;
mod support;
mod tried;
