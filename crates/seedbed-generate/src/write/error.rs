//! Why nothing was written.

use heck::ToUpperCamelCase as _;

use crate::FieldError;
use crate::intent::EXAMPLES;
use crate::words::{as_typed, listed};
use seedbed_sql::LONGEST_NAME;

/// What keeps a script from being written. Nothing is written then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A field is none.
    #[error(transparent)]
    Field(#[from] FieldError),

    /// There are fields, and the name says nothing that they could belong to.
    #[error("there are fields, and `{slug}` is not among the names that take them")]
    NotUnderstood {
        /// The name.
        slug: String,
    },

    /// The name says it all.
    #[error("`{slug}` takes no fields")]
    NoFields {
        /// The name.
        slug: String,
    },

    /// The field is not the one that the name is about.
    #[error("`{slug}` is about `{column}`, and the field is another one")]
    OtherField {
        /// The name.
        slug: String,
        /// What it is about.
        column: String,
    },

    /// It is renamed to what it is called.
    #[error("`{slug}` changes nothing: `{name}` is called that already")]
    SameName {
        /// The name.
        slug: String,
        /// What would keep its name.
        name: String,
    },

    /// PostgreSQL would cut it.
    #[error("`{name}` has {} bytes, and PostgreSQL keeps {LONGEST_NAME} of a name", name.len())]
    LongName {
        /// The name.
        name: String,
    },

    /// What goes or changes is described in the database only.
    #[error("`{slug}` is written from what the database has, and it was not asked")]
    NotAsked {
        /// The name.
        slug: String,
    },

    /// The database has something for several readings of the name.
    #[error("`{slug}` can mean {}", either(meanings))]
    Ambiguous {
        /// The name.
        slug: String,
        /// What it can mean, each with a name that means only that, if there is one.
        meanings: Vec<(String, Option<String>)>,
    },

    /// Not on the search path of the database.
    #[error("the database has no table {table}")]
    NoTable {
        /// Its name, and what it was looked for besides, in backquotes.
        table: String,
        /// One that there is.
        near: Option<String>,
    },

    /// Something on the search path of the database has the name.
    #[error("the database has {} {kind} `{name}` already{}", article(kind), becomes(typed.as_ref()))]
    Taken {
        /// The name.
        name: String,
        /// What has it.
        kind: String,
        /// What the name was made of, if it is another one.
        typed: Option<String>,
    },

    /// A field refers to a table that there is not.
    #[error("field `{field}` refers to `{to}`, and the database has no such table")]
    NoTarget {
        /// As it was typed.
        field: String,
        /// The name of the field.
        name: String,
        /// The table.
        to: String,
        /// One that there is.
        near: Option<String>,
    },

    /// A field refers to a table whose key it could not hold.
    #[error("field `{field}` refers to `{to}`, which has no `id` of type uuid")]
    NoKey {
        /// As it was typed.
        field: String,
        /// The table.
        to: String,
    },

    /// The column is there.
    #[error("`{table}` has a column `{column}` already")]
    HasColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },

    /// The table does not have it.
    #[error("`{table}` has no column `{column}`")]
    NoColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// One that there is.
        near: Option<String>,
    },

    /// The table has none of that kind on those columns.
    #[error("`{table}` has no {what}")]
    Nothing {
        /// The table.
        table: String,
        /// What was looked for.
        what: String,
    },

    /// The table has several of that kind on those columns.
    #[error("`{table}` has several that could be meant: {names}")]
    Several {
        /// The table.
        table: String,
        /// Their names.
        names: String,
    },

    /// Not on the search path of the database.
    #[error("the database has no enum type `{name}`")]
    NoEnum {
        /// Its name.
        name: String,
        /// One that there is.
        near: Option<String>,
    },

    /// The enum type has the value.
    #[error("enum type `{name}` has a value `{value}` already")]
    HasValue {
        /// The type.
        name: String,
        /// The value.
        value: String,
    },

    /// The enum type does not have the value.
    #[error("enum type `{name}` has no value `{value}`; its values are {}", values.join(", "))]
    NoValue {
        /// The type.
        name: String,
        /// The value.
        value: String,
        /// Those that it has.
        values: Vec<String>,
    },

    /// The fields are not what the name says.
    #[error("`{slug}` is about {}, and fields= about {}", listed(names), listed(fields))]
    OtherFields {
        /// The name.
        slug: String,
        /// What it is about.
        names: Vec<String>,
        /// What the fields are about.
        fields: Vec<String>,
        /// What to say instead.
        hint: String,
    },

    /// Something else depends on it.
    #[error("`{name}` cannot go while something needs it: {by}")]
    Needed {
        /// What was to be dropped.
        name: String,
        /// What depends on it.
        by: String,
    },

    /// Something else depends on its type.
    #[error("`{column}` of `{table}` cannot become another type while something needs it: {by}")]
    Held {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// What depends on it.
        by: String,
    },

    /// A condition that would not stay one.
    #[error("the condition `{condition}`: {problem}")]
    NoCondition {
        /// As it was typed.
        condition: String,
        /// What is wrong with it.
        problem: &'static str,
    },

    /// It has something that `down` would not restore.
    #[error("`{table}` has what `down` would not restore: {what}")]
    Beyond {
        /// The table.
        table: String,
        /// What it has.
        what: String,
    },

    /// The column is what the field says already.
    #[error("`{column}` of `{table}` is like that already")]
    Unchanged {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },

    /// A change that is more than a change of the column.
    #[error("`{column}` of `{table}`: {problem}")]
    NoChange {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Why it is not written.
        problem: &'static str,
    },
}

/// How an unwritten script is asked for under a name that would be understood.
const BY_HAND: &str = "to write it by hand: args=--unwritten";

fn article(kind: &str) -> &'static str {
    if kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

fn becomes(typed: Option<&String>) -> String {
    typed.map_or_else(String::new, |typed| format!(", which is what `{typed}` becomes"))
}

fn either(meanings: &[(String, Option<String>)]) -> String {
    let meanings: Vec<&str> = meanings.iter().map(|(meaning, _)| meaning.as_str()).collect();
    meanings.join(" or ")
}

/// The names that mean one thing only.
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
    /// Whether the words alone are wrong, whatever the database has.
    #[must_use]
    pub const fn is_wrong_use(&self) -> bool {
        matches!(
            self,
            Self::Field(_)
                | Self::NotUnderstood { .. }
                | Self::NoFields { .. }
                | Self::OtherField { .. }
                | Self::OtherFields { .. }
                | Self::SameName { .. }
                | Self::LongName { .. }
                | Self::NoCondition { .. }
        )
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Field(error) => error.hint().to_owned(),
            Self::NotUnderstood { .. } => format!("the names are:\n{}", examples()),
            Self::NoFields { .. } => "leave fields= out: the name says it all".to_owned(),
            Self::OtherField { column, .. } => format!("fields='{column}:TYPE'"),
            Self::OtherFields { hint, .. } => hint.clone(),
            Self::NoTable { near: Some(near), .. }
            | Self::NoColumn { near: Some(near), .. }
            | Self::NoEnum { near: Some(near), .. } => {
                format!("did you mean `{near}`? Otherwise {BY_HAND}")
            }
            Self::HasValue { .. } => {
                format!(
                    "choose another one; fields='in-progress' says how a value is spelt; {BY_HAND}"
                )
            }
            Self::NoValue { .. } => {
                format!("fields='in-progress' says how a value is spelt; {BY_HAND}")
            }
            Self::SameName { .. } => "say in name= what it shall be called".to_owned(),
            Self::LongName { .. } => "take a shorter one".to_owned(),
            Self::NotAsked { .. } => BY_HAND.to_owned(),
            Self::Ambiguous { meanings, .. } => format!("{}{BY_HAND}", spellings(meanings)),
            Self::Taken { name, kind, .. } if kind == "table" => format!(
                "choose another name, or add to it: make create-migration name=addColumnsTo{} fields=…; \
                 {BY_HAND}",
                name.to_upper_camel_case()
            ),
            Self::Taken { .. } => {
                format!("choose another name, or drop or rename that first; {BY_HAND}")
            }
            Self::NoTarget { name, near: Some(near), .. } => {
                format!("did you mean {name}:references({near})? Otherwise {BY_HAND}")
            }
            Self::NoTarget { .. } => {
                format!("create that first, in a migration of its own; {BY_HAND}")
            }
            Self::NoKey { .. } => BY_HAND.to_owned(),
            Self::HasColumn { table, column } => format!(
                "choose another name, or change it: make create-migration name={} fields='{column}:TYPE'; \
                 {BY_HAND}",
                as_typed(&format!("change_{column}_on_{table}"))
            ),
            Self::NoTable { .. }
            | Self::NoEnum { .. }
            | Self::NoColumn { .. }
            | Self::Nothing { .. } => {
                format!("make db-psql shows what there is; {BY_HAND}")
            }
            Self::Several { .. } => format!("the name does not say which; {BY_HAND}"),
            Self::Needed { .. } => {
                format!("drop that first, in a migration of its own; {BY_HAND}")
            }
            Self::Held { .. } => format!(
                "drop that in a migration before this one, and make it again in one after it; {BY_HAND}"
            ),
            Self::NoCondition { .. } => "fields='price > 0'".to_owned(),
            Self::Beyond { .. } => format!(
                "take that away in a migration before this one, whose down puts it back; {BY_HAND}"
            ),
            Self::Unchanged { .. } => {
                "say in fields= what it shall be: TYPE, ! or ?, =DEFAULT".to_owned()
            }
            Self::NoChange { .. } => format!("add a new column, and move over to it; {BY_HAND}"),
        }
    }
}

/// The names that are understood, one line each.
pub(crate) fn examples() -> String {
    EXAMPLES.iter().map(|example| format!("  {example}")).collect::<Vec<_>>().join("\n")
}
