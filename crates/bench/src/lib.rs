//! What the benchmark and its migrator have to agree on.
#![deny(missing_docs)]

mod names;

pub use names::{MOST, script_name};

/// The same as SQL, for psql.
#[must_use]
pub fn script_sql(n: u32) -> String {
    let name = script_name(n);
    format!(
        "CREATE TABLE \"{name}\" (\"id\" bigint NOT NULL PRIMARY KEY, \"name\" text NOT NULL);\n\
         CREATE INDEX \"{name}_name_idx\" ON \"{name}\" (\"name\");\n"
    )
}
