//! The verbs that change the structure: tables, columns, indexes, constraints, types.

use std::borrow::Borrow;

use sea_orm::sea_query::{
    ColumnDef, ForeignKeyCreateStatement, IndexCreateStatement, PostgresQueryBuilder, Table,
    TableCreateStatement,
};

use super::Schema;
use crate::sql::{ident, literal};

/// Tables.
///
/// # Errors
/// Each verb fails with what the database answers.
impl Schema<'_> {
    /// Creates a table. Fails if there is one of that name, as `IF NOT EXISTS` would hide a mistake.
    pub async fn create_table(
        &self,
        table: impl Borrow<TableCreateStatement>,
    ) -> anyhow::Result<()> {
        self.send(table.borrow().to_string(PostgresQueryBuilder)).await
    }

    /// Drops a table. Fails if something else depends on it.
    pub async fn drop_table(&self, table: &str) -> anyhow::Result<()> {
        self.send(format!("DROP TABLE {}", ident(table))).await
    }

    /// Renames a table; its indexes and constraints keep their names.
    pub async fn rename_table(&self, from: &str, to: &str) -> anyhow::Result<()> {
        self.alter(from, &format!("RENAME TO {}", ident(to))).await
    }

    async fn alter(&self, table: &str, action: &str) -> anyhow::Result<()> {
        self.send(format!("ALTER TABLE {} {action}", ident(table))).await
    }
}

/// Columns.
///
/// # Errors
/// Each verb fails with what the database answers.
impl Schema<'_> {
    /// Adds a column. NOT NULL without a default fails on a table that has rows: see
    /// [`set_not_null`](Self::set_not_null).
    pub async fn add_column(
        &self,
        table: &str,
        column: impl Borrow<ColumnDef>,
    ) -> anyhow::Result<()> {
        let sql = Table::alter()
            .table(table.to_owned())
            .add_column(column.borrow().clone())
            .to_string(PostgresQueryBuilder);
        self.send(sql).await
    }

    /// Removes a column, and with it the indexes and constraints that are on it.
    pub async fn remove_column(&self, table: &str, column: &str) -> anyhow::Result<()> {
        self.alter(table, &format!("DROP COLUMN {}", ident(column))).await
    }

    /// Gives a column another type, default or nullability. A change of type may rewrite the table.
    pub async fn change_column(
        &self,
        table: &str,
        column: impl Borrow<ColumnDef>,
    ) -> anyhow::Result<()> {
        let sql = Table::alter()
            .table(table.to_owned())
            .modify_column(column.borrow().clone())
            .to_string(PostgresQueryBuilder);
        self.send(sql).await
    }

    /// Renames a column.
    pub async fn rename_column(&self, table: &str, from: &str, to: &str) -> anyhow::Result<()> {
        self.alter(table, &format!("RENAME COLUMN {} TO {}", ident(from), ident(to))).await
    }

    /// Makes a column NOT NULL by way of a validated check, so that the table is not locked while its
    /// rows are looked at: add the check as NOT VALID, validate it, set NOT NULL, drop the check.
    ///
    /// That holds only if the statements commit one by one: the file says
    /// `pub const TRANSACTION: bool = false;`. It is safe to repeat from the start.
    /// [PostgreSQL skips its scan](https://www.postgresql.org/docs/current/sql-altertable.html) when a
    /// valid check proves that there is no null.
    pub async fn set_not_null(&self, table: &str, column: &str) -> anyhow::Result<()> {
        let check = ident(&not_null_check(table, column));
        let column = ident(column);
        self.alter(
            table,
            &format!(
                "DROP CONSTRAINT IF EXISTS {check}, \
                 ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL) NOT VALID"
            ),
        )
        .await?;
        self.alter(table, &format!("VALIDATE CONSTRAINT {check}")).await?;
        // Not one command with the next: PostgreSQL drops before it looks for the proof.
        self.alter(table, &format!("ALTER COLUMN {column} SET NOT NULL")).await?;
        self.alter(table, &format!("DROP CONSTRAINT {check}")).await
    }

    /// Lets a column be null again.
    pub async fn drop_not_null(&self, table: &str, column: &str) -> anyhow::Result<()> {
        self.alter(table, &format!("ALTER COLUMN {} DROP NOT NULL", ident(column))).await
    }
}

/// The name of the check, within the 63 bytes that PostgreSQL keeps of a name. Not `…_not_null`: so
/// PostgreSQL 18 calls its own constraint.
fn not_null_check(table: &str, column: &str) -> String {
    let suffix = "_is_not_null";
    let mut name = format!("{table}_{column}");
    while name.len() + suffix.len() > 63 {
        name.pop();
    }
    name + suffix
}

/// Indexes.
///
/// # Errors
/// Each verb fails with what the database answers.
impl Schema<'_> {
    /// Creates an index. With `.concurrently()` the file says `pub const TRANSACTION: bool = false;`.
    pub async fn add_index(&self, index: impl Borrow<IndexCreateStatement>) -> anyhow::Result<()> {
        self.send(index.borrow().to_string(PostgresQueryBuilder)).await
    }

    /// Drops an index, while the table is locked.
    pub async fn remove_index(&self, index: &str) -> anyhow::Result<()> {
        self.send(format!("DROP INDEX {}", ident(index))).await
    }

    /// Drops an index without locking out writers; safe to repeat. The file says
    /// `pub const TRANSACTION: bool = false;`.
    pub async fn remove_index_concurrently(&self, index: &str) -> anyhow::Result<()> {
        self.send(format!("DROP INDEX CONCURRENTLY IF EXISTS {}", ident(index))).await
    }
}

/// Constraints.
///
/// # Errors
/// Each verb fails with what the database answers.
impl Schema<'_> {
    /// Adds a constraint: `add_constraint("products", "price_is_positive", "CHECK (price > 0)")`.
    /// The rows are checked at once, while the table is locked.
    pub async fn add_constraint(
        &self,
        table: &str,
        name: &str,
        definition: &str,
    ) -> anyhow::Result<()> {
        self.alter(table, &format!("ADD CONSTRAINT {} {definition}", ident(name))).await
    }

    /// Adds a check or foreign key that holds for new rows only, until
    /// [`validate_constraint`](Self::validate_constraint) has looked at the old ones.
    pub async fn add_constraint_not_valid(
        &self,
        table: &str,
        name: &str,
        definition: &str,
    ) -> anyhow::Result<()> {
        self.alter(table, &format!("ADD CONSTRAINT {} {definition} NOT VALID", ident(name))).await
    }

    /// Looks at the rows that were there before the constraint, without locking out writers.
    pub async fn validate_constraint(&self, table: &str, name: &str) -> anyhow::Result<()> {
        self.alter(table, &format!("VALIDATE CONSTRAINT {}", ident(name))).await
    }

    /// Removes a constraint.
    pub async fn remove_constraint(&self, table: &str, name: &str) -> anyhow::Result<()> {
        self.alter(table, &format!("DROP CONSTRAINT {}", ident(name))).await
    }

    /// Adds a foreign key to a table that exists; see [`foreign_key`](crate::columns::foreign_key).
    pub async fn add_foreign_key(
        &self,
        foreign_key: impl Borrow<ForeignKeyCreateStatement>,
    ) -> anyhow::Result<()> {
        self.send(foreign_key.borrow().to_string(PostgresQueryBuilder)).await
    }
}

/// Types and extensions.
///
/// # Errors
/// Each verb fails with what the database answers.
impl Schema<'_> {
    /// Creates an enum type with its values in order.
    pub async fn create_enum<'v>(
        &self,
        name: &str,
        values: impl IntoIterator<Item = &'v str>,
    ) -> anyhow::Result<()> {
        let values: Vec<String> = values.into_iter().map(literal).collect();
        self.send(format!("CREATE TYPE {} AS ENUM ({})", ident(name), values.join(", "))).await
    }

    /// Drops an enum type. Fails while a column has it.
    pub async fn drop_enum(&self, name: &str) -> anyhow::Result<()> {
        self.send(format!("DROP TYPE {}", ident(name))).await
    }

    /// Adds a value at the end of an enum type. PostgreSQL has no way to remove one: such a script
    /// says `pub const IRREVERSIBLE: &str = "…";` or makes the type anew in `down`.
    pub async fn add_enum_value(&self, name: &str, value: &str) -> anyhow::Result<()> {
        self.send(format!("ALTER TYPE {} ADD VALUE {}", ident(name), literal(value))).await
    }

    /// Creates an extension unless the database has it already.
    pub async fn create_extension(&self, name: &str) -> anyhow::Result<()> {
        self.send(format!("CREATE EXTENSION IF NOT EXISTS {}", ident(name))).await
    }

    /// Drops an extension if the database has it. Fails while something depends on it.
    pub async fn drop_extension(&self, name: &str) -> anyhow::Result<()> {
        self.send(format!("DROP EXTENSION IF EXISTS {}", ident(name))).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_of_a_long_name_fits() {
        assert_eq!(not_null_check("users", "display_name"), "users_display_name_is_not_null");
        let name = not_null_check(&"t".repeat(60), &"c".repeat(60));
        assert_eq!(name.len(), 63);
        assert!(name.ends_with("_is_not_null"));
    }
}
