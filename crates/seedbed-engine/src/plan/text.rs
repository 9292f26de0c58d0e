//! Texts that several messages share.

use seedbed_files::Kind;

/// The texts of a list, with `between` between two of them.
pub(crate) fn join(list: &[impl ToString], between: &str) -> String {
    let texts: Vec<String> = list.iter().map(ToString::to_string).collect();
    texts.join(between)
}

/// The first half of the commands of a kind: `migrate-up`, `seed-up`.
pub(crate) const fn command_prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Migration => "migrate",
        Kind::Seed => "seed",
    }
}
