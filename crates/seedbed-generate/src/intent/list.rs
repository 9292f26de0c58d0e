//! A list of columns or values, as a name has it: `name_and_price`, `column_name`, `void_value`.

use heck::ToSnakeCase as _;

use super::Columns;
use super::parse::around;

/// What the list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noun {
    Column,
    Value,
}

/// The words of the list, in each way in which they can be understood: the first is just what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NameList<'w>(Vec<Phrase<'w>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Phrase<'w> {
    words: &'w str,
    number: Number,
}

/// How many names the words stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Number {
    /// The words do not say.
    Any,
    /// One if it can be: `column_terms_and_conditions`
    One,
    /// More than one if they can be: `columns_terms_and_conditions`
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
        let mut phrases = vec![Phrase { words, number: Number::Any }];
        for (noun, number) in [(one, Number::One), (many, Number::Many)] {
            if let Some(words) = around(words, noun) {
                phrases.push(Phrase { words, number });
            }
        }
        Self(phrases)
    }

    /// The words, each time less of them taken for names.
    pub(crate) fn phrases(&self) -> impl Iterator<Item = &'w str> {
        self.0.iter().map(|phrase| phrase.words)
    }

    /// The names if nothing is known of what there is: those between the `and`s, without the noun.
    pub(crate) fn usual(&self) -> Columns {
        Columns::of(self.0.last().map_or("", |phrase| phrase.words))
    }

    /// All lists of existing names that the words may stand for. `existing` has those that some of the
    /// words mean. Each name comes with whether it is `reworded`, as `owner_id` for `owner_ref`; that is not
    /// done where a noun says that it is a name.
    pub(crate) fn existing(
        &self,
        existing: &dyn Fn(&str) -> Vec<String>,
        reworded: &dyn Fn(&str) -> Option<String>,
    ) -> Vec<Vec<(String, bool)>> {
        let mut all = Vec::new();
        for phrase in &self.0 {
            let find = |words: &str| {
                let typed = existing(words).into_iter().map(|name| (name, false));
                let other = reworded(words).filter(|_| phrase.number == Number::Any);
                let other = other.map(|words| existing(&words)).unwrap_or_default();
                typed.chain(other.into_iter().map(|name| (name, true))).collect()
            };
            let parts: Vec<&str> = phrase.words.split("_and_").collect();
            let mut lists = groupings(&parts, &find);
            let has_one = lists.iter().any(|list| list.len() == 1);
            match phrase.number {
                Number::One if has_one => lists.retain(|list| list.len() == 1),
                Number::Many if parts.len() > 1 => lists.retain(|list| list.len() > 1),
                _ => {}
            }
            all.extend(lists);
        }
        all
    }
}

/// The name that is just those words; else those that a script's name spells like that, such as
/// `"dueDate"` and `due-date`.
pub(crate) fn named<'n>(
    words: &str,
    names: impl Iterator<Item = &'n String> + Clone,
) -> Vec<String> {
    match names.clone().find(|name| *name == words) {
        Some(name) => vec![name.clone()],
        None => names.filter(|name| name.to_snake_case() == words).cloned().collect(),
    }
}

/// The parts, put together to names in each way in which all of them exist.
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
