//! Texts that several messages share.

use seedbed_build::Kind;

/// Joins the texts of a list with a separator.
pub(crate) fn join(list: &[impl ToString], between: &str) -> String {
    let texts: Vec<String> = list.iter().map(ToString::to_string).collect();
    texts.join(between)
}

/// Returns the prefix of the commands of a kind, as in `migrate-up` and `seed-up`.
pub(crate) const fn command_prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Migration => "migrate",
        Kind::Seed => "seed",
    }
}
