//! Checks of an operation against the existing objects of the database.
//!
//! Without a database, nothing is known about existing objects, and every check passes.

use seedbed_schema::model::Table;

use super::{MigrationRequest, WriteError};
use crate::field::{Field, FieldKind};
use crate::operation::{Columns, TableName};
use crate::unrestorable::is_inherited;
use crate::visible_schema::{VisibleSchema, column};
use seedbed_sql::LONGEST_NAME;

/// The table that an operation works on.
#[derive(Debug, Clone, Copy)]
pub(super) struct TargetTable<'r> {
    /// The name in the database, or the plural if there is no database.
    pub(super) name: &'r str,
    table: Option<(VisibleSchema<'r>, &'r Table)>,
}

/// A primary key of one column, by which a backfill iterates over the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BatchKey {
    pub(super) column: String,
    pub(super) kind: BatchKeyType,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BatchKeyType {
    Uuid,
    Integer,
}

impl<'r> MigrationRequest<'r> {
    /// Returns the table that the operation works on.
    pub(super) fn target_table(&self, table: &'r TableName) -> Result<TargetTable<'r>, WriteError> {
        let Some(schema) = self.visible_schema() else {
            return Ok(TargetTable { name: &table.plural, table: None });
        };
        let table = schema.table(table)?;
        Ok(TargetTable { name: &table.name.name, table: Some((schema, table)) })
    }

    /// Returns the target for a table that was read from the database.
    pub(super) fn existing_target_table(&self, table: &'r Table) -> TargetTable<'r> {
        let table_in_schema = self.visible_schema().map(|schema| (schema, table));
        TargetTable { name: &table.name.name, table: table_in_schema }
    }

    /// Returns the table as it is in the database, for an operation that needs its definition.
    pub(super) fn existing_table(&self, table: &TableName) -> Result<&'r Table, WriteError> {
        self.required_schema()?.table(table)
    }

    /// Returns the schema of the database, if it was read.
    pub(super) fn visible_schema(&self) -> Option<VisibleSchema<'r>> {
        self.schema.map(VisibleSchema::new)
    }

    /// Returns the schema of the database. Fails if it was not read.
    pub(super) fn required_schema(&self) -> Result<VisibleSchema<'r>, WriteError> {
        let missing = || WriteError::DatabaseRequired { slug: self.slug.to_owned() };
        self.visible_schema().ok_or_else(missing)
    }

    /// Fails if a new name is taken or too long.
    pub(super) fn ensure_name_is_free(&self, name: &str) -> Result<(), WriteError> {
        ensure_name_fits(name)?;
        match self.visible_schema().and_then(|schema| schema.owner_of(name)) {
            Some(owner) => Err(WriteError::NameTaken { name: name.to_owned(), owner, input: None }),
            None => Ok(()),
        }
    }

    /// Fails if the name of a new table is taken.
    pub(super) fn ensure_table_name_is_free(&self, table: &TableName) -> Result<(), WriteError> {
        self.ensure_name_is_free(&table.plural).map_err(|error| match error {
            WriteError::NameTaken { name, owner, .. } if table.input != table.plural => {
                WriteError::NameTaken { name, owner, input: Some(table.input.clone()) }
            }
            error => error,
        })
    }

    /// Returns the fields with the exact names of the tables that they refer to. Fails if a table does not exist or has
    /// no column `id` of type uuid. `table` is the table that gets the fields.
    pub(super) fn resolve_references(
        &self,
        fields: &[Field],
        table: &str,
    ) -> Result<Vec<Field>, WriteError> {
        let mut fields = fields.to_vec();
        let Some(schema) = self.visible_schema() else {
            return Ok(fields);
        };
        for field in &mut fields {
            let FieldKind::References { table: to, input, .. } = &mut field.kind else {
                continue;
            };
            let (name, other) = match (schema.table_named(input), schema.table_named(to)) {
                (Some(other), _) => (input.clone(), other),
                (None, Some(other)) => (to.clone(), other),
                // The new table refers to itself.
                (None, None) if to == table => continue,
                (None, None) => {
                    let near = schema.nearest_table(to);
                    let (name, to, field) = (field.name.clone(), to.clone(), field.input.clone());
                    return Err(WriteError::ReferencedTableNotFound { field, name, to, near });
                }
            };
            if !other.column("id").is_some_and(|id| id.data_type.is_builtin("uuid")) {
                return Err(WriteError::ReferenceWithoutKey {
                    field: field.input.clone(),
                    to: name,
                });
            }
            *to = name;
        }
        Ok(fields)
    }
}

fn ensure_name_fits(name: &str) -> Result<(), WriteError> {
    if name.len() > LONGEST_NAME {
        return Err(WriteError::NameTooLong { name: name.to_owned() });
    }
    Ok(())
}

impl TargetTable<'_> {
    /// Returns the key for iterating over the rows. Without a database, this is the default column `id`.
    pub(super) fn batch_key(&self) -> Option<BatchKey> {
        let Some((_, table)) = self.table else {
            return Some(BatchKey { column: "id".to_owned(), kind: BatchKeyType::Uuid });
        };
        let (_, key) = table.primary_key()?;
        let [column] = key.columns.as_slice() else { return None };
        let column = table.column(column)?;
        let is_integer = |name: &&str| column.data_type.is_builtin(name);
        let kind = if column.data_type.is_builtin("uuid") {
            BatchKeyType::Uuid
        } else if ["smallint", "integer", "bigint"].iter().any(is_integer) {
            BatchKeyType::Integer
        } else {
            return None;
        };
        Some(BatchKey { column: column.name.clone(), kind })
    }

    /// Fails if the table does not have the column.
    pub(super) fn ensure_column_exists(&self, name: &str) -> Result<(), WriteError> {
        self.table.map_or(Ok(()), |(_, table)| column(table, name).map(drop))
    }

    /// Fails if the table already has the column.
    pub(super) fn ensure_column_is_new(&self, column: &str) -> Result<(), WriteError> {
        ensure_name_fits(column)?;
        match self.table.and_then(|(_, table)| table.column(column)) {
            Some(_) => Err(WriteError::ColumnExists {
                table: self.name.to_owned(),
                column: column.to_owned(),
            }),
            None => Ok(()),
        }
    }

    /// Fails if the column is inherited, because it can be renamed only in the parent table.
    pub(super) fn ensure_column_is_not_inherited(&self, column: &str) -> Result<(), WriteError> {
        match self.table {
            Some((schema, table)) if is_inherited(schema, table, column) => {
                Err(WriteError::UnsupportedChange {
                    table: self.name.to_owned(),
                    column: column.to_owned(),
                    problem: "it is inherited from another table, where it has to be renamed",
                })
            }
            _ => Ok(()),
        }
    }

    /// Fails if the table already has a constraint with the given name.
    pub(super) fn ensure_constraint_name_is_free(&self, name: &str) -> Result<(), WriteError> {
        match self.table.and_then(|(_, table)| table.constraints.get(name)) {
            Some(_) => Err(WriteError::ConstraintExists {
                table: self.name.to_owned(),
                name: name.to_owned(),
            }),
            None => Ok(()),
        }
    }

    /// Returns the columns of a list in which an `and` may belong to a name. Fails if a column does not exist.
    pub(super) fn resolve_columns(&self, columns: &Columns) -> Result<Vec<String>, WriteError> {
        let has = |name: &str| self.table.is_some_and(|(_, table)| table.column(name).is_some());
        let names = columns.resolve(has);
        names.iter().try_for_each(|name| self.ensure_column_exists(name))?;
        Ok(names)
    }
}

#[cfg(test)]
mod tests;
