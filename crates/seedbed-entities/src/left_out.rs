//! Tables without an entity.

use std::fmt;

/// A table that no entity can be written for. One that is written by hand may say what its key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The table.
    pub table: String,
    pub(crate) why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    NoKey,
    /// Of so many columns.
    LongKey(usize),
    /// Of this type.
    Key(String),
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = &self.table;
        match &self.why {
            Why::NoKey => write!(f, "{table} has no primary key, and so no entity"),
            Why::LongKey(count) => write!(
                f,
                "the primary key of {table} has {count} columns, more than SeaORM takes, so it has no entity"
            ),
            Why::Key(data_type) => write!(
                f,
                "the primary key of {table} is {data_type}, which SeaORM finds no row by, so it has no entity"
            ),
        }
    }
}

impl LeftOut {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        let table = &self.table;
        let module = crate::names::module(table);
        let key = match self.why {
            Why::NoKey => {
                format!(
                    "give it one in a migration: `.col(id())`, or ALTER TABLE {table} ADD PRIMARY KEY (…)"
                )
            }
            _ => format!("give {table} another primary key in a migration: `.col(id())`"),
        };
        format!(
            "{key}; or write the entity in by_hand/{module}.rs, whose key tells one row from another"
        )
    }
}
