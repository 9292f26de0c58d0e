//! The comparison finds faults: each test tampers with a database, and expects a report of that.

mod choices;
mod tampering;
