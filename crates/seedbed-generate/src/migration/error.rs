//! The error of a migration that cannot be generated.

mod hint;

use seedbed_config::Hint;

use crate::FieldError;
use crate::names::join_quoted;
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
    #[error("the name `{slug}` does not describe what to do with the fields")]
    UnrecognizedName {
        /// The name of the migration in snake_case.
        slug: String,
    },

    /// The operation takes no fields.
    #[error("a migration named `{slug}` takes no fields")]
    UnexpectedFields {
        /// The name of the migration in snake_case.
        slug: String,
    },

    /// The field is not the one that the name refers to.
    #[error("the name `{slug}` is about `{column}`, but the field has another name")]
    WrongField {
        /// The name of the migration in snake_case.
        slug: String,
        /// The column or type that the name refers to.
        column: String,
    },

    /// The old and the new name are the same.
    #[error("`{slug}` changes nothing: {}", same_name(input, name))]
    SameName {
        /// The name of the migration in snake_case.
        slug: String,
        /// The new name as the user typed it. The name of a table may be its singular.
        input: String,
        /// The name that would not change.
        name: String,
    },

    /// PostgreSQL would truncate the name.
    #[error("the name `{name}` has {} bytes, but PostgreSQL allows only {LONGEST_NAME}", name.len())]
    NameTooLong {
        /// The name of the object.
        name: String,
    },

    /// The operation needs the definition of existing objects, and there is no database to read it
    /// from.
    #[error("`{slug}` requires the definition of existing objects, but no database was read")]
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
    #[error("the database already has {owner} `{name}`{}", plural_note(input.as_ref()))]
    NameTaken {
        /// The name that is taken.
        name: String,
        /// The object that has the name.
        owner: NameOwner,
        /// The input from which the name was derived, if the input is different.
        input: Option<String>,
    },

    /// The table already has a constraint with the same name.
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

    /// A field refers to a table without a column `id` of type uuid.
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
    #[error("`{table}` has no {object}")]
    ObjectNotFound {
        /// The name of the table.
        table: String,
        /// The index or check that was looked up.
        object: String,
    },

    /// The table has several indexes or checks that match the name.
    #[error("several indexes or constraints of `{table}` match the name: {names}")]
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
    #[error("enum type `{name}` has no value `{value}`; its values are {}", join_quoted(values))]
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
        "the name `{slug}` is about {}, but the fields are {}",
        join_quoted(names),
        join_quoted(fields)
    )]
    WrongFields {
        /// The name of the migration in snake_case.
        slug: String,
        /// The columns or enum values that the name lists.
        names: Vec<String>,
        /// The columns or enum values in `fields=`.
        fields: Vec<String>,
        /// The hint that says what to type instead.
        hint: Hint,
    },

    /// Other objects depend on the object.
    #[error("`{name}` cannot be dropped, because other objects depend on it: {by}")]
    HasDependents {
        /// The object that was to be dropped.
        name: String,
        /// The dependent objects.
        by: String,
    },

    /// Other objects depend on the enum type, or on a column of the type.
    #[error("no value can be removed from `{name}`, because other objects depend on it: {by}")]
    ValuesHaveDependents {
        /// The enum type.
        name: String,
        /// The dependent objects.
        by: String,
    },

    /// Other objects depend on the type of the column.
    #[error(
        "the type of `{column}` of `{table}` cannot be changed, because other objects depend on it: {by}"
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
    #[error("`{table}` has properties that `down` cannot restore: {properties}")]
    NotRestorable {
        /// The name of the object, which is not always a table.
        table: String,
        /// The properties.
        properties: String,
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

fn plural_note(input: Option<&String>) -> String {
    input.map_or_else(String::new, |input| format!(", the plural of `{input}`"))
}

fn either(meanings: &[(String, Option<String>)]) -> String {
    let meanings: Vec<&str> = meanings.iter().map(|(meaning, _)| meaning.as_str()).collect();
    meanings.join(" or ")
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
}

/// Returns the reason why a new name is not different from the old one.
fn same_name(input: &str, name: &str) -> String {
    if input == name {
        format!("the name is already `{name}`")
    } else {
        format!("`{input}` names the table `{name}`, because the names of tables are plural")
    }
}

/// Returns the supported names, one per line.
pub(crate) fn examples() -> String {
    EXAMPLES.iter().map(|example| format!("  {example}")).collect::<Vec<_>>().join("\n")
}
