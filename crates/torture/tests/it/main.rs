//! Tests that the comparison finds faults. Each test tampers with a database, and expects a report of the change.

mod choices;
mod tampering;
