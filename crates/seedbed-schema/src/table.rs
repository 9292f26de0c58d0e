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

    /// Returns the text of the table that is compared, which excludes its columns.
    pub(crate) fn definition_sql(&self) -> String {
        let unlogged = if self.unlogged { "UNLOGGED " } else { "" };
        format!("CREATE {unlogged}TABLE {}{};", self.name, self.suffix_clauses())
    }

    fn suffix_clauses(&self) -> String {
        let mut tail = String::new();
        if let Some(key) = &self.partitioned_by {
            tail += &format!(" PARTITION BY {key}");
        }
        if let Some(method) = &self.method {
            tail += &format!(" USING {method}");
        }
        if !self.options.is_empty() {
            tail += &format!(" WITH ({})", self.options.join(", "));
        }
        tail
    }

    /// Returns the statements that create the table, without deferred defaults. If there are inline
    /// triggers, the first generated column and those behind it are added after them.
    pub(crate) fn create(
        &self,
        is_deferred: impl Fn(&Column) -> bool,
        inline_triggers: &[&String],
    ) -> String {
        let unlogged = if self.unlogged { "UNLOGGED " } else { "" };
        let first = self
            .columns
            .iter()
            .position(Column::is_generated)
            .filter(|_| !inline_triggers.is_empty());
        let (at_once, added) = self.columns.split_at(first.unwrap_or(self.columns.len()));
        let define = |column: &Column| column.definition(!is_deferred(column));
        let columns: Vec<String> =
            at_once.iter().map(|column| format!("\n    {}", define(column))).collect();
        let close = if columns.is_empty() { ")" } else { "\n)" };
        let mut sql = format!(
            "CREATE {unlogged}TABLE {} ({}{close}{};",
            self.name,
            columns.join(","),
            self.suffix_clauses()
        );
        for sql_of_trigger in inline_triggers {
            sql += &format!("\n{sql_of_trigger}");
        }
        for column in added {
            sql += &format!("\nALTER TABLE {} ADD COLUMN {};", self.name, define(column));
        }
        for setting in self.columns.iter().flat_map(Column::settings) {
            sql += &format!("\nALTER TABLE ONLY {} {setting};", self.name);
        }
        sql
    }
}

impl Column {
    /// Returns whether the column is computed from others, stored or virtual.
    pub(crate) fn is_generated(&self) -> bool {
        self.generated.as_ref().is_some_and(|clause| !clause.contains(" AS IDENTITY"))
    }

    /// Returns the text of the column that is compared.
    pub(crate) fn definition_sql(&self) -> String {
        let mut lines = vec![self.definition(true)];
        lines.extend(self.settings());
        lines.join("\n")
    }

    /// Returns the definition as in `CREATE TABLE`.
    fn definition(&self, with_default: bool) -> String {
        let mut sql = format!("{} {}", self.name, self.data_type);
        let mut clause = |word: &str, value: &Option<String>| {
            if let Some(value) = value {
                sql += word;
                sql += value;
            }
        };
        clause(" COMPRESSION ", &self.compression);
        clause(" COLLATE ", &self.collation);
        if with_default {
            clause(" DEFAULT ", &self.default);
        }
        clause(" ", &self.generated);
        clause(" ", &self.not_null);
        sql
    }

    /// Returns the settings that `CREATE TABLE` does not support in every version.
    pub(crate) fn settings(&self) -> Vec<String> {
        let alter = format!("ALTER COLUMN {}", self.name);
        let mut settings = Vec::new();
        if let Some(storage) = &self.storage {
            settings.push(format!("{alter} SET STORAGE {storage}"));
        }
        if let Some(target) = self.statistics {
            settings.push(format!("{alter} SET STATISTICS {target}"));
        }
        if !self.options.is_empty() {
            settings.push(format!("{alter} SET ({})", self.options.join(", ")));
        }
        settings
    }
}
