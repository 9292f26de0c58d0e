//! All that a name may mean: some of its words may be grammar, or a part of what a table or a column is
//! called. Only the database tells.

use std::mem::discriminant;

use super::parse::{BEFORE_TABLE, CHECK_FROM, INDEX_FROM, around, likeliest, table, two_tables};
use super::{Columns, Intent, NameList, Noun, TableName, join_table};

/// The ways in which a name can be read, the likeliest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readings {
    slug: String,
    likeliest: Intent,
    others: Vec<Intent>,
}

impl Readings {
    /// Reads a name in snake_case, as `seedbed_files::Slug` makes it of what was typed.
    #[must_use]
    pub fn parse(slug: &str) -> Self {
        // The suffix `_again` distinguishes a script from one whose name is taken, and says nothing about the
        // change. The name of a table may have that suffix, too.
        let plain = slug.strip_suffix("_again").map(all).unwrap_or_default();
        let mut intents = plain.into_iter().chain(all(slug));
        let likeliest = intents.next().unwrap_or(Intent::Other);
        let mut others: Vec<Intent> = Vec::new();
        for intent in intents {
            if intent != likeliest && !others.contains(&intent) {
                others.push(intent);
            }
        }
        Self { slug: slug.to_owned(), likeliest, others }
    }

    /// The name.
    pub(crate) fn slug(&self) -> &str {
        &self.slug
    }

    pub(crate) const fn likeliest(&self) -> &Intent {
        &self.likeliest
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Intent> {
        std::iter::once(&self.likeliest).chain(&self.others)
    }

    /// The names of all tables and types that it may work on, as they may be called in the database.
    #[must_use]
    pub fn reads(&self) -> Vec<&str> {
        self.iter().flat_map(Intent::reads).collect()
    }

    /// Whether it cannot be written without the database, as [`Intent::needs_database`] says, or because
    /// the words leave open which column, table or value gets another name.
    #[must_use]
    pub fn needs_database(&self) -> bool {
        self.likeliest.needs_database() || self.leaves_open_what_is_renamed()
    }

    /// An example of the fields that it needs, as [`Intent::example`] gives it.
    #[must_use]
    pub fn example(&self) -> Option<String> {
        self.likeliest.example()
    }

    pub(crate) fn leaves_open_what_is_renamed(&self) -> bool {
        let renamed = |intent: &Intent| match intent {
            Intent::RenameTable { from, .. } => Some((None, from.typed.clone())),
            Intent::RenameColumn { table, from, .. } => {
                Some((Some(table.typed.clone()), from.clone()))
            }
            Intent::RenameEnumValue { name, from, .. } => Some((Some(name.clone()), from.clone())),
            _ => None,
        };
        let Some((of, from)) = renamed(&self.likeliest) else { return false };
        let mut same = self
            .others
            .iter()
            .filter(|other| discriminant(*other) == discriminant(&self.likeliest))
            .filter_map(renamed);
        same.any(|(other_of, other_from)| other_of == of && other_from != from)
    }
}

/// The likeliest reading of a name, and the others.
fn all(slug: &str) -> Vec<Intent> {
    let Some((verb, rest)) = slug.split_once('_') else { return Vec::new() };
    let Some(likeliest) = likeliest(verb, rest) else { return Vec::new() };
    let others = match verb {
        "add" => more_enums(rest, &likeliest),
        "drop" => drops(rest),
        "remove" => removals(rest),
        "rename" => renames(rest),
        "change" | "alter" | "modify" => changes(rest),
        _ => Vec::new(),
    };
    std::iter::once(likeliest).chain(others).collect()
}

/// `addVoidToStatusEnum` where the type itself is called `status_enum`.
fn more_enums(rest: &str, intent: &Intent) -> Vec<Intent> {
    let Intent::AddEnumValues(name, values) = intent else { return Vec::new() };
    let names = [format!("{name}_enum"), format!("enum_{name}")].into_iter();
    let typed = names.filter(|name| rest.ends_with(&format!("_to_{name}")));
    typed.map(|name| Intent::AddEnumValues(name, values.clone())).collect()
}

fn drops(rest: &str) -> Vec<Intent> {
    let mut all: Vec<Intent> = enums(rest).into_iter().map(Intent::DropEnum).collect();
    let affixed = [rest.strip_suffix("_table"), rest.strip_prefix("table_")];
    let tables = std::iter::once(rest).chain(affixed.into_iter().flatten());
    all.extend(tables.map(|words| Intent::DropTable(TableName::new(words))));
    if let Some(words) = around(rest, "join_table") {
        let joined = two_tables(words).map(|(one, other)| join_table(one, other));
        let names = joined.into_iter().chain([words.to_owned()]);
        all.extend(names.map(|name| Intent::DropTable(TableName::new(&name))));
    }
    all.extend(removals(rest));
    all
}

fn removals(rest: &str) -> Vec<Intent> {
    let mut all = Vec::new();
    for (prefix, uniqueness) in INDEX_FROM {
        for (table, words) in
            rest.strip_prefix(prefix).into_iter().flat_map(|rest| splits(rest, "_on_"))
        {
            all.push(Intent::RemoveIndex(TableName::new(table), Columns::of(words), *uniqueness));
        }
    }
    for rest in CHECK_FROM.iter().filter_map(|prefix| rest.strip_prefix(prefix)) {
        all.push(Intent::RemoveCheck(TableName::new(rest), None));
        let on_column = splits(rest, "_on_").map(|(table, column)| {
            Intent::RemoveCheck(TableName::new(table), Some(column.to_owned()))
        });
        all.extend(on_column);
    }
    for (words, of) in splits(rest, "_from_") {
        let of_enum = |name| Intent::RemoveEnumValues(name, Columns::of(words));
        all.extend(enums(of).into_iter().map(of_enum));
        all.push(Intent::RemoveColumns(TableName::new(of), Columns::of(words)));
    }
    all
}

fn renames(rest: &str) -> Vec<Intent> {
    let mut all = Vec::new();
    for (words, of) in on_splits(rest) {
        // `rename_reply_to_column_to_answer` says where the name of the column ends.
        let is_told = words.contains("_column_to_");
        let pairs = splits(words, "_to_").filter(|(from, _)| !is_told || from.ends_with("_column"));
        for (from, to) in pairs {
            for name in enums(of) {
                let rename = |from: &str| Intent::RenameEnumValue {
                    name: name.clone(),
                    from: from.to_owned(),
                    to: to.to_owned(),
                };
                all.extend(NameList::new(from, Noun::Value).phrases().map(rename));
            }
            for column in NameList::new(from, Noun::Column).phrases() {
                // `rename_name_column_to_title_column`
                let both = from.strip_suffix("_column") == Some(column);
                let to = to.strip_suffix("_column").filter(|_| both).unwrap_or(to);
                let (from, to) = (column.to_owned(), to.to_owned());
                all.push(Intent::RenameColumn { table: TableName::new(of), from, to });
            }
        }
    }
    // A table is renamed only by a name that is about no column.
    if all.is_empty() && on_splits(rest).next().is_none() {
        for (from, to) in splits(rest, "_to_") {
            for read in [table, |words: &str| Some(TableName::new(words))] {
                let tables = read(from).zip(read(to));
                all.extend(tables.map(|(from, to)| Intent::RenameTable { from, to }));
            }
        }
    }
    all
}

fn changes(rest: &str) -> Vec<Intent> {
    let mut all = Vec::new();
    for (words, table) in on_splits(rest) {
        let columns = NameList::new(words, Noun::Column);
        let change = |column: &str| Intent::ChangeColumn(TableName::new(table), column.to_owned());
        all.extend(columns.phrases().map(change));
    }
    all
}

/// What an enum type may be called, of which a name speaks as `status_enum` or `enum_status`.
fn enums(words: &str) -> Vec<String> {
    let name = around(words, "enum");
    name.map(|name| vec![name.to_owned(), words.to_owned()]).unwrap_or_default()
}

/// Both sides of that word, wherever it stands.
fn splits<'w>(words: &'w str, between: &'w str) -> impl Iterator<Item = (&'w str, &'w str)> {
    words
        .match_indices('_')
        .filter_map(move |(at, _)| Some((&words[..at], words[at..].strip_prefix(between)?)))
}

/// Both sides of each word that may stand before a table.
fn on_splits(words: &str) -> impl Iterator<Item = (&str, &str)> {
    BEFORE_TABLE.iter().flat_map(move |between| splits(words, between))
}
