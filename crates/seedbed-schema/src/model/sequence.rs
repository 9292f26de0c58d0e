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
    /// Whether the sequence starts again when it reaches its end.
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

impl SequenceOptions {
    /// Returns the clauses of the options that are not the default, in the order of PostgreSQL's documentation of
    /// [`CREATE SEQUENCE`](https://www.postgresql.org/docs/current/sql-createsequence.html). The type is not among the
    /// clauses.
    #[must_use]
    pub fn clauses(&self) -> Vec<String> {
        let (lowest, highest) = match self.data_type.as_str() {
            "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
            "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
            _ => (i64::MIN, i64::MAX),
        };
        let ascends = self.increment > 0;
        let (min, max) = if ascends { (1, highest) } else { (lowest, -1) };
        let start = if ascends { self.min } else { self.max };
        let numbers = [
            ("INCREMENT BY", self.increment, 1),
            ("MINVALUE", self.min, min),
            ("MAXVALUE", self.max, max),
            ("START WITH", self.start, start),
            ("CACHE", self.cache, 1),
        ];
        let differs = numbers.into_iter().filter(|(_, value, default)| value != default);
        let mut clauses: Vec<String> =
            differs.map(|(word, value, _)| format!("{word} {value}")).collect();
        if self.cycle {
            clauses.push("CYCLE".to_owned());
        }
        clauses
    }
}
