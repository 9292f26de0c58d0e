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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Phrase<'w> {
    words: &'w str,
    number: NameCount,
}

/// The number of names that the words stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NameCount {
    /// The words do not determine the number.
    Unspecified,
    /// One name if possible, as in `column_terms_and_conditions`.
    One,
    /// Several names if possible, as in `columns_terms_and_conditions`.
    Many,
}

impl Noun {
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
        let mut phrases = vec![Phrase { words, number: NameCount::Unspecified }];
        for (noun, number) in [(one, NameCount::One), (many, NameCount::Many)] {
            if let Some(words) = strip_affix(words, noun) {
                phrases.push(Phrase { words, number });
            }
        }
        Self(phrases)
    }

    /// Returns the words of each reading, with fewer and fewer of them read as names.
    pub(crate) fn phrases(&self) -> impl Iterator<Item = &'w str> {
        self.0.iter().map(|phrase| phrase.words)
    }

    /// Returns the names without knowledge of existing objects: the words between each `and`,
    /// without the noun.
    pub(crate) fn default_names(&self) -> Columns {
        Columns::parse(self.0.last().map_or("", |phrase| phrase.words))
    }

    /// Returns all lists of existing names that the words may mean. `existing` looks up the names for some words. Each
    /// name has a flag that says whether `reworded` was needed to find it, as for `owner_id` from `owner_ref`. A word
    /// that is marked as a name by a noun is not reworded.
    pub(crate) fn existing(
        &self,
        existing: &dyn Fn(&str) -> Vec<String>,
        reworded: &dyn Fn(&str) -> Option<String>,
    ) -> Vec<Vec<(String, bool)>> {
        let mut all = Vec::new();
        for phrase in &self.0 {
            let find = |words: &str| {
                let typed = existing(words).into_iter().map(|name| (name, false));
                let other = reworded(words).filter(|_| phrase.number == NameCount::Unspecified);
                let other = other.map(|words| existing(&words)).unwrap_or_default();
                typed.chain(other.into_iter().map(|name| (name, true))).collect()
            };
            let parts: Vec<&str> = phrase.words.split("_and_").collect();
            let mut lists = groupings(&parts, &find);
            let has_one = lists.iter().any(|list| list.len() == 1);
            match phrase.number {
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

/// Joins the parts to names, in every way in which all names exist.
fn groupings(
    parts: &[&str],
    find: &dyn Fn(&str) -> Vec<(String, bool)>,
) -> Vec<Vec<(String, bool)>> {
    if parts.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for end in 1..=parts.len() {
        for first in find(&parts[..end].join("_and_")) {
            for mut rest in groupings(&parts[end..], find) {
                if rest.iter().all(|(name, _)| *name != first.0) {
                    rest.insert(0, first.clone());
                    all.push(rest);
                }
            }
        }
    }
    all
}
