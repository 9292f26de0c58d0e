//! Lists of columns or values in a name, such as `name_and_price`, `column_name` or `void_value`.

use heck::ToSnakeCase as _;

use super::Columns;
use super::parse::strip_affix;

/// The kind of the elements of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noun {
    Column,
    Value,
}

/// All ways to read the words of a list. The first way reads every word as a part of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NameList<'w>(Vec<Phrase<'w>>);

/// One way to read the words of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Phrase<'w> {
    /// The words that are read as names, joined by `and`.
    words: &'w str,
    count: NameCount,
}

/// An existing name that the words of a list mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MatchedName {
    pub(crate) name: String,
    /// Whether the name was found only with other words, as `owner_id` for `owner_ref`.
    pub(crate) is_reworded: bool,
}

/// The number of names that the words stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NameCount {
    /// The words do not say how many names there are.
    Unspecified,
    /// One name if possible, as in `column_terms_and_conditions`.
    One,
    /// Several names if possible, as in `columns_terms_and_conditions`.
    Many,
}

impl Noun {
    /// Returns the singular and the plural.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Column => ("column", "columns"),
            Self::Value => ("value", "values"),
        }
    }
}

impl<'w> NameList<'w> {
    pub(crate) fn new(words: &'w str, noun: Noun) -> Self {
        let (one, many) = noun.words();
        let mut phrases = vec![Phrase { words, count: NameCount::Unspecified }];
        for (noun, count) in [(one, NameCount::One), (many, NameCount::Many)] {
            if let Some(words) = strip_affix(words, noun) {
                phrases.push(Phrase { words, count });
            }
        }
        Self(phrases)
    }

    /// Returns the words that each reading takes for names: first all words, then the words without the noun.
    pub(crate) fn phrases(&self) -> impl Iterator<Item = &'w str> {
        self.0.iter().map(|phrase| phrase.words)
    }

    /// Returns the names if no existing objects are known: the words between each `and`, without the noun.
    pub(crate) fn default_names(&self) -> Columns {
        Columns::parse(self.0.last().map_or("", |phrase| phrase.words))
    }

    /// Returns all lists of existing names that the words may mean. `existing` looks up the names for some words, and
    /// `reworded` returns other words for the same object. Words that a noun marks as a name are not reworded.
    pub(crate) fn existing(
        &self,
        existing: &dyn Fn(&str) -> Vec<String>,
        reworded: &dyn Fn(&str) -> Option<String>,
    ) -> Vec<Vec<MatchedName>> {
        let mut all = Vec::new();
        for phrase in &self.0 {
            let find = |words: &str| {
                let typed = existing(words).into_iter();
                let typed = typed.map(|name| MatchedName { name, is_reworded: false });
                let other = reworded(words).filter(|_| phrase.count == NameCount::Unspecified);
                let other = other.map(|words| existing(&words)).unwrap_or_default().into_iter();
                let other = other.map(|name| MatchedName { name, is_reworded: true });
                typed.chain(other).collect()
            };
            let parts: Vec<&str> = phrase.words.split("_and_").collect();
            let mut lists = groupings(&parts, &find);
            let has_one = lists.iter().any(|list| list.len() == 1);
            match phrase.count {
                NameCount::One if has_one => lists.retain(|list| list.len() == 1),
                NameCount::Many if parts.len() > 1 => lists.retain(|list| list.len() > 1),
                _ => {}
            }
            all.extend(lists);
        }
        all
    }
}

/// Returns the name that equals the words, else the names that have this spelling in snake_case,
/// such as `"dueDate"` and `due-date`.
pub(crate) fn matching_names<'n>(
    words: &str,
    names: impl Iterator<Item = &'n String> + Clone,
) -> Vec<String> {
    match names.clone().find(|name| *name == words) {
        Some(name) => vec![name.clone()],
        None => names.filter(|name| name.to_snake_case() == words).cloned().collect(),
    }
}

/// Joins adjacent parts by `and`, in every way in which the results are existing names, all of them different.
fn groupings(parts: &[&str], find: &dyn Fn(&str) -> Vec<MatchedName>) -> Vec<Vec<MatchedName>> {
    if parts.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for end in 1..=parts.len() {
        for first in find(&parts[..end].join("_and_")) {
            for mut rest in groupings(&parts[end..], find) {
                if rest.iter().all(|other| other.name != first.name) {
                    rest.insert(0, first.clone());
                    all.push(rest);
                }
            }
        }
    }
    all
}
