//! The verbs that change enum types.

use super::{Schema, SchemaFuture};
use seedbed_sql::{quote_ident as ident, quote_literal as literal};

/// Verbs for enum types.
///
/// # Errors
/// Each verb fails with the error of the database.
impl Schema<'_> {
    /// Creates an enum type with its values in order.
    pub fn create_enum<'v>(
        &self,
        name: &str,
        values: impl IntoIterator<Item = &'v str>,
    ) -> SchemaFuture<'_> {
        let values: Vec<String> = values.into_iter().map(literal).collect();
        self.send(format!("CREATE TYPE {} AS ENUM ({})", ident(name), values.join(", ")))
    }

    /// Drops an enum type. Fails while a column has that type.
    pub fn drop_enum(&self, name: &str) -> SchemaFuture<'_> {
        self.send(format!("DROP TYPE {}", ident(name)))
    }

    /// Adds a value at the end of an enum type. The value cannot be used before it is committed, so use it in the next
    /// script.
    pub fn add_enum_value(&self, name: &str, value: &str) -> SchemaFuture<'_> {
        self.send(format!("ALTER TYPE {} ADD VALUE {}", ident(name), literal(value)))
    }

    /// Adds a value to an enum type, before another value.
    pub fn add_enum_value_before(&self, name: &str, value: &str, before: &str) -> SchemaFuture<'_> {
        let (name, value, before) = (ident(name), literal(value), literal(before));
        self.send(format!("ALTER TYPE {name} ADD VALUE {value} BEFORE {before}"))
    }

    /// Renames a value of an enum type. Rows with the old name then have the new name.
    pub fn rename_enum_value(&self, name: &str, from: &str, to: &str) -> SchemaFuture<'_> {
        let (name, from, to) = (ident(name), literal(from), literal(to));
        self.send(format!("ALTER TYPE {name} RENAME VALUE {from} TO {to}"))
    }

    /// Removes a value from an enum type. Fails if a row or a default has the value.
    ///
    /// PostgreSQL cannot remove a value, so this verb recreates the type without it. Each column of the type gets the new
    /// type, which rewrites its table while the table is locked. Indexes and checks that compare with a value are recreated.
    ///
    /// If another object depends on the type, such as a view, a function or a foreign key, the verb fails before anything
    /// changes, with an error that names the object. Drop the object before, and recreate it after.
    pub fn remove_enum_value(&self, name: &str, value: &str) -> SchemaFuture<'_> {
        let block = include_str!("remove_enum_value.sql")
            .replace("{type}", &literal(&ident(name)))
            .replace("{value}", &literal(value));
        self.send(format!("DO {}", literal(block.trim())))
    }
}
