//! The present definition of what is dropped or changed, so that `down` can restore it.

use heck::ToSnakeCase as _;
use serde::Deserialize;

use crate::inflection::singular;
use crate::migration::WriteError;
use crate::operation::TableName;
use seedbed_sql::quote_literal;

/// What the database has under the names that an operation [names](crate::Operation::object_names).
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Present {
    tables: Vec<Table>,
    enums: Vec<Enum>,
    /// All names that are taken.
    others: Vec<Other>,
    #[serde(default)]
    unknown: Vec<String>,
}

/// A name that is taken.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Other {
    name: String,
    /// What has it: a table, an index, an enum type.
    pub(crate) kind: String,
    /// Of a table: the type of its column `id`.
    pub(crate) key: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) comment: Option<String>,
    pub(crate) columns: Vec<Column>,
    pub(crate) constraints: Vec<Constraint>,
    /// Those that belong to no constraint.
    pub(crate) indexes: Vec<Index>,
    /// As PostgreSQL writes them.
    pub(crate) triggers: Vec<String>,
    /// Whether its columns are those of another table or type, or those of others are its.
    #[serde(default)]
    pub(crate) inherits: bool,
    /// What keeps it from being dropped.
    #[serde(rename = "needed_by")]
    pub(crate) dependents: Vec<String>,
    /// What a script would not put back.
    #[serde(rename = "beyond")]
    pub(crate) unsupported: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) sql_type: String,
    pub(crate) is_enum: bool,
    pub(crate) not_null: bool,
    pub(crate) default: Option<String>,
    /// `(price * 2) STORED`
    pub(crate) generated: Option<String>,
    /// `ALWAYS AS IDENTITY (START WITH 5)`
    pub(crate) identity: Option<String>,
    /// Whether it is what `bigserial` and the like make.
    pub(crate) serial: bool,
    /// Those that it owns and that no other word makes as they are.
    #[serde(default)]
    pub(crate) sequences: Vec<Sequence>,
    /// If it is not that of its type.
    pub(crate) collation: Option<String>,
    pub(crate) comment: Option<String>,
    /// What a script would not put back.
    #[serde(rename = "beyond")]
    pub(crate) unsupported: Vec<String>,
    /// What keeps it from being dropped.
    #[serde(default)]
    #[serde(rename = "needed_by")]
    pub(crate) dependents: Vec<String>,
    /// What keeps it from becoming another type.
    #[serde(default)]
    #[serde(rename = "held_by")]
    pub(crate) type_dependents: Vec<String>,
    /// The foreign keys on both of its sides.
    #[serde(default)]
    pub(crate) keys: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Sequence {
    /// As SQL has it.
    pub(crate) name: String,
    /// The statement that makes it, unless the column does.
    pub(crate) definition: Option<String>,
    pub(crate) comment: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Constraint {
    pub(crate) name: String,
    /// As in `pg_constraint`: p, u, c, f, x.
    pub(crate) kind: char,
    pub(crate) definition: String,
    pub(crate) comment: Option<String>,
    /// Those of the key, or of the check.
    pub(crate) columns: Vec<String>,
    /// All those with which it goes.
    #[serde(default)]
    pub(crate) touches: Vec<String>,
    /// What a script would not put back.
    #[serde(default)]
    #[serde(rename = "beyond")]
    pub(crate) unsupported: Vec<String>,
    /// What keeps it from being dropped.
    #[serde(default)]
    #[serde(rename = "needed_by")]
    pub(crate) dependents: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Index {
    pub(crate) name: String,
    pub(crate) definition: String,
    pub(crate) comment: Option<String>,
    pub(crate) columns: Vec<String>,
    /// What a script would not put back.
    #[serde(default)]
    #[serde(rename = "beyond")]
    pub(crate) unsupported: Vec<String>,
    /// What keeps it from being dropped.
    #[serde(default)]
    #[serde(rename = "needed_by")]
    pub(crate) dependents: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Enum {
    pub(crate) name: String,
    pub(crate) comment: Option<String>,
    pub(crate) values: Vec<String>,
    pub(crate) used_by: Vec<String>,
    /// What a script would not put back.
    #[serde(default)]
    #[serde(rename = "beyond")]
    pub(crate) unsupported: Vec<String>,
}

impl Present {
    /// The query that returns it as one JSON document in one row, for PostgreSQL 14 and later. It reads
    /// the catalogue only.
    #[must_use]
    pub fn query(names: &[&str]) -> String {
        let names: Vec<String> = names.iter().map(|name| quote_literal(name)).collect();
        include_str!("present.sql")
            .replace("{names}", &format!("ARRAY[{}]::text[]", names.join(", ")))
    }

    /// Reads what the query returned.
    ///
    /// # Errors
    /// When it is something else.
    pub fn read(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }

    /// Names what these tables have and only a later PostgreSQL knows: no script restores it.
    #[must_use]
    pub fn unknown(&self) -> &[String] {
        &self.unknown
    }

    /// Whether there is a table of just that name.
    #[must_use]
    pub fn has_table(&self, name: &str) -> bool {
        self.tables.iter().any(|table| table.name == name)
    }

    /// The table, under the name that was typed or in the plural.
    pub(crate) fn table(&self, table: &TableName) -> Result<&Table, WriteError> {
        let mut names = [&table.input, &table.plural].into_iter();
        let found = names.find_map(|name| self.tables.iter().find(|t| t.name == *name));
        found.ok_or_else(|| WriteError::TableNotFound {
            table: table.display_names(),
            near: self.nearest_table(&table.plural),
        })
    }

    /// Whether all is known of what has that name: it was asked for, or nothing has it.
    pub(crate) fn tells_of(&self, name: &str) -> bool {
        let is_known = |other: &Other| match other.kind.as_str() {
            "table" => self.has_table(name),
            "enum type" => self.enums.iter().any(|one| one.name == name),
            _ => true,
        };
        self.others.iter().filter(|other| other.name == name).all(is_known)
    }

    /// What has that name.
    pub(crate) fn taken(&self, name: &str) -> Option<&Other> {
        self.others.iter().find(|other| other.name == name)
    }

    pub(crate) fn nearest_table(&self, name: &str) -> Option<String> {
        let tables = self.others.iter().filter(|other| other.kind == "table");
        near(name, tables.map(|table| &table.name))
    }

    pub(crate) fn enumeration(&self, name: &str) -> Result<&Enum, WriteError> {
        let found = self.enums.iter().find(|one| one.name == name);
        found.ok_or_else(|| {
            let types = self.others.iter().filter(|other| other.kind == "enum type");
            let mut types = types.map(|one| &one.name);
            // Who says `status` may mean `invoice_status`.
            let ends = types.clone().find(|one| one.ends_with(&format!("_{name}")));
            let near = ends.cloned().or_else(|| near(name, &mut types));
            WriteError::EnumNotFound { name: name.to_owned(), near }
        })
    }
}

impl Table {
    pub(crate) fn column(&self, name: &str) -> Result<&Column, WriteError> {
        self.columns.iter().find(|column| column.name == name).ok_or_else(|| {
            WriteError::ColumnNotFound {
                table: self.name.clone(),
                column: name.to_owned(),
                near: near(
                    name,
                    self.columns.iter().map(|one| &one.name).filter(|one| can_be_typed(one)),
                ),
            }
        })
    }

    /// The one column of its primary key, if rows can be counted through by it.
    pub(crate) fn key(&self) -> Option<&Column> {
        let key = self.constraints.iter().find(|constraint| constraint.kind == 'p')?;
        let [column] = key.columns.as_slice() else { return None };
        self.column(column).ok()
    }
}

/// Whether the name of a script can have it.
fn can_be_typed(name: &str) -> bool {
    name.to_snake_case() == name
}

/// The nearest of some names, if it is near: one that begins so, else one that is spelt much alike.
fn near<'n>(wanted: &str, names: impl Iterator<Item = &'n String>) -> Option<String> {
    let begins = |name: &str| name.starts_with(&singular(wanted)) && wanted.len() > 2;
    let score = |name: &str| {
        if begins(name) { 1.0 } else { strsim::jaro_winkler(wanted, name) }
    };
    let scored = names.map(|name| (score(name), name));
    let (score, name) = scored.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (score > 0.82).then(|| name.clone())
}
