/// How many scripts `bench-migrator` has.
pub const MOST: u32 = 1000;

/// The name of the n-th script, which is the name of its table too.
#[must_use]
pub fn script_name(n: u32) -> String {
    format!("m20250101_{:02}{:02}{:02}_table_{n}", n / 3600, n / 60 % 60, n % 60)
}
