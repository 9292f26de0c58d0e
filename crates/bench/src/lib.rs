//! What the benchmark and its migrator have to agree on.
#![deny(missing_docs)]

/// The name of the n-th script, which is the name of its table too.
#[must_use]
pub fn script_name(n: u32) -> String {
    format!("m20250101_{:02}{:02}{:02}_table_{n}", n / 3600, n / 60 % 60, n % 60)
}

/// The same as SQL, for psql.
#[must_use]
pub fn script_sql(n: u32) -> String {
    let name = script_name(n);
    format!(
        "CREATE TABLE \"{name}\" (\"id\" bigint NOT NULL PRIMARY KEY, \"name\" text NOT NULL);\n\
         CREATE INDEX \"{name}_name_idx\" ON \"{name}\" (\"name\");\n"
    )
}
