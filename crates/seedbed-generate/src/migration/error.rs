//! The error of a migration that cannot be generated.

use heck::ToUpperCamelCase as _;

use crate::FieldError;
use crate::names::{camel_case_name, join_quoted};
use crate::operation::EXAMPLES;
use crate::visible_schema::NameOwner;
use seedbed_sql::LONGEST_NAME;

/// The reason why no migration is written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A field is invalid.
    #[error(transparent)]
    Field(#[from] FieldError),

    /// There are fields, but the name does not describe an operation.
    #[error("`{slug}` is not a name that takes fields")]
    UnrecognizedName {
        /// The name of the migration in snake_case.
        slug: String,
    },

    /// The operation takes no fields.
    #[error("`{slug}` takes no fields")]
    UnexpectedFields {
        /// The name of the migration in snake_case.
        slug: String,
    },

    /// The field is not the one that the name refers to.
    #[error("`{slug}` is about `{column}`, but the field is a different one")]
    WrongField {
        /// The name of the migration in snake_case.
        slug: String,
        /// The column or type that the name refers to.
        column: String,
    },

    /// The old and the new name are the same.
    #[error("`{slug}` changes nothing: the name is already `{name}`")]
    SameName {
        /// The name of the migration in snake_case.
        slug: String,
        /// The name that would not change.
        name: String,
    },

    /// PostgreSQL would truncate the name.
    #[error("the name `{name}` has {} bytes, and PostgreSQL allows {LONGEST_NAME}", name.len())]
    NameTooLong {
        /// The name of the object.
        name: String,
    },

    /// The operation needs the definition of existing objects, and there is no database to read it
    /// from.
    #[error("`{slug}` needs the definition of existing objects, and no database was read")]
    DatabaseRequired {
        /// The name of the migration in snake_case.
        slug: String,
    },

    /// The database has objects for several meanings of the name.
    #[error("`{slug}` can mean {}", either(meanings))]
    Ambiguous {
        /// The name of the migration in snake_case.
        slug: String,
        /// The meanings, each with a name that has only this meaning, if there is one.
        meanings: Vec<(String, Option<String>)>,
    },

    /// The table is not on the search path.
    #[error("the database has no table {table}")]
    TableNotFound {
        /// The names that were looked up, in backquotes.
        table: String,
        /// A similar name that exists.
        near: Option<String>,
    },

    /// An object on the search path already has the name.
    #[error("the database already has {owner} `{name}`{}", becomes(input.as_ref()))]
    NameTaken {
        /// The name that is taken.
        name: String,
        /// The object that has the name.
        owner: NameOwner,
        /// The input from which the name was derived, if the input is different.
        input: Option<String>,
    },

    /// The table already has a constraint with that name.
    #[error("`{table}` already has a constraint `{name}`")]
    ConstraintExists {
        /// The name of the table.
        table: String,
        /// The name of the constraint.
        name: String,
    },

    /// A field refers to a table that does not exist.
    #[error("field `{field}` refers to the table `{to}`, which does not exist")]
    ReferencedTableNotFound {
        /// The field as the user typed it.
        field: String,
        /// The name of the field.
        name: String,
        /// The name of the table.
        to: String,
        /// A similar name that exists.
        near: Option<String>,
    },

    /// A field refers to a table without a primary key of type uuid.
    #[error("field `{field}` refers to `{to}`, which has no `id` of type uuid")]
    ReferenceWithoutKey {
        /// The field as the user typed it.
        field: String,
        /// The name of the table.
        to: String,
    },

    /// The table already has the column.
    #[error("`{table}` already has a column `{column}`")]
    ColumnExists {
        /// The name of the table.
        table: String,
        /// The name of the column.
        column: String,
    },

    /// The table does not have the column.
    #[error("`{table}` has no column `{column}`")]
    ColumnNotFound {
        /// The name of the table.
        table: String,
        /// The name of the column.
        column: String,
        /// A similar name that exists.
        near: Option<String>,
    },

    /// The table does not have the index or check.
    #[error("`{table}` has no {what}")]
    ObjectNotFound {
        /// The name of the table.
        table: String,
        /// The index or check that was looked up.
        what: String,
    },

    /// The table has several indexes or checks that match the name.
    #[error("`{table}` has several matches: {names}")]
    MultipleMatches {
        /// The name of the table.
        table: String,
        /// The names of the matching indexes or checks.
        names: String,
    },

    /// The enum type is not on the search path.
    #[error("the database has no enum type `{name}`")]
    EnumNotFound {
        /// The name of the type.
        name: String,
        /// A similar name that exists.
        near: Option<String>,
    },

    /// The enum type already has the value.
    #[error("enum type `{name}` already has a value `{value}`")]
    EnumValueExists {
        /// The name of the type.
        name: String,
        /// The value.
        value: String,
    },

    /// The enum type does not have the value.
    #[error("enum type `{name}` has no value `{value}`; its values are {}", values.join(", "))]
    EnumValueNotFound {
        /// The name of the type.
        name: String,
        /// The value.
        value: String,
        /// The values of the type.
        values: Vec<String>,
    },

    /// The fields are not those that the name lists.
    #[error(
        "`{slug}` is about {}, but fields= is about {}",
        join_quoted(names),
        join_quoted(fields)
    )]
    WrongFields {
        /// The name of the migration in snake_case.
        slug: String,
        /// The columns that the name lists.
        names: Vec<String>,
        /// The columns of the fields.
        fields: Vec<String>,
        /// The hint that says what to type instead.
        hint: String,
    },

    /// Other objects depend on the object.
    #[error("`{name}` cannot be dropped because other objects depend on it: {by}")]
    HasDependents {
        /// The object that was to be dropped.
        name: String,
        /// The dependent objects.
        by: String,
    },

    /// Other objects depend on the type of the column.
    #[error(
        "the type of `{column}` of `{table}` cannot be changed because other objects depend on it: {by}"
    )]
    TypeHasDependents {
        /// The name of the table.
        table: String,
        /// The name of the column.
        column: String,
        /// The dependent objects.
        by: String,
    },

    /// The table belongs to an extension.
    #[error("`{name}` belongs to the extension `{extension}`")]
    BelongsToExtension {
        /// The name of the table.
        name: String,
        /// The extension.
        extension: String,
    },

    /// The condition is not a single SQL expression.
    #[error("invalid condition `{condition}`: {problem}")]
    InvalidCondition {
        /// The condition as the user typed it.
        condition: String,
        /// The problem with the condition.
        problem: &'static str,
    },

    /// The object has properties that `down` cannot restore.
    #[error("`{table}` has properties that `down` cannot restore: {what}")]
    NotRestorable {
        /// The name of the table.
        table: String,
        /// The properties.
        what: String,
    },

    /// The column already has the requested definition.
    #[error("`{column}` of `{table}` already has this definition")]
    Unchanged {
        /// The name of the table.
        table: String,
        /// The name of the column.
        column: String,
    },

    /// The change cannot be generated.
    #[error("cannot change `{column}` of `{table}`: {problem}")]
    UnsupportedChange {
        /// The name of the table.
        table: String,
        /// The name of the column.
        column: String,
        /// The reason why the change cannot be generated.
        problem: &'static str,
    },
}

/// The hint about the option that creates an empty script.
const BY_HAND: &str = "write the script by hand with args=--unwritten";

fn becomes(input: Option<&String>) -> String {
    input.map_or_else(String::new, |input| format!(", the plural of `{input}`"))
}

fn either(meanings: &[(String, Option<String>)]) -> String {
    let meanings: Vec<&str> = meanings.iter().map(|(meaning, _)| meaning.as_str()).collect();
    meanings.join(" or ")
}

/// Returns the commands whose names have only one meaning.
fn spellings(meanings: &[(String, Option<String>)]) -> String {
    let spelling = |(meaning, name): &(String, Option<String>)| {
        name.as_ref().map(|name| format!("name={name} for {meaning}"))
    };
    let names: Vec<String> = meanings.iter().filter_map(spelling).collect();
    if names.is_empty() {
        return String::new();
    }
    format!("make create-migration {}; ", names.join(", or "))
}

impl WriteError {
    /// Returns whether the input is wrong regardless of the database.
    #[must_use]
    pub const fn is_wrong_use(&self) -> bool {
        matches!(
            self,
            Self::Field(_)
                | Self::UnrecognizedName { .. }
                | Self::UnexpectedFields { .. }
                | Self::WrongField { .. }
                | Self::WrongFields { .. }
                | Self::SameName { .. }
                | Self::NameTooLong { .. }
                | Self::InvalidCondition { .. }
        )
    }

    /// Returns the hint that says how to correct the error.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Field(error) => error.hint().to_owned(),
            Self::UnrecognizedName { .. } => format!("the supported names are:\n{}", examples()),
            Self::UnexpectedFields { .. } => "leave out fields=".to_owned(),
            Self::WrongField { column, .. } => format!("fields='{column}:TYPE'"),
            Self::WrongFields { hint, .. } => hint.clone(),
            Self::TableNotFound { near: Some(near), .. }
            | Self::ColumnNotFound { near: Some(near), .. }
            | Self::EnumNotFound { near: Some(near), .. } => {
                format!("did you mean `{near}`? Otherwise {BY_HAND}")
            }
            Self::EnumValueExists { .. } => {
                format!(
                    "choose another value; fields='in-progress' gives the exact spelling; or {BY_HAND}"
                )
            }
            Self::EnumValueNotFound { .. } => {
                format!("fields='in-progress' gives the exact spelling; or {BY_HAND}")
            }
            Self::SameName { .. } => "put the new name in name=".to_owned(),
            Self::NameTooLong { .. } => "choose a shorter name".to_owned(),
            Self::DatabaseRequired { .. } => BY_HAND.to_owned(),
            Self::Ambiguous { meanings, .. } => format!("{}or {BY_HAND}", spellings(meanings)),
            Self::NameTaken { name, owner: NameOwner::Table, .. } => format!(
                "choose another name, or add columns: make create-migration name=addColumnsTo{} \
                    fields=…; or {BY_HAND}",
                name.to_upper_camel_case()
            ),
            Self::NameTaken { .. } | Self::ConstraintExists { .. } => {
                format!(
                    "choose another name, or drop or rename the existing object first; or {BY_HAND}"
                )
            }
            Self::ReferencedTableNotFound { name, near: Some(near), .. } => {
                format!("did you mean {name}:references({near})? Otherwise {BY_HAND}")
            }
            Self::ReferencedTableNotFound { .. } => {
                format!("create the table first, in a separate migration; or {BY_HAND}")
            }
            Self::ReferenceWithoutKey { .. } | Self::BelongsToExtension { .. } => {
                BY_HAND.to_owned()
            }
            Self::ColumnExists { table, column } => format!(
                "choose another name, or change the column: make create-migration name={} \
                    fields='{column}:TYPE'; or {BY_HAND}",
                camel_case_name(&format!("change_{column}_on_{table}"))
            ),
            Self::TableNotFound { .. }
            | Self::EnumNotFound { .. }
            | Self::ColumnNotFound { .. }
            | Self::ObjectNotFound { .. } => {
                format!("make db-psql shows the existing objects; or {BY_HAND}")
            }
            Self::MultipleMatches { .. } => format!("the name does not say which one; {BY_HAND}"),
            Self::HasDependents { .. } => {
                format!("drop them first, in a separate migration; or {BY_HAND}")
            }
            Self::TypeHasDependents { .. } => format!(
                "drop them in a migration before this one, and recreate them in one after it; or {BY_HAND}"
            ),
            Self::InvalidCondition { .. } => "fields='price > 0'".to_owned(),
            Self::NotRestorable { .. } => format!(
                "remove these properties in a migration before this one, whose down restores them; or {BY_HAND}"
            ),
            Self::Unchanged { .. } => {
                "put the new definition in fields=: TYPE, ! or ?, =DEFAULT".to_owned()
            }
            Self::UnsupportedChange { .. } => {
                format!("add a new column, and migrate to it; or {BY_HAND}")
            }
        }
    }
}

/// Returns the supported names, one per line.
pub(crate) fn examples() -> String {
    EXAMPLES.iter().map(|example| format!("  {example}")).collect::<Vec<_>>().join("\n")
}
