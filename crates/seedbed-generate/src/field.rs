//! Typed fields, such as `name:string! price:decimal(10,2)=0 organization:references:cascade`.

mod default;
mod error;
mod parse;
pub(crate) mod types;

pub(crate) use default::DefaultValue;
pub use error::FieldError;
pub(crate) use parse::{ensure_single_expression, values};
pub(crate) use types::{FieldType, TypeClass};

use seedbed_schema::model::DataType;

use crate::operation::Uniqueness;

/// A field, which describes a column, its index and the values of existing rows: `name:string!:unique`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The field as the user typed it, for messages.
    pub(crate) input: String,
    pub(crate) name: String,
    pub(crate) kind: FieldKind,
    pub(crate) null: Nullability,
    pub(crate) default: Option<DefaultValue>,
    pub(crate) index: Option<Uniqueness>,
    /// The SQL expression that existing rows get as their value.
    pub(crate) fill: Option<String>,
}

/// The kind of column that a field describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FieldKind {
    Plain(FieldType),
    /// A new enum type, named after the table and the column, with these values.
    Enum {
        values: Vec<String>,
        array: bool,
    },
    /// A foreign key to a table.
    References {
        /// The plural of `input`, or `input` itself once the database is known to have a table with this name.
        table: String,
        /// The table as the user typed it, or the name of the field.
        input: String,
        on_delete: OnDelete,
    },
}

/// The mark of a field that says whether the column allows nulls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nullability {
    /// The mark `!`, which means NOT NULL.
    NotNull,
    /// The mark `?`, which means that nulls are allowed.
    Nullable,
    /// No mark. A new column allows nulls, and a changed column keeps its setting.
    Unspecified,
}

/// The action on a row when the row that it refers to is deleted.
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

    /// Returns the option that a user types.
    const fn keyword(self) -> &'static str {
        match self {
            Self::Cascade => "cascade",
            Self::Restrict => "restrict",
            Self::SetNull => "set_null",
            Self::SetDefault => "set_default",
            Self::NoAction => "no_action",
        }
    }

    pub(crate) fn sql(self) -> String {
        self.keyword().replace('_', " ").to_uppercase()
    }

    /// Returns the name of SeaORM's variant.
    pub(crate) fn variant(self) -> String {
        heck::ToUpperCamelCase::to_upper_camel_case(self.keyword())
    }
}

impl Field {
    /// Reads a list of fields, separated by spaces.
    ///
    /// # Errors
    /// Returns a [`FieldError`] for the first field that is invalid or has the same name as another field.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, FieldError> {
        let mut fields: Vec<Self> = Vec::new();
        for field in parse::split(text)? {
            let field = parse::field(&field)?;
            if fields.iter().any(|other| other.column() == field.column()) {
                return Err(FieldError::new(
                    &field.input,
                    "another field has the same name",
                    "remove one of them",
                ));
            }
            fields.push(field);
        }
        Ok(fields)
    }

    /// Returns the name of the column: `organization_id` for a reference to an organization.
    pub(crate) fn column(&self) -> String {
        match self.kind {
            FieldKind::References { .. } => format!("{}_id", self.name),
            _ => self.name.clone(),
        }
    }

    /// Returns the type of the column in the given table.
    pub(crate) fn type_in(&self, table: &str) -> FieldType {
        match &self.kind {
            FieldKind::Plain(plain) => plain.clone(),
            FieldKind::Enum { array, .. } => {
                let name = DataType::builtin(self.enum_name(table));
                let one = types::custom(name, TypeClass::Other);
                if *array { types::array(&one) } else { one }
            }
            FieldKind::References { .. } => types::builtin("uuid"),
        }
    }

    /// Returns the name of the enum type of this field, such as `widget_status`.
    pub(crate) fn enum_name(&self, table: &str) -> String {
        seedbed_sql::fit_name(&format!("{}_{}", seedbed_entities::singular(table), self.name), "")
    }

    pub(crate) fn not_null(&self) -> bool {
        self.null == Nullability::NotNull || self.is_serial()
    }

    fn is_serial(&self) -> bool {
        matches!(&self.kind, FieldKind::Plain(plain) if plain.class == TypeClass::Serial)
    }

    /// Returns whether PostgreSQL has to rewrite an existing table to add this column, because its
    /// default is computed for each row.
    pub(crate) fn rewrites_table(&self) -> bool {
        // `now()` is the same for all rows of a statement, so PostgreSQL stores it once.
        let is_computed = match &self.default {
            Some(DefaultValue::Sql(sql)) => sql.contains('(') && !sql.starts_with("now("),
            _ => false,
        };
        self.is_serial() || is_computed
    }

    /// Returns whether existing rows need a value before the column can be NOT NULL, because the column has no default.
    pub(crate) fn needs_backfill(&self) -> bool {
        self.null == Nullability::NotNull && self.default.is_none() && !self.is_serial()
    }
}
