//! The verbs that change the structure: tables, columns, indexes, constraints, extensions.

use std::borrow::Borrow;

use sea_orm::sea_query::{
    ColumnDef, ForeignKeyCreateStatement, IndexCreateStatement, PostgresQueryBuilder, Table,
    TableCreateStatement,
};

use seedbed_sql::{fit_name, quote_ident as ident};

use super::{Schema, SchemaFuture};

/// Verbs for tables.
///
/// # Errors
/// Each verb fails with the error of the database.
impl Schema<'_> {
    /// Creates a table. Fails if a table with the same name exists, because `IF NOT EXISTS` would hide a mistake.
    pub fn create_table(&self, table: impl Borrow<TableCreateStatement>) -> SchemaFuture<'_> {
        self.send(table.borrow().to_string(PostgresQueryBuilder))
    }

    /// Drops a table. Fails if something else depends on it.
    pub fn drop_table(&self, table: &str) -> SchemaFuture<'_> {
        self.send(format!("DROP TABLE {}", ident(table)))
    }

    /// Renames a table; its indexes and constraints keep their names.
    pub fn rename_table(&self, from: &str, to: &str) -> SchemaFuture<'_> {
        self.alter(from, &format!("RENAME TO {}", ident(to)))
    }

    fn alter(&self, table: &str, action: &str) -> SchemaFuture<'_> {
        self.send(format!("ALTER TABLE {} {action}", ident(table)))
    }
}

/// Verbs for columns.
///
/// # Errors
/// Each verb fails with the error of the database.
impl Schema<'_> {
    /// Adds a column. A NOT NULL column without a default fails on a table that has rows: add it nullable, fill it in, and
    /// call [`set_not_null`](Self::set_not_null).
    pub fn add_column(&self, table: &str, column: impl Borrow<ColumnDef>) -> SchemaFuture<'_> {
        let sql = Table::alter()
            .table(table.to_owned())
            .add_column(column.borrow().clone())
            .to_string(PostgresQueryBuilder);
        self.send(sql)
    }

    /// Removes a column, together with its indexes and constraints.
    pub fn remove_column(&self, table: &str, column: &str) -> SchemaFuture<'_> {
        self.alter(table, &format!("DROP COLUMN {}", ident(column)))
    }

    /// Gives a column another type, default or nullability. A change of type may rewrite the table.
    pub fn change_column(&self, table: &str, column: impl Borrow<ColumnDef>) -> SchemaFuture<'_> {
        let sql = Table::alter()
            .table(table.to_owned())
            .modify_column(column.borrow().clone())
            .to_string(PostgresQueryBuilder);
        self.send(sql)
    }

    /// Renames a column.
    pub fn rename_column(&self, table: &str, from: &str, to: &str) -> SchemaFuture<'_> {
        self.alter(table, &format!("RENAME COLUMN {} TO {}", ident(from), ident(to)))
    }

    /// Makes a column NOT NULL through a validated check, so that writers are not locked out while the rows are scanned:
    /// adds the check as NOT VALID, validates it, sets NOT NULL, and drops the check. `SET NOT NULL` scans no rows, because
    /// [a valid check proves](https://www.postgresql.org/docs/current/sql-altertable.html) that no value is null.
    ///
    /// The file must say `pub const TRANSACTION: bool = false;`, so that the statements commit one by one. The verb is
    /// safe to repeat from the start.
    pub fn set_not_null(&self, table: &str, column: &str) -> SchemaFuture<'_> {
        let check = ident(&not_null_check(table, column));
        let column = ident(column);
        let steps = [
            format!(
                "DROP CONSTRAINT IF EXISTS {check}, \
                 ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL) NOT VALID"
            ),
            format!("VALIDATE CONSTRAINT {check}"),
            // These are two commands, because in one command PostgreSQL would drop the check before it looks for a proof.
            format!("ALTER COLUMN {column} SET NOT NULL"),
            format!("DROP CONSTRAINT {check}"),
        ];
        let steps = steps.map(|action| self.alter(table, &action));
        Box::pin(async move {
            for step in steps {
                step.await?;
            }
            Ok(())
        })
    }

    /// Drops NOT NULL from a column.
    pub fn drop_not_null(&self, table: &str, column: &str) -> SchemaFuture<'_> {
        self.alter(table, &format!("ALTER COLUMN {} DROP NOT NULL", ident(column)))
    }
}

/// Returns the name of the temporary check of [`Schema::set_not_null`]. PostgreSQL 18 names its own constraint
/// `<table>_<column>_not_null`, so the check has another suffix.
fn not_null_check(table: &str, column: &str) -> String {
    fit_name(&format!("{table}_{column}"), "_is_not_null")
}

/// Verbs for indexes.
///
/// # Errors
/// Each verb fails with the error of the database.
impl Schema<'_> {
    /// Creates an index. With `.concurrently()`, the file must say `pub const TRANSACTION: bool = false;`.
    pub fn add_index(&self, index: impl Borrow<IndexCreateStatement>) -> SchemaFuture<'_> {
        self.send(index.borrow().to_string(PostgresQueryBuilder))
    }

    /// Drops an index, while the table is locked.
    pub fn remove_index(&self, index: &str) -> SchemaFuture<'_> {
        self.send(format!("DROP INDEX {}", ident(index)))
    }

    /// Drops an index without locking out writers. The verb is safe to repeat. The file must say
    /// `pub const TRANSACTION: bool = false;`.
    pub fn remove_index_concurrently(&self, index: &str) -> SchemaFuture<'_> {
        self.send(format!("DROP INDEX CONCURRENTLY IF EXISTS {}", ident(index)))
    }
}

/// Verbs for constraints.
///
/// # Errors
/// Each verb fails with the error of the database.
impl Schema<'_> {
    /// Adds a constraint: `add_constraint("products", "price_is_positive", "CHECK (price > 0)")`.
    /// The existing rows are checked while the table is locked.
    pub fn add_constraint(&self, table: &str, name: &str, definition: &str) -> SchemaFuture<'_> {
        self.alter(table, &format!("ADD CONSTRAINT {} {definition}", ident(name)))
    }

    /// Adds a check or foreign key for new rows. [`validate_constraint`](Self::validate_constraint) checks the existing
    /// rows.
    pub fn add_constraint_not_valid(
        &self,
        table: &str,
        name: &str,
        definition: &str,
    ) -> SchemaFuture<'_> {
        self.alter(table, &format!("ADD CONSTRAINT {} {definition} NOT VALID", ident(name)))
    }

    /// Checks the rows that existed when the constraint was added, without locking out writers.
    pub fn validate_constraint(&self, table: &str, name: &str) -> SchemaFuture<'_> {
        self.alter(table, &format!("VALIDATE CONSTRAINT {}", ident(name)))
    }

    /// Removes a constraint.
    pub fn remove_constraint(&self, table: &str, name: &str) -> SchemaFuture<'_> {
        self.alter(table, &format!("DROP CONSTRAINT {}", ident(name)))
    }

    /// Adds a foreign key to a table that exists; see [`foreign_key`](crate::columns::foreign_key).
    pub fn add_foreign_key(
        &self,
        foreign_key: impl Borrow<ForeignKeyCreateStatement>,
    ) -> SchemaFuture<'_> {
        self.send(foreign_key.borrow().to_string(PostgresQueryBuilder))
    }
}

/// Verbs for extensions.
///
/// # Errors
/// Each verb fails with the error of the database.
impl Schema<'_> {
    /// Creates an extension unless the database has it already.
    pub fn create_extension(&self, name: &str) -> SchemaFuture<'_> {
        self.send(format!("CREATE EXTENSION IF NOT EXISTS {}", ident(name)))
    }

    /// Drops an extension if the database has it. Fails while something depends on it.
    pub fn drop_extension(&self, name: &str) -> SchemaFuture<'_> {
        self.send(format!("DROP EXTENSION IF EXISTS {}", ident(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_not_null_check_fits_into_63_bytes() {
        assert_eq!(not_null_check("users", "display_name"), "users_display_name_is_not_null");
        let name = not_null_check(&"t".repeat(60), &"c".repeat(60));
        assert_eq!(name.len(), 63);
        assert!(name.ends_with("_is_not_null"));
    }
}
