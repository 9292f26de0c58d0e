//! A table with its columns and constraints.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::object::{Kind, Object};

/// A table, by itself or partitioned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Its qualified name as SQL has it.
    pub name: String,
    /// Whether its rows survive a crash.
    pub unlogged: bool,
    /// The strategy and key, such as `RANGE (at)`, if it is partitioned.
    pub partitioned_by: Option<String>,
    /// The access method, if it is not `heap`.
    pub method: Option<String>,
    /// The storage parameters, such as `fillfactor=70`.
    pub options: Vec<String>,
    /// In their order.
    pub columns: Vec<Column>,
    /// By name: keys, checks, exclusions and foreign keys.
    pub constraints: BTreeMap<String, Constraint>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name as SQL has it.
    pub name: String,
    /// Its type, such as `character varying(20)`.
    pub data_type: String,
    /// The collation, if it is not that of the type.
    pub collation: Option<String>,
    /// `NOT NULL`, with its name if that is not the automatic one.
    pub not_null: Option<String>,
    /// The expression of its default.
    pub default: Option<String>,
    /// The clause from `GENERATED` on, of a generated and of an identity column.
    pub generated: Option<String>,
    /// The compression method, if it was set.
    pub compression: Option<String>,
    /// The storage, if it is not that of the type.
    pub storage: Option<String>,
    /// The target of its statistics, if it was set.
    pub statistics: Option<i32>,
    /// Options such as `n_distinct=5`.
    pub options: Vec<String>,
}

/// What a constraint demands.
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
    /// One that cannot stand in its column, such as one that is not valid.
    NotNull,
}

/// A constraint of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Constraint {
    /// What it demands.
    pub kind: ConstraintKind,
    /// The columns, as SQL has their names, in the constraint's order.
    pub columns: Vec<String>,
    /// What stands after its name.
    pub definition: String,
    /// Where a foreign key leads.
    pub references: Option<Reference>,
}

/// Where a foreign key leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// The qualified name of the table.
    pub table: String,
    /// Its columns.
    pub columns: Vec<String>,
}

impl Table {
    pub(crate) fn object(&self) -> Object {
        Object::new(Kind::Table, self.name.clone())
    }

    /// The table without its columns: what is compared of it.
    pub(crate) fn summary(&self) -> String {
        let unlogged = if self.unlogged { "UNLOGGED " } else { "" };
        format!("CREATE {unlogged}TABLE {}{};", self.name, self.tail())
    }

    fn tail(&self) -> String {
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

    /// The statements that make it, but for those defaults that can only be set later. What is made `early` comes
    /// before the first generated column, and that and those after it are added.
    pub(crate) fn create(&self, is_later: impl Fn(&Column) -> bool, early: &[&String]) -> String {
        let unlogged = if self.unlogged { "UNLOGGED " } else { "" };
        let first = self.columns.iter().position(Column::is_computed).filter(|_| !early.is_empty());
        let (at_once, added) = self.columns.split_at(first.unwrap_or(self.columns.len()));
        let define = |column: &Column| column.definition(!is_later(column));
        let columns: Vec<String> =
            at_once.iter().map(|column| format!("\n    {}", define(column))).collect();
        let close = if columns.is_empty() { ")" } else { "\n)" };
        let mut sql = format!(
            "CREATE {unlogged}TABLE {} ({}{close}{};",
            self.name,
            columns.join(","),
            self.tail()
        );
        for sql_of_trigger in early {
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
    /// Whether it is computed from others, stored or not.
    pub(crate) fn is_computed(&self) -> bool {
        self.generated.as_ref().is_some_and(|clause| !clause.contains(" AS IDENTITY"))
    }

    /// All of it in one text: what is compared.
    pub(crate) fn summary(&self) -> String {
        let mut lines = vec![self.definition(true)];
        lines.extend(self.settings());
        lines.join("\n")
    }

    /// As in `CREATE TABLE`.
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

    /// What `CREATE TABLE` has no word for in every version.
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
