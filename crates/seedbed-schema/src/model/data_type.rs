//! Types of columns, domains and attributes.

use std::fmt;

use serde::{Serialize, Serializer};

use super::QualifiedName;

/// A type as a value. `Display` writes what PostgreSQL's `format_type` returns for an empty search path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DataType {
    /// The type, or the type of the elements of an array.
    pub base: BaseType,
    /// The modifier, such as the length of a `varchar(20)`.
    pub modifier: Option<TypeModifier>,
    /// Whether the type is an array. PostgreSQL does not enforce the number of dimensions.
    pub is_array: bool,
}

/// A type without its modifier.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum BaseType {
    /// A type of PostgreSQL, by its name in SQL, such as `character varying`.
    Builtin(String),
    /// An enum type of the database.
    Enum(QualifiedName),
    /// A domain of the database.
    Domain(QualifiedName),
    /// A composite type of the database, or the row type of a table or view.
    Composite(QualifiedName),
    /// A range or a multirange of the database.
    Range(QualifiedName),
    /// A type of an extension, of any kind.
    Extension {
        /// The name of the extension.
        extension: String,
        /// The name of the type.
        name: QualifiedName,
    },
    /// Another type, such as a base type that a library implements.
    Other(QualifiedName),
}

/// The modifier of a type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TypeModifier {
    /// The length of a `character`, `character varying`, `bit` or `bit varying`.
    Length(i32),
    /// The digits of a `numeric`.
    Digits {
        /// The number of digits.
        precision: i32,
        /// The number of digits behind the decimal point. It may be negative since PostgreSQL 15.
        scale: i32,
    },
    /// The number of fractional digits of the seconds of a time, a timestamp or an interval.
    Precision(i32),
    /// The text that SQL writes behind the name of an interval or of an extension's type, such as `(Point,4326)`.
    Text(String),
}

impl DataType {
    /// Returns a type of PostgreSQL by its name in SQL, without a modifier.
    #[must_use]
    pub fn builtin(name: impl Into<String>) -> Self {
        Self { base: BaseType::Builtin(name.into()), modifier: None, is_array: false }
    }

    /// Returns the type of the elements of an array, or the type itself.
    #[must_use]
    pub fn element(&self) -> Self {
        Self { is_array: false, ..self.clone() }
    }

    /// Returns whether the type is the named type of PostgreSQL, with any modifier, and not an array.
    #[must_use]
    pub fn is_builtin(&self, name: &str) -> bool {
        !self.is_array && matches!(&self.base, BaseType::Builtin(builtin) if builtin == name)
    }
}

impl BaseType {
    /// Returns the name of the type, unless it is a built-in type of PostgreSQL.
    #[must_use]
    pub fn name(&self) -> Option<&QualifiedName> {
        match self {
            Self::Builtin(_) => None,
            Self::Enum(name)
            | Self::Domain(name)
            | Self::Composite(name)
            | Self::Range(name)
            | Self::Extension { name, .. }
            | Self::Other(name) => Some(name),
        }
    }
}

impl fmt::Display for BaseType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.name()) {
            (Self::Builtin(name), _) => f.write_str(name),
            (_, Some(name)) => name.fmt(f),
            (_, None) => Ok(()),
        }
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.modifier, &self.base) {
            (None, base) => write!(f, "{base}")?,
            // The precision follows the first word of the name.
            (Some(TypeModifier::Precision(digits)), BaseType::Builtin(name)) => {
                match name.as_str() {
                    "timestamp with time zone" => write!(f, "timestamp({digits}) with time zone")?,
                    "timestamp without time zone" => {
                        write!(f, "timestamp({digits}) without time zone")?;
                    }
                    "time with time zone" => write!(f, "time({digits}) with time zone")?,
                    "time without time zone" => write!(f, "time({digits}) without time zone")?,
                    name => write!(f, "{name}({digits})")?,
                }
            }
            (Some(TypeModifier::Precision(number) | TypeModifier::Length(number)), base) => {
                write!(f, "{base}({number})")?;
            }
            (Some(TypeModifier::Digits { precision, scale }), base) => {
                write!(f, "{base}({precision},{scale})")?;
            }
            (Some(TypeModifier::Text(text)), base) => write!(f, "{base}{text}")?,
        }
        f.write_str(if self.is_array { "[]" } else { "" })
    }
}

impl Serialize for DataType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_written_as_the_server_writes_it() {
        let name = QualifiedName::new("extra", "Mood");
        let builtin = |name: &str| BaseType::Builtin(name.to_owned());
        for (base, modifier, is_array, text) in [
            (builtin("integer"), None, true, "integer[]"),
            (
                builtin("character varying"),
                Some(TypeModifier::Length(20)),
                false,
                "character varying(20)",
            ),
            (
                builtin("numeric"),
                Some(TypeModifier::Digits { precision: 10, scale: -2 }),
                true,
                "numeric(10,-2)[]",
            ),
            (
                builtin("timestamp with time zone"),
                Some(TypeModifier::Precision(3)),
                false,
                "timestamp(3) with time zone",
            ),
            (
                builtin("interval"),
                Some(TypeModifier::Text(" day to second(3)".to_owned())),
                false,
                "interval day to second(3)",
            ),
            (BaseType::Enum(name), None, true, "extra.\"Mood\"[]"),
        ] {
            assert_eq!(DataType { base, modifier, is_array }.to_string(), text);
        }
    }
}
