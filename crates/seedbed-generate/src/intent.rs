//! What a name says that the migration does.

mod list;
mod parse;
mod readings;

pub(crate) use list::{NameList, Noun, named};
pub(crate) use parse::reference;
pub use readings::Readings;

use crate::words::plural;

/// What a migration does, as far as its name says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// `createWidgets`, `createUserTable`
    CreateTable(TableName),
    /// `dropWidgets`
    DropTable(TableName),
    /// `renameOrganizationsToAccounts`
    RenameTable {
        /// What it is called now.
        from: TableName,
        /// What it is called then.
        to: TableName,
    },
    /// `addNameAndPriceToProducts`; the fields say what is added, the name only that.
    AddColumns(TableName, Columns),
    /// `removeNameFromProducts`
    RemoveColumns(TableName, Columns),
    /// `renameNameToTitleOnProducts`
    RenameColumn {
        /// The table.
        table: TableName,
        /// What the column is called now.
        from: String,
        /// What it is called then.
        to: String,
    },
    /// `changePriceOnProducts`
    ChangeColumn(TableName, String),
    /// `addIndexToUsersOnEmail`, `addUniqueIndexToUsersOnEmail`
    AddIndex(TableName, Columns, Uniqueness),
    /// `removeIndexFromUsersOnEmail`, `removeUniqueIndexFromUsersOnEmail`
    RemoveIndex(TableName, Columns, Uniqueness),
    /// `addOrganizationRefToWidgets`
    AddReference {
        /// The table that gets the column.
        table: TableName,
        /// What the column is called without its `_id`.
        to: String,
    },
    /// `createJoinTableUsersRoles`
    CreateJoinTable(TableName, TableName),
    /// `addCheckToProductsOnPrice`, `addCheckToProducts`
    AddCheck(TableName, Option<String>),
    /// `removeCheckFromProductsOnPrice`
    RemoveCheck(TableName, Option<String>),
    /// `createStatusEnum`
    CreateEnum(String),
    /// `dropStatusEnum`
    DropEnum(String),
    /// `addVoidToStatusEnum`, `addVoidAndPaidToStatusEnum`
    AddEnumValues(String, Columns),
    /// `removeVoidFromStatusEnum`
    RemoveEnumValues(String, Columns),
    /// `renameVoidToCanceledOnStatusEnum`
    RenameEnumValue {
        /// The type.
        name: String,
        /// What the value is called now.
        from: String,
        /// What it is called then.
        to: String,
    },
    /// None of them: somebody writes it by hand.
    Other,
}

/// A table as a name mentions it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableName {
    /// As it was typed, in snake_case.
    pub typed: String,
    /// In the plural, as tables are called here.
    pub plural: String,
}

impl TableName {
    /// What `typed` stands for.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        Self { typed: typed.to_owned(), plural: plural(typed) }
    }

    /// The table of just that name.
    pub(crate) fn exact(name: &str) -> Self {
        Self { typed: name.to_owned(), plural: name.to_owned() }
    }

    /// The names under which it is looked for, for a message.
    pub(crate) fn tried(&self) -> String {
        if self.typed == self.plural {
            format!("`{}`", self.plural)
        } else {
            format!("`{}` or `{}`", self.typed, self.plural)
        }
    }
}

/// Columns in the order of the name: `email`, or `organization_id_and_email`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns(pub Vec<String>);

/// Whether an index lets two rows have one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uniqueness {
    /// It does; of an index that is removed, the name does not say.
    Any,
    /// It does not.
    Unique,
}

/// The names that are understood, one example each, with the fields that it takes.
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

impl Intent {
    /// The names of the tables and types that it works on, as they may be called in the database.
    #[must_use]
    pub fn reads(&self) -> Vec<&str> {
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
            | Self::RemoveCheck(table, _) => vec![&table.typed, &table.plural],
            Self::CreateJoinTable(one, other) => {
                vec![&one.typed, &one.plural, &other.typed, &other.plural]
            }
            Self::DropEnum(name)
            | Self::AddEnumValues(name, _)
            | Self::RemoveEnumValues(name, _)
            | Self::RenameEnumValue { name, .. } => vec![name],
            Self::CreateTable(_) | Self::CreateEnum(_) | Self::Other => Vec::new(),
        }
    }

    /// Whether it cannot be written without the database: what goes or changes is described there. For
    /// all others the database can only tell that they would fail.
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

    /// An example of the fields that it needs; none if the name says it all.
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

/// The table between two others.
pub(crate) fn join_table(one: &str, other: &str) -> String {
    format!("{}_{}", plural(one), plural(other))
}

impl Columns {
    fn of(words: &str) -> Self {
        Self(words.split("_and_").map(str::to_owned).collect())
    }

    /// As the name has them.
    pub(crate) fn words(&self) -> String {
        self.0.join("_and_")
    }

    /// The columns of a new index that a table has of these: `terms_and_conditions` may be one or two.
    pub(crate) fn among(&self, has: impl Fn(&str) -> bool) -> Vec<String> {
        let whole = self.words();
        if has(&whole) { vec![whole] } else { self.0.clone() }
    }
}

#[cfg(test)]
mod tests;
