//! Sequences, including those of identity columns.

use serde::Serialize;

use super::{Grant, QualifiedName};

/// The options of a sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SequenceOptions {
    /// The type: `smallint`, `integer` or `bigint`.
    pub data_type: String,
    /// The first value.
    pub start: i64,
    /// The difference between two values.
    pub increment: i64,
    /// The lowest value.
    pub min: i64,
    /// The highest value.
    pub max: i64,
    /// The number of values that a session reserves.
    pub cache: i64,
    /// Whether the sequence starts again at its end.
    pub cycle: bool,
}

/// A sequence that is not part of an identity column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Sequence {
    /// The options of the sequence.
    pub options: SequenceOptions,
    /// Whether the sequence is `UNLOGGED`. A sequence that a column owns counts as logged.
    pub unlogged: bool,
    /// The table and the column that own the sequence. It is dropped with the column.
    #[serde(skip)]
    pub owned_by: Option<(QualifiedName, String)>,
    /// The role that owns the sequence. Owners are not compared.
    #[serde(skip)]
    pub owner: String,
    /// The comment on the sequence.
    #[serde(skip)]
    pub comment: Option<String>,
    /// The privileges of roles other than the owner.
    #[serde(skip)]
    pub privileges: Vec<Grant>,
}
