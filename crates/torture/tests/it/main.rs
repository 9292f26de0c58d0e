//! The comparison finds what it has to find: each test tampers with a database and expects to hear of it.

mod choices;
mod tampering;
