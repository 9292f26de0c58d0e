//! The environment of a process that a test starts.

use std::process::Command;

/// What programs are found by. `cargo`, `rustc` and `rustfmt` are links to rustup, which finds its toolchains by the
/// other three: in the image of Rust its folders are not below the home, where it would look otherwise.
const KEPT: [&str; 4] = ["PATH", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"];

/// Clears the environment of the command, except for what programs are found by.
pub fn clear_environment(command: &mut Command) -> &mut Command {
    command.env_clear();
    for name in KEPT {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}
