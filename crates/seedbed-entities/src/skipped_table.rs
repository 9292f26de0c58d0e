//! Tables without an entity.

use std::fmt;

/// A table for which no entity can be generated. A hand-written entity can define a key for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedTable {
    /// The name of the table.
    pub table: String,
    pub(crate) reason: SkipReason,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SkipReason {
    NoPrimaryKey,
    /// The number of columns in the primary key.
    TooManyKeyColumns(usize),
    /// The type of a column in the primary key.
    UnsupportedKeyType(String),
}

impl fmt::Display for SkippedTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = &self.table;
        match &self.reason {
            SkipReason::NoPrimaryKey => {
                write!(f, "{table} has no entity, because it has no primary key")
            }
            SkipReason::TooManyKeyColumns(count) => write!(
                f,
                "{table} has no entity, because its primary key has {count} columns, more than SeaORM supports"
            ),
            SkipReason::UnsupportedKeyType(data_type) => write!(
                f,
                "{table} has no entity, because its primary key is {data_type}, which SeaORM does not support"
            ),
        }
    }
}

impl SkippedTable {
    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        let table = &self.table;
        let module = crate::names::module(table);
        let key = match self.reason {
            SkipReason::NoPrimaryKey => {
                format!(
                    "add one in a migration: `.col(id())`, or ALTER TABLE {table} ADD PRIMARY KEY (…)"
                )
            }
            _ => format!("give {table} a different primary key in a migration: `.col(id())`"),
        };
        format!(
            "{key}; or write the entity in by_hand/{module}.rs, with a key that identifies a row"
        )
    }
}
