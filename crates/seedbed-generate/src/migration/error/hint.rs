//! The hints of the errors.

use heck::ToUpperCamelCase as _;
use seedbed_config::{Hint, SuggestedCommand};

use super::{WriteError, examples};
use crate::names::camel_case_name;
use crate::visible_schema::NameOwner;

/// Returns the hint about the flag that creates an empty script, after a text.
fn by_hand(text: impl Into<String>) -> Hint {
    Hint::text(text)
        .then("create an empty script with ")
        .then_flag("--unwritten")
        .then(" and write it by hand")
}

/// Adds the hint about the flag that creates an empty script.
fn or_by_hand(hint: Hint) -> Hint {
    hint.then_hint(by_hand("; or "))
}

impl WriteError {
    /// Returns the hint that says how to correct the error.
    #[must_use]
    pub fn hint(&self) -> Hint {
        if self.is_wrong_use() {
            return self.input_hint();
        }
        match self {
            Self::TableNotFound { .. }
            | Self::ColumnNotFound { .. }
            | Self::EnumNotFound { .. }
            | Self::EnumValueNotFound { .. }
            | Self::ReferencedTableNotFound { .. }
            | Self::ObjectNotFound { .. } => self.missing_object_hint(),
            Self::NameTaken { .. }
            | Self::ConstraintExists { .. }
            | Self::ColumnExists { .. }
            | Self::EnumValueExists { .. } => self.existing_object_hint(),
            _ => self.change_hint(),
        }
    }

    /// Returns the hint of an error in the name or the fields, which no database is needed to find.
    fn input_hint(&self) -> Hint {
        match self {
            Self::Field(error) => error.hint().into(),
            Self::UnrecognizedName { .. } => {
                format!("the supported names are:\n{}", examples()).into()
            }
            Self::WrongField { column, .. } => {
                Hint::text("write ").then_variable("fields", format!("{column}:TYPE"))
            }
            Self::WrongFields { hint, .. } => hint.clone(),
            Self::SameName { input, name, .. } if input != name => {
                by_hand("choose another name; or ")
            }
            Self::SameName { .. } => {
                "write the new name after `To`, as in `renameNameToTitleOnProducts`".into()
            }
            Self::NameTooLong { .. } => "choose a shorter name".into(),
            Self::InvalidCondition { .. } => Hint::text("write one SQL expression, such as ")
                .then_variable("fields", "price > 0"),
            _ => "leave out the fields".into(),
        }
    }

    /// Returns the hint of an error about an object that the database does not have.
    fn missing_object_hint(&self) -> Hint {
        let psql = |first: &str| {
            Hint::text(first).then_command(SuggestedCommand::DbPsql).then_hint(by_hand(", or "))
        };
        match self {
            Self::TableNotFound { near: Some(near), .. }
            | Self::ColumnNotFound { near: Some(near), .. }
            | Self::EnumNotFound { near: Some(near), .. } => {
                by_hand(format!("did you mean `{near}`? Otherwise "))
            }
            Self::ReferencedTableNotFound { name, near: Some(near), .. } => {
                by_hand(format!("did you mean `{name}:references({near})`? Otherwise "))
            }
            Self::TableNotFound { .. } => psql(r"list the tables with `\dt` in "),
            Self::EnumNotFound { .. } => psql(r"list the types with `\dT` in "),
            Self::ColumnNotFound { table, .. } | Self::ObjectNotFound { table, .. } => {
                psql(&format!(r"look at the table with `\d {table}` in "))
            }
            Self::EnumValueNotFound { .. } => or_by_hand(
                Hint::text("give the exact spelling, such as ")
                    .then_variable("fields", "in-progress"),
            ),
            _ => by_hand("create the table first, in a separate migration; or "),
        }
    }

    /// Returns the hint of an error about an object that exists already.
    fn existing_object_hint(&self) -> Hint {
        let alternative = |first: &str, name: String, fields: String| {
            let command = SuggestedCommand::CreateMigration { name, fields: Some(fields) };
            or_by_hand(Hint::text(first).then_command(command))
        };
        match self {
            Self::NameTaken { name, owner: NameOwner::Table, .. } => alternative(
                "choose another name, or add columns with ",
                format!("addColumnsTo{}", name.to_upper_camel_case()),
                "…".to_owned(),
            ),
            Self::ColumnExists { table, column } => alternative(
                "choose another name, or change the column with ",
                camel_case_name(&format!("change_{column}_on_{table}")),
                format!("{column}:TYPE"),
            ),
            Self::EnumValueExists { .. } => or_by_hand(
                Hint::text(
                    "choose another value: the name of the script gives it in snake_case, such as `in_progress`; for any \
                     other spelling, add ",
                )
                .then_variable("fields", "in-progress"),
            ),
            _ => by_hand("choose another name, or drop or rename the existing object first; or "),
        }
    }

    /// Returns the hint of an error about a change that cannot be generated for the objects that the database has.
    fn change_hint(&self) -> Hint {
        match self {
            Self::Ambiguous { meanings, .. } => by_hand(unambiguous_names(meanings)),
            Self::MultipleMatches { .. } => by_hand("drop one of them by its name: "),
            Self::HasDependents { .. } => {
                by_hand("drop these objects first, in a separate migration; or ")
            }
            Self::TypeHasDependents { .. } | Self::ValuesHaveDependents { .. } => by_hand(
                "drop these objects in a migration before this one, and recreate them in one after it; or ",
            ),
            Self::NotRestorable { .. } => by_hand(
                "remove these properties in an earlier migration whose `down` restores them; or ",
            ),
            Self::Unchanged { .. } => Hint::text("write the new definition of the field, such as ")
                .then_variable("fields", "price:decimal(12,2)!=0"),
            Self::UnsupportedChange { .. } => {
                by_hand("add a new column and copy the values to it; or ")
            }
            _ => by_hand(""),
        }
    }
}

/// Returns the part of a hint that lists the names with only one meaning.
fn unambiguous_names(meanings: &[(String, Option<String>)]) -> String {
    let meaning = |(meaning, name): &(String, Option<String>)| {
        name.as_ref().map(|name| format!("`{name}` for {meaning}"))
    };
    let names: Vec<String> = meanings.iter().filter_map(meaning).collect();
    if names.is_empty() {
        return String::new();
    }
    format!("use the name {}; or ", names.join(", or "))
}
