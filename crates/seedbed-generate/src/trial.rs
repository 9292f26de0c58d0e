//! What PostgreSQL itself says to the expressions in a script, before it is written.
//!
//! Each is tried on temporary tables, in a transaction that is rolled back: no table of anybody is locked
//! but for reading its columns, and nothing stays.

use crate::field::{Class, DefaultValue, Field, Kind};
use seedbed_sql::quote_literal;

use crate::sql::word;

/// Statements that have to succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// What is tried, as somebody typed it.
    pub of: String,
    statements: Vec<String>,
    /// The type without which nothing is tried: an extension brings it, that a script creates.
    needs: Option<String>,
}

impl Trial {
    pub(crate) fn new(of: impl Into<String>, statements: Vec<String>) -> Self {
        Self { of: of.into(), statements, needs: None }
    }

    /// Tried only where there is that type.
    pub(crate) fn if_there_is(self, needs: Option<&str>) -> Self {
        Self { needs: needs.map(str::to_owned), ..self }
    }

    /// The statement that tries it, which fails as the first of its own does. What somebody typed is in
    /// literals only, so that no client takes a part of it for a command of its own.
    #[must_use]
    pub fn sql(&self) -> String {
        let execute = |sql: &String| format!("EXECUTE {};\n", quote_literal(sql));
        let mut body: String = self.statements.iter().map(execute).collect();
        if let Some(needs) = &self.needs {
            body = format!(
                "IF to_regtype({}) IS NOT NULL THEN\n{body}END IF;\n",
                quote_literal(needs)
            );
        }
        format!("DO {}", quote_literal(&format!("BEGIN\n{body}END")))
    }
}

/// A temporary table with the columns of one that there is, which takes its name; statements about it go
/// to `pg_temp.` and that name.
pub(crate) fn copy(table: &str, including: &str) -> String {
    format!("CREATE TEMP TABLE {0} (LIKE {0} {including})", word(table))
}

/// What the copy is called.
pub(crate) fn copied(table: &str) -> String {
    format!("pg_temp.{}", word(table))
}

/// The trial of the type and the default of a field, where they may be wrong: a table of nothing else, and a
/// row of it.
pub(crate) fn of_field(field: &Field) -> Option<Trial> {
    let default = field.default.as_ref().filter(|default| **default != DefaultValue::None);
    let built = field.type_in("");
    // A type of somebody's own may not be there.
    if default.is_none() && (built.class != Class::Other || matches!(field.kind, Kind::Enum { .. }))
    {
        return None;
    }
    let table = format!("pg_temp.{}", word(&format!("trial of {}", field.column())));
    let mut statements = Vec::new();
    let sql_type = match &field.kind {
        Kind::Enum { values, array } => {
            let name = format!("pg_temp.{}", word(&format!("type of {}", field.column())));
            statements.push(create_enum(&name, values));
            if *array { format!("{name}[]") } else { name }
        }
        _ => built.sql,
    };
    let column = match default {
        Some(default) => format!("{sql_type} DEFAULT {}", default.sql()),
        None => sql_type,
    };
    statements.push(format!("CREATE TABLE {table} (tried {column})"));
    // What a call does is nobody's business before there is a row.
    let calls = matches!(default, Some(DefaultValue::Sql(sql)) if sql.contains('('));
    if default.is_some() && !calls {
        statements.push(format!("INSERT INTO {table} DEFAULT VALUES"));
    }
    Some(Trial::new(format!("field `{}`", field.typed), statements))
}

pub(crate) fn create_enum(name: &str, values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| quote_literal(value)).collect();
    format!("CREATE TYPE {name} AS ENUM ({})", values.join(", "))
}
