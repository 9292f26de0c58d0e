//! The tables in which Seedbed keeps its history and its log.

use crate::quote::quote_literal;

/// The table of the applied migrations. SeaORM's migrator uses the same table.
pub const MIGRATION_HISTORY: &str = "seaql_migrations";

/// The table of the applied seeds.
pub const SEED_HISTORY: &str = "seaql_seeds";

/// The table of the log, which has an entry for each script that was applied or reverted, or that failed.
pub const LOG: &str = "seedbed_log";

/// The names of all tables that Seedbed creates for itself. They are not part of a project's schema.
pub const OWN_TABLES: [&str; 3] = [MIGRATION_HISTORY, SEED_HISTORY, LOG];

/// Returns the names of Seedbed's own tables as a list of SQL literals, for `NOT IN (…)`.
///
/// ```
/// let list = seedbed_sql::own_tables_sql();
/// assert_eq!(list, "'seaql_migrations', 'seaql_seeds', 'seedbed_log'");
/// ```
#[must_use]
pub fn own_tables_sql() -> String {
    OWN_TABLES.map(quote_literal).join(", ")
}
