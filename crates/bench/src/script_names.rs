// The build script includes this file too.

/// The number of scripts that `bench-migrator` links.
pub const MAX_SCRIPTS: u32 = 1000;

/// Returns the name of the n-th script, which is also the name of its table.
#[must_use]
pub fn script_name(n: u32) -> String {
    format!("m20250101_{:02}{:02}{:02}_table_{n}", n / 3600, n / 60 % 60, n % 60)
}
