//! What needs other processes: workers that create scripts at once, and rustc.

mod processes;
mod registry;
