//! Constraints and indexes.

use std::collections::BTreeMap;

use serde::Serialize;

use super::QualifiedName;

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
    /// A NOT NULL constraint that cannot be part of its column, such as an invalid one.
    NotNull,
}

/// A constraint of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Constraint {
    /// The kind of the constraint.
    pub kind: ConstraintKind,
    /// The columns in the constraint's order.
    pub columns: Vec<String>,
    /// The definition behind the name, as the server writes it, such as `CHECK ((price > 0))`.
    pub definition: String,
    /// The columns that a foreign key refers to.
    pub references: Option<Reference>,
    /// Whether the check can wait until the end of the transaction.
    pub deferrable: bool,
    /// Whether the check waits by default.
    pub initially_deferred: bool,
    /// Whether all rows were checked.
    pub validated: bool,
    /// Whether new rows are checked.
    pub enforced: bool,
    /// The index of a key or an exclusion.
    pub index: Option<ConstraintIndex>,
    /// The comment on the constraint.
    #[serde(skip)]
    pub comment: Option<String>,
}

/// The columns that a foreign key refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Reference {
    /// The table.
    pub table: QualifiedName,
    /// The columns of the key.
    pub columns: Vec<String>,
    /// The action if the referenced row is deleted.
    pub on_delete: ReferentialAction,
    /// The columns that `ON DELETE SET NULL` or `SET DEFAULT` sets, if not all, since PostgreSQL 15.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub on_delete_columns: Vec<String>,
    /// The action if the referenced key changes.
    pub on_update: ReferentialAction,
    /// Whether the last column is a period (`PERIOD`), which several rows together may cover, since PostgreSQL 18.
    #[serde(skip)]
    pub is_temporal: bool,
}

/// The action of a foreign key if the row that it refers to is deleted or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words are PostgreSQL's own")]
pub enum ReferentialAction {
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

/// The properties of a constraint's index that the constraint's definition does not have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct ConstraintIndex {
    /// The name of the index. It is the name of the constraint, except in a database that comes from a server older
    /// than PostgreSQL 9.
    pub name: String,
    /// The storage parameters.
    pub options: BTreeMap<String, String>,
    /// The statistics targets by the number of the index's column.
    pub statistics: BTreeMap<i32, i32>,
    /// The comment on the index.
    #[serde(skip)]
    pub comment: Option<String>,
    /// The index of the partitioned table that the index is attached to.
    #[serde(skip)]
    pub parent: Option<QualifiedName>,
}

/// An index that belongs to no constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Index {
    /// The columns and expressions of the key.
    pub keys: Vec<IndexKey>,
    /// The columns that are only stored (`INCLUDE`).
    pub include: Vec<String>,
    /// Whether the index is unique.
    pub unique: bool,
    /// Whether two nulls are equal, since PostgreSQL 15.
    pub nulls_not_distinct: bool,
    /// The access method, such as `btree`.
    pub method: String,
    /// The condition of a partial index.
    pub predicate: Option<String>,
    /// Whether the index is complete. An interrupted `CREATE INDEX CONCURRENTLY` leaves an invalid one.
    pub valid: bool,
    /// The storage parameters.
    pub options: BTreeMap<String, String>,
    /// The statistics targets by the number of the index's column.
    pub statistics: BTreeMap<i32, i32>,
    /// The whole statement, as the server writes it.
    pub definition: String,
    /// The comment on the index.
    #[serde(skip)]
    pub comment: Option<String>,
    /// The index of the partitioned table that the index is attached to.
    #[serde(skip)]
    pub parent: Option<QualifiedName>,
}

/// A column or an expression in the key of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct IndexKey {
    /// The column or the expression.
    pub part: IndexKeyPart,
    /// The operator class, unless it is the default of the type and has no parameters.
    pub operator_class: Option<QualifiedName>,
    /// The parameters of the operator class, such as `siglen`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub operator_class_options: BTreeMap<String, String>,
    /// The collation, unless it is the collation of the column, or the default collation for an expression.
    pub collation: Option<QualifiedName>,
    /// Whether the index sorts in descending order.
    pub descending: bool,
    /// Whether nulls come first.
    pub nulls_first: bool,
}

/// The column or expression that an index sorts by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexKeyPart {
    /// A column, by its name.
    Column(String),
    /// An expression, as the server writes it.
    Expression(String),
}

impl Constraint {
    /// Returns a constraint that is valid, enforced and not deferrable, without an index and a comment.
    #[must_use]
    pub fn new(kind: ConstraintKind, columns: Vec<String>, definition: impl Into<String>) -> Self {
        Self {
            kind,
            columns,
            definition: definition.into(),
            references: None,
            deferrable: false,
            initially_deferred: false,
            validated: true,
            enforced: true,
            index: None,
            comment: None,
        }
    }
}

impl Reference {
    /// Returns a reference with `NO ACTION` for both a deleted and a changed row, which is the default of SQL.
    #[must_use]
    pub fn new(table: QualifiedName, columns: Vec<String>) -> Self {
        let action = ReferentialAction::NoAction;
        Self {
            table,
            columns,
            on_delete: action,
            on_delete_columns: Vec::new(),
            on_update: action,
            is_temporal: false,
        }
    }
}

impl IndexKey {
    /// Returns a key with the order and the operator class that are the defaults of its type.
    #[must_use]
    pub fn new(part: IndexKeyPart) -> Self {
        Self {
            part,
            operator_class: None,
            operator_class_options: BTreeMap::new(),
            collation: None,
            descending: false,
            nulls_first: false,
        }
    }
}

impl Index {
    /// Returns a B-tree index on columns.
    #[must_use]
    pub fn new(columns: Vec<String>, definition: impl Into<String>) -> Self {
        let key = |column| IndexKey::new(IndexKeyPart::Column(column));
        Self {
            keys: columns.into_iter().map(key).collect(),
            include: Vec::new(),
            unique: false,
            nulls_not_distinct: false,
            method: "btree".to_owned(),
            predicate: None,
            valid: true,
            options: BTreeMap::new(),
            statistics: BTreeMap::new(),
            definition: definition.into(),
            comment: None,
            parent: None,
        }
    }

    /// Returns whether the index is on plain columns in their default order, without other clauses, as
    /// `CREATE [UNIQUE] INDEX name ON table (columns)` creates it.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let is_plain = |key: &IndexKey| {
            matches!(key.part, IndexKeyPart::Column(_))
                && key.operator_class.is_none()
                && key.collation.is_none()
                && !key.descending
                && !key.nulls_first
        };
        self.method == "btree"
            && self.keys.iter().all(is_plain)
            && self.include.is_empty()
            && self.predicate.is_none()
            && self.options.is_empty()
            && !self.nulls_not_distinct
    }

    /// Returns the columns, if the key has no expressions.
    #[must_use]
    pub fn columns(&self) -> Option<Vec<&str>> {
        let columns = self.keys.iter().map(|key| match &key.part {
            IndexKeyPart::Column(name) => Some(name.as_str()),
            IndexKeyPart::Expression(_) => None,
        });
        columns.collect()
    }
}
