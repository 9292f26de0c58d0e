//! All meanings of a migration's name.
//!
//! A word of the name may be grammar or part of the name of a table or a column. Only the database can decide between
//! the two.

use std::mem::discriminant;

use super::parse::{
    REMOVE_CHECK_PREFIXES, REMOVE_INDEX_PREFIXES, TABLE_PREPOSITIONS, likeliest, split_two_tables,
    strip_affix, table,
};
use super::{Columns, NameList, Noun, Operation, TableName, join_table_name};

/// The operations that a name may mean, the likeliest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interpretations {
    slug: String,
    likeliest: Operation,
    others: Vec<Operation>,
}

impl Interpretations {
    /// Parses a name in snake_case, such as that of a `seedbed_build::Slug`.
    #[must_use]
    pub fn parse(slug: &str) -> Self {
        // The suffix `_again` distinguishes a script from one whose name is taken, and does not describe the change.
        // The name of a table may also have this suffix.
        let plain = slug.strip_suffix("_again").map(interpretations).unwrap_or_default();
        let mut operations = plain.into_iter().chain(interpretations(slug));
        let likeliest = operations.next().unwrap_or(Operation::Other);
        let mut others: Vec<Operation> = Vec::new();
        for operation in operations {
            if operation != likeliest && !others.contains(&operation) {
                others.push(operation);
            }
        }
        Self { slug: slug.to_owned(), likeliest, others }
    }

    /// Returns the name in snake_case.
    pub(crate) fn slug(&self) -> &str {
        &self.slug
    }

    pub(crate) const fn likeliest(&self) -> &Operation {
        &self.likeliest
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Operation> {
        std::iter::once(&self.likeliest).chain(&self.others)
    }

    /// Returns the possible names of all existing tables and types that the operations work on.
    #[must_use]
    pub fn object_names(&self) -> Vec<&str> {
        self.iter().flat_map(Operation::object_names).collect()
    }

    /// Returns whether the database is needed, either as [`Operation::needs_database`] says, or
    /// because the words do not say which column, table or value is renamed.
    #[must_use]
    pub fn needs_database(&self) -> bool {
        self.likeliest.needs_database() || self.is_ambiguous_rename()
    }

    /// Returns an example of the required fields, as [`Operation::example`] does.
    #[must_use]
    pub fn example(&self) -> Option<String> {
        self.likeliest.example()
    }

    /// Returns whether the words of a rename can be split into an old and a new name in several ways, as in
    /// `rename_reply_to_to_answer_on_messages`.
    pub(crate) fn is_ambiguous_rename(&self) -> bool {
        let renamed = |operation: &Operation| match operation {
            Operation::RenameTable { from, .. } => Some((None, from.input.clone())),
            Operation::RenameColumn { table, from, .. } => {
                Some((Some(table.input.clone()), from.clone()))
            }
            Operation::RenameEnumValue { name, from, .. } => {
                Some((Some(name.clone()), from.clone()))
            }
            _ => None,
        };
        let Some((owner, from)) = renamed(&self.likeliest) else { return false };
        let mut same = self
            .others
            .iter()
            .filter(|other| discriminant(*other) == discriminant(&self.likeliest))
            .filter_map(renamed);
        same.any(|(other_owner, other_from)| other_owner == owner && other_from != from)
    }
}

/// Returns all operations that a name may mean, the likeliest first.
fn interpretations(slug: &str) -> Vec<Operation> {
    let Some((verb, rest)) = slug.split_once('_') else { return Vec::new() };
    let Some(likeliest) = likeliest(verb, rest) else { return Vec::new() };
    let others = match verb {
        "add" => add_enum_values(rest, &likeliest),
        "drop" => drops(rest),
        "remove" => removals(rest),
        "rename" => renames(rest),
        "change" | "alter" | "modify" => changes(rest),
        _ => Vec::new(),
    };
    std::iter::once(likeliest).chain(others).collect()
}

/// Returns the operations of `addVoidToStatusEnum` where the type itself is called `status_enum`.
fn add_enum_values(rest: &str, operation: &Operation) -> Vec<Operation> {
    let Operation::AddEnumValues(name, values) = operation else { return Vec::new() };
    let names = [format!("{name}_enum"), format!("enum_{name}")].into_iter();
    let typed = names.filter(|name| rest.ends_with(&format!("_to_{name}")));
    typed.map(|name| Operation::AddEnumValues(name, values.clone())).collect()
}

/// Returns the operations of a name with the verb `drop`.
fn drops(rest: &str) -> Vec<Operation> {
    let mut all: Vec<Operation> = enum_names(rest).into_iter().map(Operation::DropEnum).collect();
    let affixed = [rest.strip_suffix("_table"), rest.strip_prefix("table_")];
    let tables = std::iter::once(rest).chain(affixed.into_iter().flatten());
    all.extend(tables.map(|words| Operation::DropTable(TableName::new(words))));
    if let Some(words) = strip_affix(rest, "join_table") {
        let joined = split_two_tables(words).map(|(one, other)| join_table_name(one, other));
        let names = joined.into_iter().chain([words.to_owned()]);
        all.extend(names.map(|name| Operation::DropTable(TableName::new(&name))));
    }
    all.extend(removals(rest));
    all
}

/// Returns the operations of a name with the verb `remove`.
fn removals(rest: &str) -> Vec<Operation> {
    let mut all = Vec::new();
    for (prefix, uniqueness) in REMOVE_INDEX_PREFIXES {
        for (table, words) in
            rest.strip_prefix(prefix).into_iter().flat_map(|rest| splits(rest, "_on_"))
        {
            all.push(Operation::RemoveIndex(
                TableName::new(table),
                Columns::parse(words),
                *uniqueness,
            ));
        }
    }
    for rest in REMOVE_CHECK_PREFIXES.iter().filter_map(|prefix| rest.strip_prefix(prefix)) {
        all.push(Operation::RemoveCheck(TableName::new(rest), None));
        let on_column = splits(rest, "_on_").map(|(table, column)| {
            Operation::RemoveCheck(TableName::new(table), Some(column.to_owned()))
        });
        all.extend(on_column);
    }
    for (words, owner) in splits(rest, "_from_") {
        let remove_values = |name| Operation::RemoveEnumValues(name, Columns::parse(words));
        all.extend(enum_names(owner).into_iter().map(remove_values));
        all.push(Operation::RemoveColumns(TableName::new(owner), Columns::parse(words)));
    }
    all
}

/// Returns the operations of a name with the verb `rename`.
fn renames(rest: &str) -> Vec<Operation> {
    let mut all = Vec::new();
    for (words, owner) in table_splits(rest) {
        // `rename_reply_to_column_to_answer` marks where the name of the column ends.
        let names_column = words.contains("_column_to_");
        let pairs =
            splits(words, "_to_").filter(|(from, _)| !names_column || from.ends_with("_column"));
        for (from, to) in pairs {
            for name in enum_names(owner) {
                let rename = |from: &str| Operation::RenameEnumValue {
                    name: name.clone(),
                    from: from.to_owned(),
                    to: to.to_owned(),
                };
                all.extend(NameList::new(from, Noun::Value).phrases().map(rename));
            }
            for column in NameList::new(from, Noun::Column).phrases() {
                // `rename_name_column_to_title_column` has the noun twice.
                let both = from.strip_suffix("_column") == Some(column);
                let to = to.strip_suffix("_column").filter(|_| both).unwrap_or(to);
                let (from, to) = (column.to_owned(), to.to_owned());
                all.push(Operation::RenameColumn { table: TableName::new(owner), from, to });
            }
        }
    }
    // A name that refers to a column does not rename a table.
    if all.is_empty() && table_splits(rest).next().is_none() {
        for (from, to) in splits(rest, "_to_") {
            // `user_table` is the table `user`, or the table `user_table`.
            for read in [table, |words: &str| Some(TableName::new(words))] {
                let tables = read(from).zip(read(to));
                all.extend(tables.map(|(from, to)| Operation::RenameTable { from, to }));
            }
        }
    }
    all
}

/// Returns the operations of a name with the verb `change`.
fn changes(rest: &str) -> Vec<Operation> {
    let mut all = Vec::new();
    for (words, table) in table_splits(rest) {
        let columns = NameList::new(words, Noun::Column);
        let change =
            |column: &str| Operation::ChangeColumn(TableName::new(table), column.to_owned());
        all.extend(columns.phrases().map(change));
    }
    all
}

/// Returns the possible names of the enum type in the words `status_enum` or `enum_status`: `status`, and all of the
/// words. Returns none if the words do not name an enum type.
fn enum_names(words: &str) -> Vec<String> {
    let name = strip_affix(words, "enum");
    name.map(|name| vec![name.to_owned(), words.to_owned()]).unwrap_or_default()
}

/// Splits the words in two at each occurrence of the separator.
fn splits<'w>(words: &'w str, separator: &'w str) -> impl Iterator<Item = (&'w str, &'w str)> {
    words
        .match_indices('_')
        .filter_map(move |(at, _)| Some((&words[..at], words[at..].strip_prefix(separator)?)))
}

/// Splits the words in two at each preposition that may stand before a table.
fn table_splits(words: &str) -> impl Iterator<Item = (&str, &str)> {
    TABLE_PREPOSITIONS.iter().flat_map(move |preposition| splits(words, preposition))
}
