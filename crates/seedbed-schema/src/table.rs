//! Tables with their columns and constraints.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::object::{Object, ObjectKind};

/// A table, which may be partitioned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// The qualified name as SQL has it.
    pub name: String,
    /// Whether the table is `UNLOGGED`.
    pub unlogged: bool,
    /// The strategy and the key of a partitioned table, such as `RANGE (at)`.
    pub partitioned_by: Option<String>,
    /// The access method, unless it is `heap`.
    pub method: Option<String>,
    /// The storage parameters, such as `fillfactor=70`.
    pub options: Vec<String>,
    /// The columns in their order.
    pub columns: Vec<Column>,
    /// The keys, checks, exclusions and foreign keys by name.
    pub constraints: BTreeMap<String, Constraint>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// The name as SQL has it.
    pub name: String,
    /// The type, such as `character varying(20)`.
    pub data_type: String,
    /// The collation, unless it is that of the type.
    pub collation: Option<String>,
    /// `NOT NULL`, with the name of the constraint unless the server chose it.
    pub not_null: Option<String>,
    /// The expression of the default.
    pub default: Option<String>,
    /// The `GENERATED` clause of a generated or an identity column.
    pub generated: Option<String>,
    /// The compression method, if it was set.
    pub compression: Option<String>,
    /// The storage, unless it is that of the type.
    pub storage: Option<String>,
    /// The statistics target, if it was set.
    pub statistics: Option<i32>,
    /// The options, such as `n_distinct=5`.
    pub options: Vec<String>,
}

/// The kind of a constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[expect(missing_docs, reason = "the words are PostgreSQL's own")]
pub enum ConstraintKind {
    PrimaryKey,
    Unique,
    ForeignKey,
    Check,
    Exclusion,
    /// A constraint that cannot be part of its column, such as an invalid one.
    NotNull,
}

/// A constraint of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Constraint {
    /// The kind of the constraint.
    pub kind: ConstraintKind,
    /// The columns in the constraint's order, with names as SQL has them.
    pub columns: Vec<String>,
    /// The definition behind the name.
    pub definition: String,
    /// The columns that a foreign key refers to.
    pub references: Option<Reference>,
}

/// The columns that a foreign key refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// The qualified name of the table.
    pub table: String,
    /// The columns of the key.
    pub columns: Vec<String>,
}

impl Table {
    /// Returns the identity of the table.
    #[must_use]
    pub fn object(&self) -> Object {
        Object::new(ObjectKind::Table, self.name.clone())
    }
}
