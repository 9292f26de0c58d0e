//! Typed fields: `name:string! price:decimal(10,2)=0 organization:references:cascade`.

mod default;
mod error;
mod parse;
pub(crate) mod types;

pub(crate) use default::DefaultValue;
pub use error::FieldError;
pub(crate) use parse::{one_expression, values};
pub(crate) use types::{Class, Type};

use crate::intent::Uniqueness;

/// One field of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// As it was typed, for messages.
    pub(crate) typed: String,
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) null: Null,
    pub(crate) default: Option<DefaultValue>,
    pub(crate) index: Option<Uniqueness>,
    /// What the rows of old get, as SQL.
    pub(crate) fill: Option<String>,
}

/// What the field is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain(Type),
    /// A type of its own, named after table and column, with these values.
    Enum {
        values: Vec<String>,
        array: bool,
    },
    /// The key of a row of that table.
    References {
        /// In the plural; as it was typed once the database is known to have it so.
        table: String,
        /// As it was typed, be it by the name of the field.
        typed: String,
        on_delete: OnDelete,
    },
}

/// What the field says about null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Null {
    /// `!`
    Never,
    /// `?`
    Allowed,
    /// Nothing: allowed in a new column, and as it was in one that is changed.
    Unsaid,
}

/// What happens to the row when the one that it refers to is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnDelete {
    Cascade,
    Restrict,
    SetNull,
    SetDefault,
    NoAction,
}

impl OnDelete {
    const ALL: [Self; 5] =
        [Self::Cascade, Self::Restrict, Self::SetNull, Self::SetDefault, Self::NoAction];

    /// As it is typed.
    const fn word(self) -> &'static str {
        match self {
            Self::Cascade => "cascade",
            Self::Restrict => "restrict",
            Self::SetNull => "set_null",
            Self::SetDefault => "set_default",
            Self::NoAction => "no_action",
        }
    }

    pub(crate) fn sql(self) -> String {
        self.word().replace('_', " ").to_uppercase()
    }

    /// SeaORM's variant.
    pub(crate) fn variant(self) -> String {
        heck::ToUpperCamelCase::to_upper_camel_case(self.word())
    }
}

impl Field {
    /// Reads a list of fields, separated by spaces.
    ///
    /// # Errors
    /// A [`FieldError`] about the first field that is not one; also if two have one name.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, FieldError> {
        let mut fields: Vec<Self> = Vec::new();
        for field in parse::split(text)? {
            let field = parse::field(&field)?;
            if fields.iter().any(|other| other.column() == field.column()) {
                return Err(FieldError::new(
                    &field.typed,
                    "there are two of that name",
                    "leave one out",
                ));
            }
            fields.push(field);
        }
        Ok(fields)
    }

    /// The name of its column: `organization_id` for what refers to an organization.
    pub(crate) fn column(&self) -> String {
        match self.kind {
            Kind::References { .. } => format!("{}_id", self.name),
            _ => self.name.clone(),
        }
    }

    /// Its type in that table.
    pub(crate) fn type_in(&self, table: &str) -> Type {
        match &self.kind {
            Kind::Plain(plain) => plain.clone(),
            Kind::Enum { array, .. } => {
                let one = types::custom(&self.enum_name(table), Class::Other);
                if *array { types::array(&one) } else { one }
            }
            Kind::References { .. } => types::from_sql("uuid"),
        }
    }

    /// What its enum type is called: `widget_status`.
    pub(crate) fn enum_name(&self, table: &str) -> String {
        seedbed_sql::fit_name(&format!("{}_{}", crate::words::singular(table), self.name), "")
    }

    pub(crate) fn not_null(&self) -> bool {
        self.null == Null::Never
            || matches!(&self.kind, Kind::Plain(plain) if plain.class == Class::Counter)
    }

    /// Whether its default is another value in each row. PostgreSQL writes a table anew for that, and for
    /// no other default.
    pub(crate) fn is_computed_for_each_row(&self) -> bool {
        let counts = matches!(&self.kind, Kind::Plain(plain) if plain.class == Class::Counter);
        let calls = match &self.default {
            Some(DefaultValue::Sql(sql)) => sql.contains('(') && !sql.starts_with("now("),
            _ => false,
        };
        counts || calls
    }

    /// Whether a table that has rows cannot take it at once: NOT NULL, and nothing to put there.
    pub(crate) fn needs_rows_filled(&self) -> bool {
        let counts = matches!(&self.kind, Kind::Plain(plain) if plain.class == Class::Counter);
        self.null == Null::Never && self.default.is_none() && !counts
    }
}
