//! Writes tables with their columns.

use seedbed_sql::quote_ident_if_needed as ident;

use super::text::{clause, literal, options, with_options};
use crate::model::{
    Column, ColumnValue, GeneratedStorage, Identity, NotNull, QualifiedName, Table,
};

/// The maximum length of a name on the server, in bytes.
const LONGEST_NAME: usize = seedbed_sql::LONGEST_NAME;

impl Table {
    /// Returns the SQL that stands for the table in a comparison. It excludes the columns, which are compared
    /// separately.
    pub(super) fn definition(&self) -> String {
        format!("CREATE {}TABLE {}{};", self.unlogged(), self.name, self.suffix())
    }

    fn unlogged(&self) -> &'static str {
        if self.unlogged { "UNLOGGED " } else { "" }
    }

    fn suffix(&self) -> String {
        let key = clause("PARTITION BY", self.partition_key.as_ref());
        let method = clause("USING", self.access_method.as_ref());
        key + &method + &with_options(&self.options)
    }

    /// Returns the statements that create the table, without deferred defaults. If there are inline triggers, the first
    /// generated column and all columns after it are added after the triggers.
    pub(super) fn create(
        &self,
        is_deferred: impl Fn(&Column) -> bool,
        inline_triggers: &[String],
    ) -> String {
        let first_added = self.columns.iter().position(Column::is_generated);
        let first_added = first_added.filter(|_| !inline_triggers.is_empty());
        let (created, added) = self.columns.split_at(first_added.unwrap_or(self.columns.len()));
        let define = |column: &Column| {
            let name = self.name_of_not_null(column);
            column.clauses(&self.name, !is_deferred(column), name)
        };
        let columns: Vec<String> =
            created.iter().map(|column| format!("\n    {}", define(column))).collect();
        let close = if columns.is_empty() { ")" } else { "\n)" };
        let (unlogged, name, suffix) = (self.unlogged(), &self.name, self.suffix());
        let mut sql =
            format!("CREATE {unlogged}TABLE {name} ({}{close}{suffix};", columns.join(","));
        for trigger in inline_triggers {
            sql += &format!("\n{trigger}");
        }
        for column in added {
            sql += &format!("\nALTER TABLE {name} ADD COLUMN {};", define(column));
        }
        for setting in self.columns.iter().flat_map(Column::settings) {
            sql += &format!("\nALTER TABLE ONLY {name} {setting};");
        }
        sql
    }

    /// Returns a name for the NOT NULL of a column, if the name that the server would choose belongs to another
    /// constraint of the table. PostgreSQL 18 and later name NOT NULL constraints.
    fn name_of_not_null(&self, column: &Column) -> Option<String> {
        column.not_null.as_ref().filter(|not_null| not_null.name.is_none())?;
        let default_name = server_chosen_name(&self.name.name, &column.name, "not_null");
        self.constraints
            .contains_key(&default_name)
            .then(|| free_name(&default_name, |name| self.constraints.contains_key(name)))
    }
}

/// Returns `name` followed by the first number for which the result is not taken, truncated before the number if it is
/// too long.
pub(super) fn free_name(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (1..).map(|number: u32| {
        let number = number.to_string();
        let end = name.floor_char_boundary(LONGEST_NAME - number.len());
        format!("{}{number}", &name[..end])
    });
    let mut free = numbered.filter(|name| !is_taken(name));
    free.next().unwrap_or_else(|| name.to_owned())
}

/// Returns the name that the server chooses for a constraint or a sequence of a column, such as `users_email_not_null`.
/// If it is too long, the longer one of the names of the relation and the column is truncated, as in PostgreSQL's
/// `makeObjectName`. A domain has no column, so `column` is empty.
pub(super) fn server_chosen_name(relation: &str, column: &str, label: &str) -> String {
    let separators = if column.is_empty() { 1 } else { 2 };
    let available = LONGEST_NAME - label.len() - separators;
    let (mut first, mut second) = (relation.len(), column.len());
    while first + second > available {
        if first > second { first -= 1 } else { second -= 1 }
    }
    let first = &relation[..relation.floor_char_boundary(first)];
    let second = &column[..column.floor_char_boundary(second)];
    if column.is_empty() { format!("{first}_{label}") } else { format!("{first}_{second}_{label}") }
}

impl NotNull {
    /// Returns the clause of the constraint, with `name` if the constraint has no name.
    pub(super) fn clause(&self, name: Option<String>) -> String {
        let name = self.name.clone().or(name);
        let name = name.map(|name| format!(" CONSTRAINT {}", ident(&name))).unwrap_or_default();
        let no_inherit = if self.no_inherit { " NO INHERIT" } else { "" };
        format!("{name} NOT NULL{no_inherit}")
    }
}

impl Column {
    /// Returns the text that stands for the column in a comparison.
    pub(super) fn definition(&self, relation: &QualifiedName) -> String {
        let mut lines = vec![self.clauses(relation, true, None)];
        lines.extend(self.settings());
        lines.join("\n")
    }

    /// Returns the definition of the column as in `CREATE TABLE`. `not_null_name` is the name of its NOT NULL
    /// constraint if the constraint itself has none.
    fn clauses(
        &self,
        relation: &QualifiedName,
        with_default: bool,
        not_null_name: Option<String>,
    ) -> String {
        let compression = clause("COMPRESSION", self.compression.as_ref());
        let collation = clause("COLLATE", self.collation.as_ref());
        let value = match &self.value {
            ColumnValue::NoDefault => String::new(),
            ColumnValue::Default(_) if !with_default => String::new(),
            ColumnValue::Default(expression) => format!(" DEFAULT {expression}"),
            ColumnValue::Generated { .. } | ColumnValue::Identity(_) => self
                .generated_clause(relation)
                .map(|clause| format!(" {clause}"))
                .unwrap_or_default(),
        };
        let not_null = self.not_null.as_ref().map(|one| one.clause(not_null_name));
        let not_null = not_null.unwrap_or_default();
        let (name, data_type) = (ident(&self.name), &self.data_type);
        format!("{name} {data_type}{compression}{collation}{value}{not_null}")
    }

    /// Returns the `GENERATED` clause, if the column is a generated or an identity column. `relation` is its table.
    #[must_use]
    pub fn generated_clause(&self, relation: &QualifiedName) -> Option<String> {
        match &self.value {
            ColumnValue::Identity(identity) => Some(identity.clause(relation, &self.name)),
            ColumnValue::Generated { expression, storage } => {
                let storage = match storage {
                    GeneratedStorage::Stored => "STORED",
                    GeneratedStorage::Virtual => "VIRTUAL",
                };
                Some(format!("GENERATED ALWAYS AS ({expression}) {storage}"))
            }
            ColumnValue::NoDefault | ColumnValue::Default(_) => None,
        }
    }

    /// Returns the actions of `ALTER TABLE` for the settings that `CREATE TABLE` does not support in every version.
    pub(super) fn settings(&self) -> Vec<String> {
        let alter = format!("ALTER COLUMN {}", ident(&self.name));
        let storage = self.storage.iter().map(|storage| format!("{alter} SET STORAGE {storage}"));
        let target = self.statistics.iter();
        let target = target.map(|target| format!("{alter} SET STATISTICS {target}"));
        let set =
            (!self.options.is_empty()).then(|| format!("{alter} SET ({})", options(&self.options)));
        storage.chain(target).chain(set).collect()
    }

    /// Returns the statements that set the properties of a materialized view's column that the query does not
    /// determine.
    pub(super) fn settings_of_view(&self, view: &QualifiedName) -> String {
        let mut settings = self.settings();
        if let Some(method) = &self.compression {
            settings.push(format!("ALTER COLUMN {} SET COMPRESSION {method}", ident(&self.name)));
        }
        let alter = |setting: &String| format!("ALTER MATERIALIZED VIEW {view} {setting};");
        settings.iter().map(alter).collect::<Vec<_>>().join("\n")
    }

    /// Returns the column of a stub, which is null and has the type, the collation and the name of this column.
    pub(super) fn placeholder(&self) -> String {
        let collation = clause("COLLATE", self.collation.as_ref());
        format!("NULL::{}{collation} AS {}", self.data_type, ident(&self.name))
    }
}

impl Identity {
    fn clause(&self, relation: &QualifiedName, column: &str) -> String {
        let always = if self.always { "ALWAYS" } else { "BY DEFAULT" };
        let mut options = self.sequence.clauses();
        let default_name = relation.sibling(server_chosen_name(&relation.name, column, "seq"));
        if default_name != self.sequence_name {
            options.insert(0, format!("SEQUENCE NAME {}", self.sequence_name));
        }
        let options =
            if options.is_empty() { String::new() } else { format!(" ({})", options.join(" ")) };
        format!("GENERATED {always} AS IDENTITY{options}")
    }
}

/// Returns the statement that sets a default.
pub(super) fn set_default(relation: &QualifiedName, column: &str, expression: &str) -> String {
    let column = ident(column);
    format!("ALTER TABLE ONLY {relation} ALTER COLUMN {column} SET DEFAULT {expression};")
}

/// Returns the statement that sets a comment, or removes it if there is no text.
pub(super) fn comment(on: &str, text: Option<&str>) -> String {
    let text = text.map_or_else(|| "NULL".to_owned(), literal);
    format!("COMMENT ON {on} IS {text};")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_that_the_server_chooses_are_predicted() {
        let long = "x".repeat(60);
        assert_eq!(server_chosen_name("users", "email", "not_null"), "users_email_not_null");
        assert_eq!(server_chosen_name(&long, "id", "seq"), format!("{}_id_seq", "x".repeat(56)));
        assert_eq!(server_chosen_name("quantity", "", "not_null"), "quantity_not_null");
        assert_eq!(free_name("a_not_null", |name| name == "a_not_null1"), "a_not_null2");
    }
}
