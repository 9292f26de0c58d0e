//! Tests of whole servers, each in a folder that stands for a machine with checkouts.

mod checkout_locations;
mod crash_recovery;
mod start_and_stop;
mod startup_errors;
mod support;
