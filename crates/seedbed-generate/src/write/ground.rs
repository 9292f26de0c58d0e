//! What a script builds on, and what would be in its way.
//!
//! If the database was not asked, nothing is known of either, and nothing is checked.

use super::{Request, WriteError};
use crate::field::{Field, Kind};
use crate::intent::{Columns, TableName};
use crate::present::{Present, Table};
use seedbed_sql::LONGEST_NAME;

/// The table that a script works on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground<'r> {
    /// As the database has it, else in the plural.
    pub(super) name: &'r str,
    table: Option<&'r Table>,
}

/// A primary key of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) column: String,
    pub(super) kind: KeyKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyKind {
    Uuid,
    Integer,
}

impl<'r> Request<'r> {
    /// The table that it works on.
    pub(super) fn ground(&self, table: &'r TableName) -> Result<Ground<'r>, WriteError> {
        let Some(present) = self.present else {
            return Ok(Ground { name: &table.plural, table: None });
        };
        let table = present.table(table)?;
        Ok(Ground { name: &table.name, table: Some(table) })
    }

    /// The table that the database has.
    pub(super) fn ground_of(&self, table: &'r Table) -> Ground<'r> {
        Ground { name: &table.name, table: Some(table) }
    }

    /// The same for a script that is written from what the database has.
    pub(super) fn table(&self, table: &TableName) -> Result<&'r Table, WriteError> {
        self.asked()?.table(table)
    }

    pub(super) fn asked(&self) -> Result<&'r Present, WriteError> {
        self.present.ok_or_else(|| WriteError::NotAsked { slug: self.slug.to_owned() })
    }

    /// Refuses a new name that is taken, or would be cut.
    pub(super) fn free(&self, name: &str) -> Result<(), WriteError> {
        fits(name)?;
        match self.present.and_then(|present| present.taken(name)) {
            Some(other) => {
                let (name, kind) = (name.to_owned(), other.kind.clone());
                Err(WriteError::Taken { name, kind, typed: None })
            }
            None => Ok(()),
        }
    }

    /// Refuses the name of a new table if it is taken.
    pub(super) fn free_for(&self, table: &TableName) -> Result<(), WriteError> {
        self.free(&table.plural).map_err(|error| match error {
            WriteError::Taken { name, kind, .. } if table.typed != table.plural => {
                WriteError::Taken { name, kind, typed: Some(table.typed.clone()) }
            }
            error => error,
        })
    }

    /// The fields of that table, which refer to others by the names that the database has. Refuses one
    /// that refers to no table, or to one without the key that it would hold.
    pub(super) fn refer(&self, fields: &[Field], table: &str) -> Result<Vec<Field>, WriteError> {
        let mut fields = fields.to_vec();
        let Some(present) = self.present else {
            return Ok(fields);
        };
        for field in &mut fields {
            let Kind::References { table: to, typed, .. } = &mut field.kind else {
                continue;
            };
            let is_table = |name: &String| present.taken(name).filter(|one| one.kind == "table");
            let (name, other) = match (is_table(typed), is_table(to)) {
                (Some(other), _) => (typed.clone(), other),
                (None, Some(other)) => (to.clone(), other),
                (None, None) if to == table => continue,
                (None, None) => {
                    let near = present.nearest_table(to);
                    let (name, to, field) = (field.name.clone(), to.clone(), field.typed.clone());
                    return Err(WriteError::NoTarget { field, name, to, near });
                }
            };
            if other.key.as_deref() != Some("uuid") {
                return Err(WriteError::NoKey { field: field.typed.clone(), to: name });
            }
            *to = name;
        }
        Ok(fields)
    }
}

fn fits(name: &str) -> Result<(), WriteError> {
    if name.len() > LONGEST_NAME {
        return Err(WriteError::LongName { name: name.to_owned() });
    }
    Ok(())
}

impl Ground<'_> {
    /// The key by which its rows can be gone through; `id` as every table has it if the database was not
    /// asked.
    pub(super) fn key(&self) -> Option<Key> {
        let Some(table) = self.table else {
            return Some(Key { column: "id".to_owned(), kind: KeyKind::Uuid });
        };
        let column = table.key()?;
        let kind = match column.sql_type.as_str() {
            "uuid" => KeyKind::Uuid,
            "smallint" | "integer" | "bigint" => KeyKind::Integer,
            _ => return None,
        };
        Some(Key { column: column.name.clone(), kind })
    }

    /// Refuses a column that the table does not have.
    pub(super) fn has(&self, column: &str) -> Result<(), WriteError> {
        self.table.map_or(Ok(()), |table| table.column(column).map(drop))
    }

    /// Refuses a new column that the table has already.
    pub(super) fn lacks(&self, column: &str) -> Result<(), WriteError> {
        fits(column)?;
        match self.table.map(|table| table.column(column)) {
            Some(Ok(_)) => Err(WriteError::HasColumn {
                table: self.name.to_owned(),
                column: column.to_owned(),
            }),
            _ => Ok(()),
        }
    }

    /// Refuses a column that is called as it is in another table.
    pub(super) fn renames(&self, column: &str) -> Result<(), WriteError> {
        let found = self.table.and_then(|table| table.column(column).ok());
        match found.filter(|one| one.beyond.iter().any(|line| line == "inheritance")) {
            Some(_) => Err(WriteError::NoChange {
                table: self.name.to_owned(),
                column: column.to_owned(),
                problem: "it comes from another table, and is renamed there",
            }),
            None => Ok(()),
        }
    }

    /// Refuses the name of a constraint that the table has already.
    pub(super) fn lacks_constraint(&self, name: &str) -> Result<(), WriteError> {
        let mut constraints = self.table.into_iter().flat_map(|table| &table.constraints);
        match constraints.find(|constraint| constraint.name == name) {
            Some(_) => Err(WriteError::Taken {
                name: name.to_owned(),
                kind: format!("constraint of `{}`", self.name),
                typed: None,
            }),
            None => Ok(()),
        }
    }

    /// The columns of a name that may be read in two ways, each of which there is.
    pub(super) fn columns(&self, columns: &Columns) -> Result<Vec<String>, WriteError> {
        let has = |name: &str| self.table.is_some_and(|table| table.column(name).is_ok());
        let names = columns.among(has);
        names.iter().try_for_each(|name| self.has(name))?;
        Ok(names)
    }
}

#[cfg(test)]
mod tests;
