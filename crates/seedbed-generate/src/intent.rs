//! What a name says that the migration does.

use crate::words::{is_plural, plural, singular};

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
    /// `removeIndexFromUsersOnEmail`
    RemoveIndex(TableName, Columns),
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
    /// It does.
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
    /// Reads a name in snake_case, as `seedbed_files::Slug` makes it of what was typed.
    #[must_use]
    pub fn parse(slug: &str) -> Self {
        // A name that is taken is told apart by `_again`, which says nothing about what it does.
        let first =
            slug.strip_suffix("_again").map(Self::of).filter(|intent| *intent != Self::Other);
        first.unwrap_or_else(|| Self::of(slug))
    }

    fn of(slug: &str) -> Self {
        let Some((verb, rest)) = slug.split_once('_') else {
            return Self::Other;
        };
        let intent = match verb {
            "create" => create(rest),
            "drop" => drop_(rest),
            "rename" => rename(rest),
            "add" => add(rest),
            "remove" => remove(rest),
            "change" | "alter" | "modify" => change(rest),
            _ => None,
        };
        intent.unwrap_or(Self::Other)
    }

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
            | Self::RemoveIndex(table, _)
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

/// What is created that is no table, and what the word must not be taken for.
const NO_TABLES: &[&str] =
    &["index", "function", "trigger", "view", "extension", "schema", "type", "role", "policy"];

/// What is added to a table that is no column.
const NO_COLUMNS: &[&str] =
    &["foreign_key", "primary_key", "constraint", "not_null", "trigger", "policy", "comment"];

/// What stands beside that word: people say `join_table_users_roles` and `users_roles_join_table`.
fn around<'a>(words: &'a str, word: &str) -> Option<&'a str> {
    let before = words.strip_prefix(word).and_then(|rest| rest.strip_prefix('_'));
    before.or_else(|| words.strip_suffix(word).and_then(|rest| rest.strip_suffix('_')))
}

/// People say `column_name` for `name`.
fn columns(words: &str) -> &str {
    ["columns_", "column_"].iter().find_map(|prefix| words.strip_prefix(prefix)).unwrap_or(words)
}

fn create(rest: &str) -> Option<Intent> {
    if let Some(tables) = around(rest, "join_table") {
        let (one, other) = two_tables(tables)?;
        return Some(Intent::CreateJoinTable(TableName::new(one), TableName::new(other)));
    }
    if let Some(name) = around(rest, "enum") {
        return Some(Intent::CreateEnum(name.to_owned()));
    }
    Some(Intent::CreateTable(table(rest)?))
}

fn drop_(rest: &str) -> Option<Intent> {
    // `dropNameFromWidgets`
    if rest.contains("_from_") {
        return remove(rest);
    }
    if let Some(tables) = around(rest, "join_table") {
        let (one, other) = two_tables(tables)?;
        return Some(Intent::DropTable(TableName::new(&join_table(one, other))));
    }
    if let Some(name) = around(rest, "enum") {
        return Some(Intent::DropEnum(name.to_owned()));
    }
    Some(Intent::DropTable(table(rest)?))
}

fn rename(rest: &str) -> Option<Intent> {
    if let Some((words, table)) = on_table(rest)
        && let Some((from, to)) = only(columns(words), "_to_")
    {
        let (from, to) = (from.to_owned(), to.to_owned());
        if let Some(name) = table.strip_suffix("_enum") {
            return Some(Intent::RenameEnumValue { name: name.to_owned(), from, to });
        }
        return Some(Intent::RenameColumn { table: TableName::new(table), from, to });
    }
    let (from, to) = only(rest, "_to_")?;
    if on_table(rest).is_some() || rest.ends_with("_enum") {
        return None;
    }
    Some(Intent::RenameTable { from: table(from)?, to: table(to)? })
}

fn add(rest: &str) -> Option<Intent> {
    for (prefix, uniqueness) in
        [("index_to_", Uniqueness::Any), ("unique_index_to_", Uniqueness::Unique)]
    {
        if let Some(rest) = rest.strip_prefix(prefix) {
            let (table, columns) = rest.split_once("_on_")?;
            return Some(Intent::AddIndex(TableName::new(table), Columns::of(columns), uniqueness));
        }
    }
    if let Some(rest) = rest.strip_prefix("check_to_") {
        let (table, column) = table_and_column(rest);
        return Some(Intent::AddCheck(table, column));
    }
    let (words, table) = rest.rsplit_once("_to_")?;
    if let Some(name) = table.strip_suffix("_enum") {
        return Some(Intent::AddEnumValues(name.to_owned(), enum_values(words)));
    }
    // `addNotNullToColorOnWidgets`, `addForeignKeyToWidgets`: not columns.
    if on_table(table).is_some() || NO_COLUMNS.contains(&words) {
        return None;
    }
    let table = TableName::new(table);
    match reference(words) {
        Some(to) => Some(Intent::AddReference { table, to: singular(to) }),
        None => Some(Intent::AddColumns(table, Columns::of(columns(words)))),
    }
}

fn remove(rest: &str) -> Option<Intent> {
    for prefix in ["index_from_", "unique_index_from_"] {
        if let Some(rest) = rest.strip_prefix(prefix) {
            let (table, columns) = rest.split_once("_on_")?;
            return Some(Intent::RemoveIndex(TableName::new(table), Columns::of(columns)));
        }
    }
    if let Some(rest) = rest.strip_prefix("check_from_") {
        let (table, column) = table_and_column(rest);
        return Some(Intent::RemoveCheck(table, column));
    }
    let (words, table) = rest.rsplit_once("_from_")?;
    if let Some(name) = table.strip_suffix("_enum") {
        return Some(Intent::RemoveEnumValues(name.to_owned(), enum_values(words)));
    }
    if NO_COLUMNS.contains(&words) {
        return None;
    }
    let columns = match reference(words) {
        Some(to) => Columns(vec![format!("{}_id", singular(to))]),
        None => Columns::of(columns(words)),
    };
    Some(Intent::RemoveColumns(TableName::new(table), columns))
}

fn change(rest: &str) -> Option<Intent> {
    let (words, table) = on_table(rest)?;
    Some(Intent::ChangeColumn(TableName::new(table), columns(words).to_owned()))
}

/// `void_and_paid`; people say `value_void` and `void_value` too.
fn enum_values(words: &str) -> Columns {
    let values = ["values_", "value_"].iter().find_map(|prefix| words.strip_prefix(prefix));
    let values = values.or_else(|| words.strip_suffix("_values"));
    Columns::of(values.or_else(|| words.strip_suffix("_value")).unwrap_or(words))
}

/// `users`, `user_table` or `table_users`.
fn table(words: &str) -> Option<TableName> {
    if let Some(name) = words.strip_suffix("_table").or_else(|| words.strip_prefix("table_")) {
        return Some(TableName::new(name));
    }
    let first = words.split('_').next()?;
    (words != "table" && !NO_TABLES.contains(&first)).then(|| TableName::new(words))
}

/// `price_on_products`; people say `in`, `of` and `for` too.
fn on_table(words: &str) -> Option<(&str, &str)> {
    ["_on_", "_in_", "_of_", "_for_"].iter().find_map(|between| words.rsplit_once(between))
}

fn table_and_column(words: &str) -> (TableName, Option<String>) {
    match words.split_once("_on_") {
        Some((table, column)) => (TableName::new(table), Some(column.to_owned())),
        None => (TableName::new(words), None),
    }
}

fn reference(words: &str) -> Option<&str> {
    ["_ref", "_reference"].iter().find_map(|suffix| words.strip_suffix(suffix))
}

/// Both sides of a word that stands there once: with two of them nobody knows which one is meant.
fn only<'a>(words: &'a str, between: &str) -> Option<(&'a str, &'a str)> {
    let (left, right) = words.split_once(between)?;
    (!right.contains(between)).then_some((left, right))
}

/// `users_roles`, `user_profiles_roles` or `user_profiles_and_roles`: the first table ends where `and`
/// says, else with the first plural.
fn two_tables(words: &str) -> Option<(&str, &str)> {
    if let Some(tables) = only(words, "_and_") {
        return Some(tables);
    }
    if words.matches('_').count() == 1 {
        return words.split_once('_');
    }
    let ends = words.match_indices('_').map(|(end, _)| end);
    ends.map(|end| (&words[..end], &words[end + 1..]))
        .find(|(first, _)| first.rsplit('_').next().is_some_and(is_plural))
}

/// The table between two others.
pub(crate) fn join_table(one: &str, other: &str) -> String {
    format!("{}_{}", plural(one), plural(other))
}

impl Columns {
    fn of(words: &str) -> Self {
        Self(words.split("_and_").map(str::to_owned).collect())
    }

    /// The columns that a table has of these: `terms_and_conditions` may be one or two.
    pub(crate) fn among(&self, has: impl Fn(&str) -> bool) -> Vec<String> {
        let whole = self.0.join("_and_");
        if has(&whole) { vec![whole] } else { self.0.clone() }
    }
}

#[cfg(test)]
mod tests;
