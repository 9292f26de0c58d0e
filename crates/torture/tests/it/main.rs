//! Tests the random choices of the cases, and that the checks report every change to a database.

mod choices;
mod tampering;
