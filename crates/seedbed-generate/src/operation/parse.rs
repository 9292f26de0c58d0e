//! The parser for the likeliest meaning of a name.

use super::{Columns, Operation, TableName, Uniqueness, join_table_name};
use seedbed_entities::{is_plural, singular};

/// Reads the words after the verb.
pub(super) fn likeliest(verb: &str, rest: &str) -> Option<Operation> {
    match verb {
        "create" => create(rest),
        "drop" => drop(rest),
        "rename" => rename(rest),
        "add" => add(rest),
        "remove" => remove(rest),
        "change" | "alter" | "modify" => change(rest),
        _ => None,
    }
}

/// The first words of the names of objects that are not tables.
const NOT_TABLES: &[&str] =
    &["index", "function", "trigger", "view", "extension", "schema", "type", "role", "policy"];

/// The objects of a table that are not columns.
const NOT_COLUMNS: &[&str] =
    &["foreign_key", "primary_key", "constraint", "not_null", "trigger", "policy", "comment"];

/// The words after the verb of a name that removes an index.
pub(super) const REMOVE_INDEX_PREFIXES: &[(&str, Uniqueness)] =
    &[("index_from_", Uniqueness::Any), ("unique_index_from_", Uniqueness::Unique)];

/// The words after the verb of a name that removes a check.
pub(super) const REMOVE_CHECK_PREFIXES: &[&str] = &["check_from_", "check_constraint_from_"];

/// Removes a word at either end: both `join_table_users_roles` and `users_roles_join_table` are
/// common.
pub(super) fn strip_affix<'a>(words: &'a str, word: &str) -> Option<&'a str> {
    let before = words.strip_prefix(word).and_then(|rest| rest.strip_prefix('_'));
    before.or_else(|| words.strip_suffix(word).and_then(|rest| rest.strip_suffix('_')))
}

/// Removes the prefix of `column_name`.
fn strip_column_prefix(words: &str) -> &str {
    ["columns_", "column_"].iter().find_map(|prefix| words.strip_prefix(prefix)).unwrap_or(words)
}

fn create(rest: &str) -> Option<Operation> {
    if let Some(tables) = strip_affix(rest, "join_table") {
        let (one, other) = split_two_tables(tables)?;
        return Some(Operation::CreateJoinTable(TableName::new(one), TableName::new(other)));
    }
    if let Some(name) = strip_affix(rest, "enum") {
        return Some(Operation::CreateEnum(name.to_owned()));
    }
    Some(Operation::CreateTable(table(rest)?))
}

fn drop(rest: &str) -> Option<Operation> {
    // The name `dropNameFromWidgets` removes a column.
    if rest.contains("_from_") {
        return remove(rest);
    }
    if let Some(tables) = strip_affix(rest, "join_table") {
        let (one, other) = split_two_tables(tables)?;
        return Some(Operation::DropTable(TableName::new(&join_table_name(one, other))));
    }
    if let Some(name) = strip_affix(rest, "enum") {
        return Some(Operation::DropEnum(name.to_owned()));
    }
    Some(Operation::DropTable(table(rest)?))
}

fn rename(rest: &str) -> Option<Operation> {
    if let Some((words, table)) = split_table(rest)
        && let Some((from, to)) =
            split_column_rename(words).or_else(|| split_unique(strip_column_prefix(words), "_to_"))
    {
        let (from, to) = (from.to_owned(), to.to_owned());
        if let Some(name) = table.strip_suffix("_enum") {
            return Some(Operation::RenameEnumValue { name: name.to_owned(), from, to });
        }
        return Some(Operation::RenameColumn { table: TableName::new(table), from, to });
    }
    let (from, to) = split_unique(rest, "_to_")?;
    if split_table(rest).is_some() || rest.ends_with("_enum") {
        return None;
    }
    Some(Operation::RenameTable { from: table(from)?, to: table(to)? })
}

/// Splits `name_column_to_title` or `name_column_to_title_column`.
fn split_column_rename(words: &str) -> Option<(&str, &str)> {
    let (from, to) = words.split_once("_column_to_")?;
    Some((from, to.strip_suffix("_column").unwrap_or(to)))
}

fn add(rest: &str) -> Option<Operation> {
    for (prefix, uniqueness) in
        [("index_to_", Uniqueness::Any), ("unique_index_to_", Uniqueness::Unique)]
    {
        if let Some(rest) = rest.strip_prefix(prefix) {
            let (table, columns) = rest.split_once("_on_")?;
            return Some(Operation::AddIndex(
                TableName::new(table),
                Columns::parse(columns),
                uniqueness,
            ));
        }
    }
    if let Some(rest) = rest.strip_prefix("check_to_") {
        let (table, column) = table_and_column(rest);
        return Some(Operation::AddCheck(table, column));
    }
    let (words, table) = rest.rsplit_once("_to_")?;
    if let Some(name) = table.strip_suffix("_enum") {
        return Some(Operation::AddEnumValues(name.to_owned(), enum_values(words)));
    }
    // `addValueVoidToEnumStatus` adds a value. Without the noun, `addVoidToEnumStatus` adds a column to a table.
    if let Some(name) = table.strip_prefix("enum_")
        && enum_values(words) != Columns::parse(words)
    {
        return Some(Operation::AddEnumValues(name.to_owned(), enum_values(words)));
    }
    // `addNotNullToColorOnWidgets` and `addForeignKeyToWidgets` do not add columns.
    if split_table(table).is_some() || NOT_COLUMNS.contains(&words) {
        return None;
    }
    let table = TableName::new(table);
    match strip_reference_suffix(words) {
        Some(to) => Some(Operation::AddReference { table, to: singular(to) }),
        None => Some(Operation::AddColumns(table, Columns::parse(strip_column_prefix(words)))),
    }
}

fn remove(rest: &str) -> Option<Operation> {
    for (prefix, uniqueness) in REMOVE_INDEX_PREFIXES {
        if let Some(rest) = rest.strip_prefix(prefix) {
            let (table, columns) = rest.split_once("_on_")?;
            let (table, columns) = (TableName::new(table), Columns::parse(columns));
            return Some(Operation::RemoveIndex(table, columns, *uniqueness));
        }
    }
    if let Some(rest) = REMOVE_CHECK_PREFIXES.iter().find_map(|prefix| rest.strip_prefix(prefix)) {
        let (table, column) = table_and_column(rest);
        return Some(Operation::RemoveCheck(table, column));
    }
    let (words, table) = rest.rsplit_once("_from_")?;
    if let Some(name) = table.strip_suffix("_enum") {
        return Some(Operation::RemoveEnumValues(name.to_owned(), Columns::parse(words)));
    }
    if NOT_COLUMNS.contains(&words) {
        return None;
    }
    Some(Operation::RemoveColumns(TableName::new(table), Columns::parse(words)))
}

fn change(rest: &str) -> Option<Operation> {
    let (words, table) = split_table(rest)?;
    Some(Operation::ChangeColumn(TableName::new(table), strip_column_prefix(words).to_owned()))
}

/// Reads the values of `void_and_paid`, `value_void` or `void_value`.
fn enum_values(words: &str) -> Columns {
    let values = ["values_", "value_"].iter().find_map(|prefix| words.strip_prefix(prefix));
    let values = values.or_else(|| words.strip_suffix("_values"));
    Columns::parse(values.or_else(|| words.strip_suffix("_value")).unwrap_or(words))
}

/// Reads `users`, `user_table` or `table_users`.
pub(super) fn table(words: &str) -> Option<TableName> {
    if let Some(name) = words.strip_suffix("_table").or_else(|| words.strip_prefix("table_")) {
        return Some(TableName::new(name));
    }
    let first = words.split('_').next()?;
    (words != "table" && !NOT_TABLES.contains(&first)).then(|| TableName::new(words))
}

/// The prepositions between a column and its table.
pub(super) const TABLE_PREPOSITIONS: &[&str] = &["_on_", "_in_", "_of_", "_for_"];

/// Splits `price_on_products` at the last `on`, else at the last `in`, `of` or `for`.
fn split_table(words: &str) -> Option<(&str, &str)> {
    TABLE_PREPOSITIONS.iter().find_map(|preposition| words.rsplit_once(preposition))
}

/// Reads `products_on_price`, or `products` without a column.
fn table_and_column(words: &str) -> (TableName, Option<String>) {
    match words.split_once("_on_") {
        Some((table, column)) => (TableName::new(table), Some(column.to_owned())),
        None => (TableName::new(words), None),
    }
}

/// Removes the suffix of `owner_ref`, which leaves `owner`.
pub(crate) fn strip_reference_suffix(words: &str) -> Option<&str> {
    ["_ref", "_reference"].iter().find_map(|suffix| words.strip_suffix(suffix))
}

/// Splits at a separator that occurs exactly once, because the split would be ambiguous if it occurred twice.
fn split_unique<'a>(words: &'a str, separator: &str) -> Option<(&'a str, &'a str)> {
    let (left, right) = words.split_once(separator)?;
    (!right.contains(separator)).then_some((left, right))
}

/// Splits `users_roles`, `user_profiles_roles` or `user_profiles_and_roles`. The first table ends
/// at the `and`, else at the first plural.
pub(super) fn split_two_tables(words: &str) -> Option<(&str, &str)> {
    if let Some(tables) = split_unique(words, "_and_") {
        return Some(tables);
    }
    if words.matches('_').count() == 1 {
        return words.split_once('_');
    }
    let ends = words.match_indices('_').map(|(end, _)| end);
    ends.map(|end| (&words[..end], &words[end + 1..]))
        .find(|(first, _)| first.rsplit('_').next().is_some_and(is_plural))
}
