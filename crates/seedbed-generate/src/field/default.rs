//! The default of a column.

use super::parse::ensure_single_expression;
use super::types::TypeClass;
use super::{FieldError, FieldKind};
use crate::names::join_quoted_with_or;
use crate::rust_source::string;
use seedbed_sql::quote_literal;

/// The default of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DefaultValue {
    /// A string, which SQL writes in quotes.
    Text(String),
    /// An SQL expression, or a number that Rust does not write in the same way.
    Sql(String),
    /// A value that Rust and SQL write in the same way: `true`, `0`.
    Plain(String),
    /// No default; `=null` removes an existing default.
    None,
}

/// The reason why a text is not a constant of a class of types.
struct InvalidConstant {
    problem: String,
    hint: &'static str,
}

impl DefaultValue {
    /// Reads the text after the `=` of a field of the given kind. `field` is the whole field, for messages.
    pub(crate) fn read(field: &str, kind: &FieldKind, text: &str) -> Result<Self, FieldError> {
        let fail = |problem: &str, hint: &str| Err(FieldError::new(field, problem, hint));
        if text.is_empty() {
            return fail("the default after the `=` is missing", "write an empty string as `''`");
        }
        if text.eq_ignore_ascii_case("null") {
            return Ok(Self::None);
        }
        let quoted = unquoted(text);
        let text_value = quoted.clone().unwrap_or_else(|| text.to_owned());
        let class = match kind {
            // A `tsvector` is indexed like an array, but is written like text.
            FieldKind::Plain(plain) if plain.data_type.is_builtin("tsvector") => TypeClass::Text,
            FieldKind::Plain(plain) => plain.class,
            FieldKind::Enum { values, array: false } => {
                if values.contains(&text_value) {
                    return Ok(Self::Text(text_value));
                }
                let problem = format!("the default `{text_value}` is not a value of the enum");
                return fail(&problem, &format!("use {}", join_quoted_with_or(values)));
            }
            FieldKind::Enum { .. } => TypeClass::Array,
            FieldKind::References { .. } => TypeClass::Uuid,
        };
        if quoted.is_none() && is_expression(text) {
            return match ensure_single_expression(text) {
                Ok(()) => Ok(Self::Sql(text.to_owned())),
                Err(problem) => fail(
                    problem,
                    "write one SQL expression as the default, without a comment or a semicolon",
                ),
            };
        }
        Self::read_constant(class, text, text_value)
            .or_else(|invalid| fail(&invalid.problem, invalid.hint))
    }

    /// Reads a constant of a class of types. `value` is the text without its quotes.
    fn read_constant(class: TypeClass, text: &str, value: String) -> Result<Self, InvalidConstant> {
        let wrong = |expected: &str, hint| {
            Err(InvalidConstant { problem: format!("`{text}` is not {expected}"), hint })
        };
        match class {
            TypeClass::Boolean => match text.to_lowercase().as_str() {
                "true" | "false" => Ok(Self::Plain(text.to_lowercase())),
                _ => wrong("a boolean", "write `=true` or `=false`"),
            },
            TypeClass::Integer => match text.parse::<i64>() {
                Ok(number) if i32::try_from(number).is_ok() => Ok(Self::Plain(number.to_string())),
                Ok(number) => Ok(Self::Sql(number.to_string())),
                Err(_) => wrong("an integer", "write a number such as `=0`"),
            },
            TypeClass::Number => match value.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Self::Sql(value)),
                _ => wrong("a number", "write a number such as `=0` or `=9.99`"),
            },
            // The constant 'now' would become the time at which the default was created.
            TypeClass::DateTime if is_relative(&value) => wrong(
                "evaluated for each insert",
                "write `=now()`, which is evaluated for each insert",
            ),
            TypeClass::Json if serde_json::from_str::<serde_json::Value>(&value).is_err() => wrong(
                "JSON",
                "write JSON such as `={}` or `=[]`, in single quotes if it has spaces",
            ),
            TypeClass::Uuid if uuid::Uuid::parse_str(&value).is_ok() => Ok(Self::Text(value)),
            TypeClass::Array if !(value.starts_with('{') && value.ends_with('}')) => {
                wrong("an array", "write an array such as `={}` or `={a,b}`")
            }
            TypeClass::Uuid => wrong("a uuid", "write `=uuid_generate_v4()` or a constant"),
            TypeClass::Serial => Err(InvalidConstant {
                problem: "a serial type cannot have a default".to_owned(),
                hint: "remove the default, because a sequence generates the value",
            }),
            _ => Ok(Self::Text(value)),
        }
    }

    /// Returns the argument of SeaORM's `default`, or `None` if there is no default.
    pub(crate) fn rust(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(string(text)),
            Self::Plain(value) => Some(value.clone()),
            Self::Sql(sql) => Some(format!("Expr::cust({})", string(sql))),
            Self::None => None,
        }
    }

    /// Returns the default as SQL.
    pub(crate) fn sql(&self) -> String {
        match self {
            Self::Text(text) => quote_literal(text),
            Self::Plain(value) | Self::Sql(value) => value.clone(),
            Self::None => "NULL".to_owned(),
        }
    }
}

/// Returns whether PostgreSQL reads the text as a time relative to now.
fn is_relative(text: &str) -> bool {
    let word = text.trim().trim_end_matches("()").to_lowercase();
    matches!(word.as_str(), "now" | "today" | "tomorrow" | "yesterday")
}

/// Returns the text between single quotes, in which two quotes stand for one. Returns `None` unless the whole text is
/// one quoted string.
pub(super) fn unquoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
    let one_literal = !inner.replace("''", "").contains('\'');
    one_literal.then(|| inner.replace("''", "'"))
}

/// Returns whether the text is an SQL expression: a call such as `now()`, a cast, literals with
/// operators, or a keyword such as `current_date`.
fn is_expression(text: &str) -> bool {
    let is_call = text.split_once('(').is_some_and(|(name, rest)| {
        !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
            && rest.ends_with(')')
    });
    let lower = text.to_lowercase();
    is_call
        || text.contains("::")
        || text.starts_with('\'')
        || matches!(
            lower.as_str(),
            "current_timestamp" | "current_date" | "current_time" | "current_user"
        )
}
