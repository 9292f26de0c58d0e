//! The warnings about objects that are written in an unexpected form, or not at all.

use std::fmt;

use seedbed_schema::model::{DataType, QualifiedName};

use crate::error::toml_key;
use crate::names::readable;

/// An object of the schema that entities cannot express, or express only in part.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntityWarning {
    /// A table has no entity, because it has no primary key.
    NoPrimaryKey(QualifiedName),
    /// A table has no entity, because its primary key has more columns than SeaORM supports.
    TooManyKeyColumns {
        /// The table.
        table: QualifiedName,
        /// The number of columns in the key.
        columns: usize,
    },
    /// A table has no entity, because SeaORM does not support the type of its primary key.
    UnsupportedKeyType {
        /// The table.
        table: QualifiedName,
        /// The type of a column in the key.
        data_type: DataType,
    },
    /// Several tables or views have no entity, because their modules would have the same name.
    SameModule {
        /// The tables and views.
        tables: Vec<QualifiedName>,
        /// The name in Rust.
        module: String,
    },
    /// A table has no entity, because several of its columns would be the same field.
    SameField {
        /// The table.
        table: QualifiedName,
        /// The columns.
        columns: Vec<String>,
        /// The name in Rust.
        field: String,
    },
    /// Several enums are read as text, because their types would have the same name.
    SameEnum {
        /// The enums.
        enums: Vec<QualifiedName>,
        /// The name in Rust.
        type_name: String,
    },
    /// The field of a column is text, because its default or expression is infinite, which the usual type in Rust
    /// cannot be.
    InfiniteText {
        /// The table.
        table: QualifiedName,
        /// The column.
        column: String,
        /// The usual type in Rust.
        rust_type: String,
    },
    /// A default, a check or an index shows that a column may be infinite, which its type in Rust cannot be.
    Infinite {
        /// The table.
        table: QualifiedName,
        /// The column.
        column: String,
        /// The type in Rust.
        rust_type: String,
    },
}

impl fmt::Display for EntityWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPrimaryKey(table) => {
                write!(f, "`{}` has no entity, because it has no primary key", readable(table))
            }
            Self::TooManyKeyColumns { table, columns } => write!(
                f,
                "`{}` has no entity, because its primary key has {columns} columns, more than SeaORM supports",
                readable(table)
            ),
            Self::UnsupportedKeyType { table, data_type } => write!(
                f,
                "`{}` has no entity, because its primary key is `{data_type}`, which SeaORM does not support",
                readable(table)
            ),
            Self::SameModule { tables, module } => write!(
                f,
                "{} have no entities, because the name of each one in Rust is `{module}`",
                list(tables.iter().map(readable))
            ),
            Self::SameField { table, columns, field } => write!(
                f,
                "`{}` has no entity, because the name of each of its columns {} in Rust is `{field}`",
                readable(table),
                list(columns.iter().cloned())
            ),
            Self::SameEnum { enums, type_name } => write!(
                f,
                "the enums {} are read as text, because the name of each one in Rust is `{type_name}`",
                list(enums.iter().map(readable))
            ),
            Self::InfiniteText { table, column, rust_type } => write!(
                f,
                "`{}.{column}` is read as text, because it may be infinite by its definition, which `{rust_type}` cannot be",
                readable(table)
            ),
            Self::Infinite { table, column, rust_type } => write!(
                f,
                "`{}.{column}` may be infinite by its definition, a check or an index, but `{rust_type}` cannot, so \
                 SeaORM's driver panics when it reads such a row",
                readable(table)
            ),
        }
    }
}

impl EntityWarning {
    /// Returns the hint that says how to correct the problem.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::NoPrimaryKey(table) => format!(
                "add a primary key in a migration, by `.col(id())` or `ALTER TABLE {table} ADD PRIMARY KEY (…)`; or write the \
                 entity in `by_hand/{}.rs`, with a key that identifies a row",
                crate::names::module(table)
            ),
            Self::TooManyKeyColumns { table, .. } | Self::UnsupportedKeyType { table, .. } => {
                format!(
                    "give `{table}` a different primary key in a migration, such as `.col(id())`; or write the entity in \
                 `by_hand/{}.rs`, with a key that identifies a row",
                    crate::names::module(table)
                )
            }
            Self::SameModule { tables, module } => format!(
                "give one of them another name in `seedbed.toml`: `[entities.tables.{}]` with `name = \"other_{module}\"`",
                tables.last().map(|table| toml_key(&readable(table))).unwrap_or_default()
            ),
            Self::SameField { table, columns, field } => format!(
                "give one of them another name in `seedbed.toml`: `[entities.tables.{}.columns.{}]` with \
                 `name = \"other_{field}\"`",
                toml_key(&readable(table)),
                columns.last().map(|column| toml_key(column)).unwrap_or_default()
            ),
            Self::SameEnum { enums, type_name } => format!(
                "give one of them another name in `seedbed.toml`: `[entities.enums.{}]` with `name = \"Other{type_name}\"`",
                enums.last().map(|name| toml_key(&readable(name))).unwrap_or_default()
            ),
            Self::InfiniteText { table, column, .. } => format!(
                "confirm the type in `seedbed.toml`: `[entities.tables.{}.columns.{}]` with `type = \"text\"`, or with \
                 a type of your own",
                toml_key(&readable(table)),
                toml_key(column)
            ),
            Self::Infinite { table, column, .. } => format!(
                "read the column as text in `seedbed.toml`: `[entities.tables.{}.columns.{}]` with `type = \"text\"`",
                toml_key(&readable(table)),
                toml_key(column)
            ),
        }
    }
}

fn list(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [names @ .., last] if !names.is_empty() => format!("{} and {last}", names.join(", ")),
        names => names.concat(),
    }
}
