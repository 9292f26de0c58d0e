//! The verbs that change enum types.

use super::{Schema, SchemaFuture};
use seedbed_sql::{quote_ident as ident, quote_literal as literal};

/// Enum types.
///
/// # Errors
/// Each verb fails with what the database answers.
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

    /// Drops an enum type. Fails while a column has it.
    pub fn drop_enum(&self, name: &str) -> SchemaFuture<'_> {
        self.send(format!("DROP TYPE {}", ident(name)))
    }

    /// Adds a value at the end of an enum type. Nothing can use it before this is committed, so what does
    /// belongs into the next script.
    pub fn add_enum_value(&self, name: &str, value: &str) -> SchemaFuture<'_> {
        self.send(format!("ALTER TYPE {} ADD VALUE {}", ident(name), literal(value)))
    }

    /// The same before another value.
    pub fn add_enum_value_before(&self, name: &str, value: &str, before: &str) -> SchemaFuture<'_> {
        let (name, value, before) = (ident(name), literal(value), literal(before));
        self.send(format!("ALTER TYPE {name} ADD VALUE {value} BEFORE {before}"))
    }

    /// Renames a value; the rows that have it have the new one then.
    pub fn rename_enum_value(&self, name: &str, from: &str, to: &str) -> SchemaFuture<'_> {
        let (name, from, to) = (ident(name), literal(from), literal(to));
        self.send(format!("ALTER TYPE {name} RENAME VALUE {from} TO {to}"))
    }

    /// Removes a value that no row and no default has: fails if one does.
    ///
    /// PostgreSQL cannot, so the type is made anew without it, and each column that has the type gets the
    /// new one: its table is written anew while it is locked. Indexes and checks that compare with a value
    /// are made again. Fails before anything changes if something else is of the type, such as a view, a
    /// function or a foreign key, and names it: it has to be dropped before, and made again after.
    pub fn remove_enum_value(&self, name: &str, value: &str) -> SchemaFuture<'_> {
        let block = include_str!("remove_enum_value.sql")
            .replace("{type}", &literal(&ident(name)))
            .replace("{value}", &literal(value));
        self.send(format!("DO {}", literal(block.trim())))
    }
}
