//! The server, on machines that a test made.

mod places;
mod start_and_stop;
mod support;
mod trouble;
