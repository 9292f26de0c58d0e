//! The operations that the name of a migration can describe.

mod interpretations;
mod name_list;
mod parse;

pub use interpretations::Interpretations;
pub(crate) use name_list::{MatchedName, NameList, Noun, matching_names};
pub(crate) use parse::strip_reference_suffix;

use seedbed_entities::plural;

/// The operation that the name of a migration describes, such as `createWidgets`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// Creates a table: `createWidgets`, `createUserTable`.
    CreateTable(TableName),
    /// Drops a table: `dropWidgets`.
    DropTable(TableName),
    /// Renames a table: `renameOrganizationsToAccounts`.
    RenameTable {
        /// The old name.
        from: TableName,
        /// The new name.
        to: TableName,
    },
    /// Adds columns: `addNameAndPriceToProducts`. The fields define the columns.
    AddColumns(TableName, Columns),
    /// Removes columns: `removeNameFromProducts`.
    RemoveColumns(TableName, Columns),
    /// Renames a column: `renameNameToTitleOnProducts`.
    RenameColumn {
        /// The table.
        table: TableName,
        /// The old name of the column.
        from: String,
        /// The new name of the column.
        to: String,
    },
    /// Changes a column: `changePriceOnProducts`.
    ChangeColumn(TableName, String),
    /// Adds an index: `addIndexToUsersOnEmail`, `addUniqueIndexToUsersOnEmail`.
    AddIndex(TableName, Columns, Uniqueness),
    /// Removes an index: `removeIndexFromUsersOnEmail`, `removeUniqueIndexFromUsersOnEmail`.
    RemoveIndex(TableName, Columns, Uniqueness),
    /// Adds a column with a foreign key: `addOrganizationRefToWidgets`.
    AddReference {
        /// The table that gets the column.
        table: TableName,
        /// The name of the column without its suffix `_id`.
        to: String,
    },
    /// Creates a join table: `createJoinTableUsersRoles`.
    CreateJoinTable(TableName, TableName),
    /// Adds a check, on a column or on the table: `addCheckToProductsOnPrice`, `addCheckToProducts`.
    AddCheck(TableName, Option<String>),
    /// Removes a check, on a column or on the table: `removeCheckFromProductsOnPrice`, `removeCheckFromProducts`.
    RemoveCheck(TableName, Option<String>),
    /// Creates an enum type: `createStatusEnum`.
    CreateEnum(String),
    /// Drops an enum type: `dropStatusEnum`.
    DropEnum(String),
    /// Adds values to an enum type: `addVoidToStatusEnum`, `addVoidAndPaidToStatusEnum`.
    AddEnumValues(String, Columns),
    /// Removes values from an enum type: `removeVoidFromStatusEnum`.
    RemoveEnumValues(String, Columns),
    /// Renames a value of an enum type: `renameVoidToCanceledOnStatusEnum`.
    RenameEnumValue {
        /// The enum type.
        name: String,
        /// The old name of the value.
        from: String,
        /// The new name of the value.
        to: String,
    },
    /// No operation. The script is written by hand.
    Other,
}

/// The name of a table in the name of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableName {
    /// The name as the user typed it, in snake_case.
    pub input: String,
    /// The plural, which is the conventional name of a table.
    pub plural: String,
}

impl TableName {
    /// Returns the table that the input names.
    #[must_use]
    pub fn new(input: &str) -> Self {
        Self { input: input.to_owned(), plural: plural(input) }
    }

    /// Returns the table with exactly the given name.
    pub(crate) fn exact(name: &str) -> Self {
        Self { input: name.to_owned(), plural: name.to_owned() }
    }

    /// Returns the names under which the table is looked up, for a message.
    pub(crate) fn display_names(&self) -> String {
        if self.input == self.plural {
            format!("`{}`", self.plural)
        } else {
            format!("`{}` or `{}`", self.input, self.plural)
        }
    }
}

/// The columns or enum values that the name of a migration lists, in their order. `organization_id_and_email` lists
/// `organization_id` and `email`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns(pub Vec<String>);

/// The uniqueness of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uniqueness {
    /// The name of the migration does not say whether the index is unique. `addIndex…` then adds an index that is not
    /// unique, and `removeIndex…` removes an index whether it is unique or not.
    Any,
    /// The index is unique.
    Unique,
}

/// An example of each supported name, with the fields that it takes.
pub const EXAMPLES: &[&str] = &[
    "createWidgets fields='name:string! price:decimal(10,2)'",
    "dropWidgets",
    "renameOrganizationsToAccounts",
    "addNameAndPriceToProducts fields='name:string price:decimal(10,2)=0'",
    "removeNameFromProducts",
    "renameNameToTitleOnProducts",
    "changePriceOnProducts fields='price:decimal(12,2)'",
    "addIndexToUsersOnEmail, addUniqueIndexToUsersOnEmail, removeIndexFromUsersOnEmail",
    "addOrganizationRefToWidgets, removeOrganizationRefFromWidgets",
    "createJoinTableUsersRoles",
    "addCheckToProductsOnPrice fields='price > 0', removeCheckFromProductsOnPrice",
    "createStatusEnum fields='active inactive', dropStatusEnum",
    "addVoidToInvoiceStatusEnum, removeVoidFromInvoiceStatusEnum, renameVoidToCanceledOnInvoiceStatusEnum",
];

impl Operation {
    /// Returns the possible names of the existing tables and types that the operation works on.
    #[must_use]
    pub fn object_names(&self) -> Vec<&str> {
        match self {
            Self::DropTable(table)
            | Self::RenameTable { from: table, .. }
            | Self::AddColumns(table, _)
            | Self::RemoveColumns(table, _)
            | Self::RenameColumn { table, .. }
            | Self::ChangeColumn(table, _)
            | Self::AddIndex(table, ..)
            | Self::RemoveIndex(table, ..)
            | Self::AddReference { table, .. }
            | Self::AddCheck(table, _)
            | Self::RemoveCheck(table, _) => vec![&table.input, &table.plural],
            Self::CreateJoinTable(one, other) => {
                vec![&one.input, &one.plural, &other.input, &other.plural]
            }
            Self::DropEnum(name)
            | Self::AddEnumValues(name, _)
            | Self::RemoveEnumValues(name, _)
            | Self::RenameEnumValue { name, .. } => vec![name],
            Self::CreateTable(_) | Self::CreateEnum(_) | Self::Other => Vec::new(),
        }
    }

    /// Returns whether the operation needs the definition of existing objects. All other operations use the database
    /// only to find out whether they would fail.
    #[must_use]
    pub const fn needs_database(&self) -> bool {
        matches!(
            self,
            Self::DropTable(_)
                | Self::DropEnum(_)
                | Self::RemoveEnumValues(..)
                | Self::RemoveColumns(..)
                | Self::RemoveIndex(..)
                | Self::RemoveCheck(..)
                | Self::ChangeColumn(..)
        )
    }

    /// Returns an example of the required fields, or `None` if the operation takes no fields.
    #[must_use]
    pub fn example(&self) -> Option<String> {
        Some(match self {
            Self::CreateTable(_) => "name:string! price:decimal(10,2)".to_owned(),
            Self::AddColumns(_, Columns(names)) => {
                let fields: Vec<String> =
                    names.iter().map(|name| format!("{name}:string")).collect();
                fields.join(" ")
            }
            Self::ChangeColumn(_, column) => format!("{column}:string(100)"),
            Self::AddCheck(_, column) => {
                format!("{} > 0", column.as_deref().unwrap_or("price"))
            }
            Self::CreateEnum(_) => "active inactive".to_owned(),
            _ => return None,
        })
    }
}

/// Returns the name of the join table of two tables.
pub(crate) fn join_table_name(one: &str, other: &str) -> String {
    format!("{}_{}", plural(one), plural(other))
}

impl Columns {
    /// Splits the words at each `and`.
    fn parse(words: &str) -> Self {
        Self(words.split("_and_").map(str::to_owned).collect())
    }

    /// Returns the words of the list, as they are in the name of the migration.
    pub(crate) fn as_words(&self) -> String {
        self.0.join("_and_")
    }

    /// Returns the joined words as one name if `has` says that it exists, and the separate names otherwise:
    /// `terms_and_conditions` may be one column or two.
    pub(crate) fn resolve(&self, has: impl Fn(&str) -> bool) -> Vec<String> {
        let joined = self.as_words();
        if has(&joined) { vec![joined] } else { self.0.clone() }
    }
}

#[cfg(test)]
mod tests;
