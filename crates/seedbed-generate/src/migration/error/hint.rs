//! The hints of the errors.

use heck::ToUpperCamelCase as _;

use super::{WriteError, examples};
use crate::names::camel_case_name;
use crate::visible_schema::NameOwner;

/// The hint about the option that creates an empty script.
const BY_HAND: &str = "write the script by hand with `args=--unwritten`";

impl WriteError {
    /// Returns the hint that says how to correct the error.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Field(error) => error.hint().to_owned(),
            Self::UnrecognizedName { .. } => format!("the supported names are:\n{}", examples()),
            Self::UnexpectedFields { .. } => "leave out `fields=`".to_owned(),
            Self::WrongField { column, .. } => format!("write `fields='{column}:TYPE'`"),
            Self::WrongFields { hint, .. } => hint.clone(),
            Self::TableNotFound { near: Some(near), .. }
            | Self::ColumnNotFound { near: Some(near), .. }
            | Self::EnumNotFound { near: Some(near), .. } => {
                format!("did you mean `{near}`? Otherwise {BY_HAND}")
            }
            Self::EnumValueExists { .. } => {
                format!(
                    "choose another value; if the value is spelled in another way, give its exact spelling, as in \
                        `fields='in-progress'`; or {BY_HAND}"
                )
            }
            Self::EnumValueNotFound { .. } => {
                format!(
                    "give the exact spelling of the value, as in `fields='in-progress'`; or {BY_HAND}"
                )
            }
            Self::SameName { .. } => {
                "write the new name after `To` in `name=`, as in `name=renameNameToTitleOnProducts`"
                    .to_owned()
            }
            Self::NameTooLong { .. } => "choose a shorter name".to_owned(),
            Self::DatabaseRequired { .. } => BY_HAND.to_owned(),
            Self::Ambiguous { meanings, .. } => format!("{}or {BY_HAND}", spellings(meanings)),
            Self::NameTaken { name, owner: NameOwner::Table, .. } => format!(
                "choose another name, or add columns with `make create-migration name=addColumnsTo{} \
                    fields=…`; or {BY_HAND}",
                name.to_upper_camel_case()
            ),
            Self::NameTaken { .. } | Self::ConstraintExists { .. } => {
                format!(
                    "choose another name, or drop or rename the existing object first; or {BY_HAND}"
                )
            }
            Self::ReferencedTableNotFound { name, near: Some(near), .. } => {
                format!("did you mean `{name}:references({near})`? Otherwise {BY_HAND}")
            }
            Self::ReferencedTableNotFound { .. } => {
                format!("create the table first, in a separate migration; or {BY_HAND}")
            }
            Self::ReferenceWithoutKey { .. } | Self::BelongsToExtension { .. } => {
                BY_HAND.to_owned()
            }
            Self::ColumnExists { table, column } => format!(
                "choose another name, or change the column with `make create-migration name={} \
                    fields='{column}:TYPE'`; or {BY_HAND}",
                camel_case_name(&format!("change_{column}_on_{table}"))
            ),
            Self::TableNotFound { .. } => {
                format!(r"list the tables with `\dt` in `make db-psql`, or {BY_HAND}")
            }
            Self::EnumNotFound { .. } => {
                format!(r"list the types with `\dT` in `make db-psql`, or {BY_HAND}")
            }
            Self::ColumnNotFound { table, .. } | Self::ObjectNotFound { table, .. } => {
                format!(r"look at the table with `\d {table}` in `make db-psql`, or {BY_HAND}")
            }
            Self::MultipleMatches { .. } => format!("drop one of them by its name: {BY_HAND}"),
            Self::HasDependents { .. } => {
                format!("drop these objects first, in a separate migration; or {BY_HAND}")
            }
            Self::TypeHasDependents { .. } => format!(
                "drop these objects in a migration before this one, and recreate them in one after it; or {BY_HAND}"
            ),
            Self::InvalidCondition { .. } => {
                "write one SQL expression, such as `fields='price > 0'`".to_owned()
            }
            Self::NotRestorable { .. } => format!(
                "remove these properties in an earlier migration whose `down` restores them; or {BY_HAND}"
            ),
            Self::Unchanged { .. } => {
                "write the new definition in `fields=`, such as `price:decimal(12,2)!=0`".to_owned()
            }
            Self::UnsupportedChange { .. } => {
                format!("add a new column and copy the values to it; or {BY_HAND}")
            }
        }
    }
}

/// Returns the commands whose names have only one meaning.
fn spellings(meanings: &[(String, Option<String>)]) -> String {
    let spelling = |(meaning, name): &(String, Option<String>)| {
        name.as_ref().map(|name| format!("`name={name}` for {meaning}"))
    };
    let names: Vec<String> = meanings.iter().filter_map(spelling).collect();
    if names.is_empty() {
        return String::new();
    }
    format!("run `make create-migration` with {}; ", names.join(", or "))
}
