//! The environment of the processes that tests start.

use std::process::Command;

/// The variables by which programs are found.
///
/// `cargo`, `rustc` and `rustfmt` may be links to rustup, which finds its toolchains by the last three variables. In the
/// official Rust image, the toolchains are not in the home directory, where rustup looks by default.
const KEPT_VARIABLES: [&str; 4] = ["PATH", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"];

/// Clears the environment of the command, except for the variables by which programs are found.
pub fn clear_environment(command: &mut Command) -> &mut Command {
    command.env_clear();
    for name in KEPT_VARIABLES {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}
