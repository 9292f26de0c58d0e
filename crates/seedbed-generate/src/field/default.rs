//! The default of a column.

use super::parse::one_expression;
use super::types::Class;
use super::{FieldError, Kind};
use crate::rust::string;
use seedbed_sql::quote_literal;

/// What a column gets where nothing is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DefaultValue {
    /// Text, in quotes when it is SQL.
    Text(String),
    /// SQL as it is, a number for example.
    Sql(String),
    /// A value that Rust and SQL write alike: `true`, `0`.
    Plain(String),
    /// No default; `=null` takes one away.
    None,
}

impl DefaultValue {
    /// Reads what stands behind the `=` of a field of that kind.
    pub(crate) fn read(field: &str, kind: &Kind, text: &str) -> Result<Self, FieldError> {
        let fail = |problem: String, hint: String| Err(FieldError::new(field, problem, hint));
        if text.is_empty() {
            return fail("nothing follows the `=`".to_owned(), "an empty text is ''".to_owned());
        }
        if text.eq_ignore_ascii_case("null") {
            return Ok(Self::None);
        }
        let quoted = unquoted(text);
        let text_value = quoted.clone().unwrap_or_else(|| text.to_owned());
        let class = match kind {
            Kind::Plain(plain) if plain.sql == "tsvector" => Class::Text,
            Kind::Plain(plain) => plain.class,
            Kind::Enum { values, array: false } => {
                if values.contains(&text_value) {
                    return Ok(Self::Text(text_value));
                }
                let hint = format!("one of {}", values.join(", "));
                return fail(format!("its default `{text_value}` is not among its values"), hint);
            }
            Kind::Enum { .. } => Class::Array,
            Kind::References { .. } => Class::Uuid,
        };
        if quoted.is_none() && is_expression(text) {
            if let Err(problem) = one_expression(text) {
                return fail(problem.to_owned(), "leave it out of the default".to_owned());
            }
            return Ok(Self::Sql(text.to_owned()));
        }
        let wrong =
            |what: &str, hint: &str| fail(format!("`{text}` is no {what}"), hint.to_owned());
        match class {
            Class::Boolean => match text.to_lowercase().as_str() {
                "true" | "false" => Ok(Self::Plain(text.to_lowercase())),
                _ => wrong("boolean", "=true or =false"),
            },
            Class::Integer => match text.parse::<i64>() {
                Ok(number) if i32::try_from(number).is_ok() => Ok(Self::Plain(number.to_string())),
                Ok(number) => Ok(Self::Sql(number.to_string())),
                Err(_) => wrong("integer", "such as =0"),
            },
            Class::Number => match text_value.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Self::Sql(text_value)),
                _ => wrong("number", "such as =0 or =9.99"),
            },
            // The text 'now' would become the moment in which the column was made.
            Class::Moment if is_relative(&text_value) => {
                wrong("moment that stays the present one", "=now() is computed for each row")
            }
            Class::Json if serde_json::from_str::<serde_json::Value>(&text_value).is_err() => {
                wrong("JSON", "such as ={} or =[], in '' if it has spaces")
            }
            Class::Uuid if uuid::Uuid::parse_str(&text_value).is_ok() => Ok(Self::Text(text_value)),
            Class::Array if !(text_value.starts_with('{') && text_value.ends_with('}')) => {
                wrong("array", "such as ={} or ={a,b}")
            }
            Class::Uuid => wrong("uuid", "=uuid_generate_v4()"),
            Class::Counter => wrong("default of what the database counts", "leave the default out"),
            _ => Ok(Self::Text(text_value)),
        }
    }

    /// The argument of SeaORM's `default`; `None` if there is no default.
    pub(crate) fn rust(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(string(text)),
            Self::Plain(value) => Some(value.clone()),
            Self::Sql(sql) => Some(format!("Expr::cust({})", string(sql))),
            Self::None => None,
        }
    }

    /// As SQL.
    pub(crate) fn sql(&self) -> String {
        match self {
            Self::Text(text) => quote_literal(text),
            Self::Plain(value) | Self::Sql(value) => value.clone(),
            Self::None => "NULL".to_owned(),
        }
    }
}

/// What PostgreSQL reads as a moment near the present one.
fn is_relative(text: &str) -> bool {
    let word = text.trim().trim_end_matches("()").to_lowercase();
    matches!(word.as_str(), "now" | "today" | "tomorrow" | "yesterday")
}

/// What stands between single quotes, of which two in a row are one.
pub(super) fn unquoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
    let one_literal = !inner.replace("''", "").contains('\'');
    one_literal.then(|| inner.replace("''", "'"))
}

/// A call such as `now()`, a cast, literals with something between them, or one of the words that SQL
/// computes.
fn is_expression(text: &str) -> bool {
    let call = text.split_once('(').is_some_and(|(name, rest)| {
        !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
            && rest.ends_with(')')
    });
    let lower = text.to_lowercase();
    call || text.contains("::")
        || text.starts_with('\'')
        || matches!(
            lower.as_str(),
            "current_timestamp" | "current_date" | "current_time" | "current_user"
        )
}
