//! Creates statements that let PostgreSQL check the expressions of a generated script before it is written.
//!
//! Each dry run works on temporary tables in a transaction that is rolled back. It locks an existing table only to read
//! its columns, and leaves nothing behind.

use crate::field::{DefaultValue, Field, FieldKind, TypeClass};
use seedbed_sql::quote_literal;

use seedbed_sql::quote_ident_if_needed as quote_if_needed;

/// Statements that have to succeed before a script is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DryRun {
    /// The input that the dry run checks, as the user typed it, for error messages.
    pub subject: String,
    statements: Vec<String>,
    /// A type of an extension. If the database does not have it, the dry run is skipped, because only one of the
    /// generated scripts creates the extension.
    required_type: Option<String>,
}

impl DryRun {
    pub(crate) fn new(subject: impl Into<String>, statements: Vec<String>) -> Self {
        Self { subject: subject.into(), statements, required_type: None }
    }

    /// Skips the dry run where the database does not have the type.
    pub(crate) fn only_if_type_exists(self, required_type: Option<&str>) -> Self {
        Self { required_type: required_type.map(str::to_owned), ..self }
    }

    /// Returns one statement that executes all statements of the dry run, and fails with the error of the first one
    /// that fails. User input is only in literals, so that no client takes a part of the input for a client command.
    #[must_use]
    pub fn sql(&self) -> String {
        let execute = |sql: &String| format!("EXECUTE {};\n", quote_literal(sql));
        let mut block: String = self.statements.iter().map(execute).collect();
        if let Some(required_type) = &self.required_type {
            block = format!(
                "IF to_regtype({}) IS NOT NULL THEN\n{block}END IF;\n",
                quote_literal(required_type)
            );
        }
        format!("DO {}", quote_literal(&format!("BEGIN\n{block}END")))
    }
}

/// Returns the statement that creates a temporary copy of a table under the same name. `including` holds further
/// options of `LIKE`. Statements about the copy use [`copy_name`].
pub(crate) fn copy_table_sql(table: &str, including: &str) -> String {
    format!("CREATE TEMP TABLE {0} (LIKE {0} {including})", quote_if_needed(table))
}

/// Returns the qualified name of the temporary copy.
pub(crate) fn copy_name(table: &str) -> String {
    format!("pg_temp.{}", quote_if_needed(table))
}

/// Returns the dry run of a field: it creates a table with only that column, and inserts a row with its default.
/// Returns `None` if neither the type nor the default can be wrong.
pub(crate) fn for_field(field: &Field) -> Option<DryRun> {
    let default = field.default.as_ref().filter(|default| **default != DefaultValue::None);
    let field_type = field.type_in("");
    // A user-defined type may not exist.
    if default.is_none()
        && (field_type.class != TypeClass::Other || matches!(field.kind, FieldKind::Enum { .. }))
    {
        return None;
    }
    let table = format!("pg_temp.{}", quote_if_needed(&format!("dry run of {}", field.column())));
    let mut statements = Vec::new();
    let sql_type = match &field.kind {
        FieldKind::Enum { values, array } => {
            let name =
                format!("pg_temp.{}", quote_if_needed(&format!("type of {}", field.column())));
            statements.push(create_enum(&name, values));
            if *array { format!("{name}[]") } else { name }
        }
        _ => field_type.sql(),
    };
    let column = match default {
        Some(default) => format!("{sql_type} DEFAULT {}", default.sql()),
        None => sql_type,
    };
    statements.push(format!("CREATE TABLE {table} (tried {column})"));
    // PostgreSQL evaluates the default only when a row is inserted. No row is inserted if the default calls a function,
    // which may have effects outside of the transaction.
    let calls_function = matches!(default, Some(DefaultValue::Sql(sql)) if sql.contains('('));
    if default.is_some() && !calls_function {
        statements.push(format!("INSERT INTO {table} DEFAULT VALUES"));
    }
    Some(DryRun::new(format!("the field `{}`", field.input), statements))
}

/// Returns the statement that creates an enum type. `name` is written as SQL.
pub(crate) fn create_enum(name: &str, values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| quote_literal(value)).collect();
    format!("CREATE TYPE {name} AS ENUM ({})", values.join(", "))
}
