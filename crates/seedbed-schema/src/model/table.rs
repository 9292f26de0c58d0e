//! Tables with their columns.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Constraint, DataType, Grant, Index, Policy, QualifiedName, Rule, SequenceOptions, Trigger,
};

/// A table, which may be partitioned, a partition, or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Table {
    /// The name of the table.
    #[serde(skip)]
    pub name: QualifiedName,
    /// The role that owns the table. Owners are not compared.
    #[serde(skip)]
    pub owner: String,
    /// The comment on the table.
    #[serde(skip)]
    pub comment: Option<String>,
    /// The privileges of roles other than the owner.
    #[serde(skip)]
    pub privileges: Vec<Grant>,
    /// Whether the table is `UNLOGGED`.
    pub unlogged: bool,
    /// The strategy and the key of a partitioned table, such as `RANGE (at)`.
    pub partition_key: Option<String>,
    /// The access method, unless it is `heap`.
    pub access_method: Option<String>,
    /// The storage parameters, such as `fillfactor`. Those of the TOAST table begin with `toast.`.
    pub options: BTreeMap<String, String>,
    /// The columns in their order.
    #[serde(skip)]
    pub columns: Vec<Column>,
    /// The constraints by name.
    #[serde(skip)]
    pub constraints: BTreeMap<String, Constraint>,
    /// The indexes that belong to no constraint, by name.
    #[serde(skip)]
    pub indexes: BTreeMap<String, Index>,
    /// The partitioned table that the table is a partition of.
    #[serde(skip)]
    pub partition_of: Option<PartitionOf>,
    /// The tables that the table inherits from, in order.
    #[serde(skip)]
    pub inherits: Vec<QualifiedName>,
    /// The composite type of a typed table (`OF`).
    #[serde(skip)]
    pub row_type: Option<QualifiedName>,
    /// The columns that identify a row of the table for logical replication.
    #[serde(skip)]
    pub replica_identity: ReplicaIdentity,
    /// The index or key that `CLUSTER` uses.
    #[serde(skip)]
    pub cluster_on: Option<String>,
    /// The settings of row-level security.
    #[serde(skip)]
    pub row_security: RowSecurity,
    /// The triggers by name.
    #[serde(skip)]
    pub triggers: BTreeMap<String, Trigger>,
    /// The rules by name.
    #[serde(skip)]
    pub rules: BTreeMap<String, Rule>,
    /// The policies by name.
    #[serde(skip)]
    pub policies: BTreeMap<String, Policy>,
}

/// A column of a table or view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Column {
    /// The name of the column.
    pub name: String,
    /// The type.
    pub data_type: DataType,
    /// The collation, unless it is that of the type.
    pub collation: Option<QualifiedName>,
    /// Whether the column is NOT NULL.
    pub not_null: Option<NotNull>,
    /// The source of the value if an `INSERT` gives none.
    pub value: ColumnValue,
    /// The compression method, if it was set.
    pub compression: Option<String>,
    /// The storage, unless it is that of the type.
    pub storage: Option<String>,
    /// The statistics target, if it was set.
    pub statistics: Option<i32>,
    /// The options, such as `n_distinct`.
    pub options: BTreeMap<String, String>,
    /// The comment on the column.
    #[serde(skip)]
    pub comment: Option<String>,
    /// The privileges of roles on the column.
    #[serde(skip)]
    pub privileges: Vec<Grant>,
}

/// The `NOT NULL` of a column or of a domain. A constraint that is not valid is a constraint of the table instead.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct NotNull {
    /// The name of the constraint, unless the server chose it. Servers before PostgreSQL 18 have no name.
    pub name: Option<String>,
    /// Whether inheriting tables do not get the constraint.
    pub no_inherit: bool,
    /// The comment on the constraint.
    #[serde(skip)]
    pub comment: Option<String>,
}

/// The source of a column's value if an `INSERT` gives none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnValue {
    /// The column has no default, so the value is null.
    NoDefault,
    /// The default, which is an expression.
    Default(String),
    /// The database always computes the value.
    Generated {
        /// The expression.
        expression: String,
        /// The storage of the value.
        storage: GeneratedStorage,
    },
    /// The value comes from a sequence that is part of the column.
    Identity(Identity),
}

/// The storage of the value of a generated column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GeneratedStorage {
    /// The value is computed when the row is written.
    Stored,
    /// The value is computed when the row is read, since PostgreSQL 18.
    Virtual,
}

/// The sequence of an identity column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Identity {
    /// Whether rows may not give a value (`ALWAYS`).
    pub always: bool,
    /// The options of the sequence.
    pub sequence: SequenceOptions,
    /// The name of the sequence.
    pub sequence_name: QualifiedName,
    /// The comment on the sequence.
    #[serde(skip)]
    pub comment: Option<String>,
    /// The privileges on the sequence.
    #[serde(skip)]
    pub privileges: Vec<Grant>,
}

/// The partitioned table that a table is a partition of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PartitionOf {
    /// The partitioned table.
    pub parent: QualifiedName,
    /// The bounds, such as `FOR VALUES IN (1)`.
    pub bound: String,
    /// Whether `DETACH PARTITION CONCURRENTLY` was interrupted, so that only `FINALIZE` can follow.
    pub detach_pending: bool,
}

/// The columns that identify a row for logical replication.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplicaIdentity {
    /// The primary key, if there is one.
    #[default]
    Default,
    /// No column.
    Nothing,
    /// All columns.
    Full,
    /// The columns of an index or a key.
    Index(String),
}

/// The settings of row-level security.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct RowSecurity {
    /// Whether the policies apply.
    pub enabled: bool,
    /// Whether the policies apply to the owner of the table too.
    pub forced: bool,
}

impl Table {
    /// Creates a table with this name and without columns. The caller can set the fields.
    #[must_use]
    pub fn new(name: QualifiedName) -> Self {
        Self {
            name,
            owner: String::new(),
            comment: None,
            privileges: Vec::new(),
            unlogged: false,
            partition_key: None,
            access_method: None,
            options: BTreeMap::new(),
            columns: Vec::new(),
            constraints: BTreeMap::new(),
            indexes: BTreeMap::new(),
            partition_of: None,
            inherits: Vec::new(),
            row_type: None,
            replica_identity: ReplicaIdentity::Default,
            cluster_on: None,
            row_security: RowSecurity::default(),
            triggers: BTreeMap::new(),
            rules: BTreeMap::new(),
            policies: BTreeMap::new(),
        }
    }

    /// Returns the column with this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Returns the name and the constraint of the primary key.
    #[must_use]
    pub fn primary_key(&self) -> Option<(&String, &Constraint)> {
        self.constraints.iter().find(|(_, key)| key.kind == super::ConstraintKind::PrimaryKey)
    }
}

impl PartitionOf {
    /// Creates the relation of a partition to its partitioned table.
    #[must_use]
    pub fn new(parent: QualifiedName, bound: impl Into<String>) -> Self {
        Self { parent, bound: bound.into(), detach_pending: false }
    }
}

impl Column {
    /// Creates a column that may be null and has no default.
    #[must_use]
    pub fn new(name: impl Into<String>, data_type: DataType) -> Self {
        Self {
            name: name.into(),
            data_type,
            collation: None,
            not_null: None,
            value: ColumnValue::NoDefault,
            compression: None,
            storage: None,
            statistics: None,
            options: BTreeMap::new(),
            comment: None,
            privileges: Vec::new(),
        }
    }

    /// Returns whether the column is computed from other columns, stored or virtual.
    #[must_use]
    pub fn is_generated(&self) -> bool {
        matches!(self.value, ColumnValue::Generated { .. })
    }
}
