//! The generated scripts as SQL.

use crate::script_name;

/// Returns the SQL that has the same effect as the n-th script of `bench-migrator`. psql runs it.
#[must_use]
pub fn script_sql(n: u32) -> String {
    let name = script_name(n);
    format!(
        "CREATE TABLE \"{name}\" (\"id\" bigint NOT NULL PRIMARY KEY, \"name\" text NOT NULL);\n\
         CREATE INDEX \"{name}_name_idx\" ON \"{name}\" (\"name\");\n"
    )
}
