//! The projects that tests run, by name.

mod inline;
mod runs;
mod states;

use seedbed::{Project, Script};

use crate::migrator::scripts::{self, down, up};

/// Expands to a project of the given scripts.
macro_rules! project {
    (migrations: [$($migration:expr),* $(,)?], seeds: [$($seed:expr),* $(,)?] $(,)?) => {
        Project { migrations: &[$(&const { $migration }),*], seeds: &[$(&const { $seed }),*] }
    };
}

pub(crate) use project;

/// The checksum of all scripts whose files have not changed.
pub(crate) const CHECKSUM: &str =
    "0000000000000000000000000000000000000000000000000000000000000000";

/// Returns a script named `name`. Its `up` creates a table with the same name, and its `down` drops the table.
pub(crate) const fn table(name: &'static str) -> Script {
    Script::from_functions(name, name, CHECKSUM, up!(scripts::create_own_table))
        .down(down!(scripts::drop_own_table))
}

/// Returns a seed named `name`. Its `up` inserts a row with the same name, and its `down` deletes the row.
pub(crate) const fn row(name: &'static str) -> Script {
    Script::from_functions(name, name, CHECKSUM, up!(scripts::insert_own_row))
        .down(down!(scripts::delete_own_row))
}

/// Returns the project with the given name.
pub(crate) fn find(name: &str) -> Option<Project> {
    Some(match name {
        // These scripts only create tables and insert rows.
        "plain" => project! {
            migrations: [
                table("m20250101_000001_rows"),
                table("m20250101_000002_two"),
                table("m20250101_000003_three"),
                table("m20250101_000004_four"),
            ],
            seeds: [row("m20250101_000001_first"), row("m20250101_000002_second")],
        },
        // The test itself defines these scripts.
        "inline" => inline::project(),
        _ => return runs::find(name).or_else(|| states::find(name)),
    })
}
