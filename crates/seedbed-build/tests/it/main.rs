//! Tests with other processes: workers that create scripts concurrently, and rustc.

mod processes;
mod registry;
