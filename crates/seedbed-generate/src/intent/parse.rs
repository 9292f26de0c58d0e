//! The likeliest reading of a name, as far as its words tell.

use super::{Columns, Intent, TableName, Uniqueness, join_table};
use crate::words::{is_plural, singular};

/// Reads the words behind the verb.
pub(super) fn likeliest(verb: &str, rest: &str) -> Option<Intent> {
    match verb {
        "create" => create(rest),
        "drop" => drop_(rest),
        "rename" => rename(rest),
        "add" => add(rest),
        "remove" => remove(rest),
        "change" | "alter" | "modify" => change(rest),
        _ => None,
    }
}

/// What is created that is no table, and what the word must not be taken for.
const NO_TABLES: &[&str] =
    &["index", "function", "trigger", "view", "extension", "schema", "type", "role", "policy"];

/// What is added to a table that is no column.
const NO_COLUMNS: &[&str] =
    &["foreign_key", "primary_key", "constraint", "not_null", "trigger", "policy", "comment"];

/// How the name of a script that removes an index begins behind its verb.
pub(super) const INDEX_FROM: &[(&str, Uniqueness)] =
    &[("index_from_", Uniqueness::Any), ("unique_index_from_", Uniqueness::Unique)];

/// The same of a check.
pub(super) const CHECK_FROM: &[&str] = &["check_from_", "check_constraint_from_"];

/// What stands beside that word: people say `join_table_users_roles` and `users_roles_join_table`.
pub(super) fn around<'a>(words: &'a str, word: &str) -> Option<&'a str> {
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
        && let Some((from, to)) = from_column_to(words).or_else(|| only(columns(words), "_to_"))
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

/// `name_column_to_title` or `name_column_to_title_column`
fn from_column_to(words: &str) -> Option<(&str, &str)> {
    let (from, to) = words.split_once("_column_to_")?;
    Some((from, to.strip_suffix("_column").unwrap_or(to)))
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
    // `addValueVoidToEnumStatus`: how a value comes to `status` where there is a `status_enum` too.
    if let Some(name) = table.strip_prefix("enum_")
        && enum_values(words) != Columns::of(words)
    {
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
    for (prefix, uniqueness) in INDEX_FROM {
        if let Some(rest) = rest.strip_prefix(prefix) {
            let (table, columns) = rest.split_once("_on_")?;
            let (table, columns) = (TableName::new(table), Columns::of(columns));
            return Some(Intent::RemoveIndex(table, columns, *uniqueness));
        }
    }
    if let Some(rest) = CHECK_FROM.iter().find_map(|prefix| rest.strip_prefix(prefix)) {
        let (table, column) = table_and_column(rest);
        return Some(Intent::RemoveCheck(table, column));
    }
    let (words, table) = rest.rsplit_once("_from_")?;
    if let Some(name) = table.strip_suffix("_enum") {
        return Some(Intent::RemoveEnumValues(name.to_owned(), Columns::of(words)));
    }
    if NO_COLUMNS.contains(&words) {
        return None;
    }
    Some(Intent::RemoveColumns(TableName::new(table), Columns::of(words)))
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
pub(super) fn table(words: &str) -> Option<TableName> {
    if let Some(name) = words.strip_suffix("_table").or_else(|| words.strip_prefix("table_")) {
        return Some(TableName::new(name));
    }
    let first = words.split('_').next()?;
    (words != "table" && !NO_TABLES.contains(&first)).then(|| TableName::new(words))
}

/// What stands between a column and its table.
pub(super) const BEFORE_TABLE: &[&str] = &["_on_", "_in_", "_of_", "_for_"];

/// `price_on_products`; people say `in`, `of` and `for` too.
fn on_table(words: &str) -> Option<(&str, &str)> {
    BEFORE_TABLE.iter().find_map(|between| words.rsplit_once(between))
}

fn table_and_column(words: &str) -> (TableName, Option<String>) {
    match words.split_once("_on_") {
        Some((table, column)) => (TableName::new(table), Some(column.to_owned())),
        None => (TableName::new(words), None),
    }
}

/// What `owner_ref` refers to.
pub(crate) fn reference(words: &str) -> Option<&str> {
    ["_ref", "_reference"].iter().find_map(|suffix| words.strip_suffix(suffix))
}

/// Both sides of a word that stands there once: with two of them nobody knows which one is meant.
fn only<'a>(words: &'a str, between: &str) -> Option<(&'a str, &'a str)> {
    let (left, right) = words.split_once(between)?;
    (!right.contains(between)).then_some((left, right))
}

/// `users_roles`, `user_profiles_roles` or `user_profiles_and_roles`: the first table ends where `and`
/// says, else with the first plural.
pub(super) fn two_tables(words: &str) -> Option<(&str, &str)> {
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
