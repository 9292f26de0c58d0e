//! The options of sequences, including those of identity columns.

/// A row of `pg_sequence`.
#[derive(Debug, Clone)]
pub(crate) struct Sequence {
    pub(crate) data_type: String,
    pub(crate) start: i64,
    pub(crate) increment: i64,
    pub(crate) min: i64,
    pub(crate) max: i64,
    pub(crate) cache: i64,
    pub(crate) cycles: bool,
}

impl Sequence {
    /// Returns the options that differ from the default, in the order of PostgreSQL's documentation
    /// of [`CREATE SEQUENCE`](https://www.postgresql.org/docs/current/sql-createsequence.html).
    pub(crate) fn options(&self) -> Vec<String> {
        let (lowest, highest) = match self.data_type.as_str() {
            "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
            "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
            _ => (i64::MIN, i64::MAX),
        };
        let ascends = self.increment > 0;
        let (min, max) = if ascends { (1, highest) } else { (lowest, -1) };
        let start = if ascends { self.min } else { self.max };
        let mut options = Vec::new();
        let mut differs = |word: &str, value: i64, default: i64| {
            if value != default {
                options.push(format!("{word} {value}"));
            }
        };
        differs("INCREMENT BY", self.increment, 1);
        differs("MINVALUE", self.min, min);
        differs("MAXVALUE", self.max, max);
        differs("START WITH", self.start, start);
        differs("CACHE", self.cache, 1);
        if self.cycles {
            options.push("CYCLE".to_owned());
        }
        options
    }
}
