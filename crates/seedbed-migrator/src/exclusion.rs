//! Leaves objects out of `schema --diff`: those that a kind and a pattern select, and partitions.
//!
//! ```text
//! --exclude PATTERN         an object of any kind, with everything that belongs to it
//! --exclude KIND:PATTERN    an object, a part of one, comments, or privileges
//! ```
//!
//! In a pattern, `*` stands for any characters and `?` for a single character. A pattern with a dot is compared with
//! the qualified name, and for a part with `schema.table.name`. A pattern without a dot is compared with the name
//! alone. Names are compared without quotes.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use seedbed_schema::model::{Aspect, Object, ObjectKind, PartKind};
use seedbed_schema::{Change, DatabaseSchema};

/// The kinds that a pattern can select, besides comments and privileges.
const OBJECT_KINDS: [ObjectKind; 18] = [
    ObjectKind::Table,
    ObjectKind::View,
    ObjectKind::MaterializedView,
    ObjectKind::Sequence,
    ObjectKind::Function,
    ObjectKind::Procedure,
    ObjectKind::Aggregate,
    ObjectKind::Type,
    ObjectKind::Domain,
    ObjectKind::Schema,
    ObjectKind::Extension,
    ObjectKind::Collation,
    ObjectKind::TextSearchDictionary,
    ObjectKind::TextSearchConfiguration,
    ObjectKind::Statistics,
    ObjectKind::DefaultPrivileges,
    ObjectKind::EventTrigger,
    ObjectKind::Other,
];
const PART_KINDS: [PartKind; 6] = [
    PartKind::Column,
    PartKind::Constraint,
    PartKind::Index,
    PartKind::Trigger,
    PartKind::Rule,
    PartKind::Policy,
];
const ASPECTS: [(&str, Aspect); 2] =
    [("comment", Aspect::Comment), ("privileges", Aspect::Privileges)];

/// The kind before the colon of an `--exclude`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ExcludedKind {
    AnyObject,
    Object(ObjectKind),
    Part(PartKind),
    Aspect(Aspect),
}

/// The value of one `--exclude`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exclusion {
    text: String,
    kind: ExcludedKind,
    pattern: String,
}

impl FromStr for Exclusion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, pattern) = match text.split_once(':') {
            None => (ExcludedKind::AnyObject, text),
            Some((word, pattern)) => (parse_kind(word)?, pattern),
        };
        if pattern.is_empty() {
            return Err("the pattern is empty; `*` matches every name".to_owned());
        }
        Ok(Self { text: text.to_owned(), kind, pattern: pattern.to_owned() })
    }
}

fn parse_kind(word: &str) -> Result<ExcludedKind, String> {
    let spaced = word.replace('_', " ");
    let object = OBJECT_KINDS.iter().find(|kind| kind.as_str() == spaced);
    let part = PART_KINDS.iter().find(|kind| kind.as_str() == spaced);
    let aspect = ASPECTS.iter().find(|(known, _)| *known == word);
    match (object, part, aspect) {
        (Some(kind), _, _) => Ok(ExcludedKind::Object(*kind)),
        (_, Some(kind), _) => Ok(ExcludedKind::Part(*kind)),
        (_, _, Some((_, aspect))) => Ok(ExcludedKind::Aspect(*aspect)),
        (None, None, None) => {
            let objects = OBJECT_KINDS.iter().map(|kind| kind.as_str().replace(' ', "_"));
            let parts = PART_KINDS.iter().map(|kind| kind.as_str().to_owned());
            let aspects = ASPECTS.iter().map(|(word, _)| (*word).to_owned());
            let known: Vec<String> = objects.chain(parts).chain(aspects).collect();
            Err(format!("`{word}` is not a kind of object; the kinds are {}", known.join(", ")))
        }
    }
}

impl fmt::Display for Exclusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Exclusion {
    fn matches(&self, object: &Object) -> bool {
        let part = object.part.as_ref();
        match self.kind {
            ExcludedKind::AnyObject => self.matches_name(object, None),
            ExcludedKind::Object(kind) => object.kind == kind && self.matches_name(object, None),
            ExcludedKind::Part(kind) => part.is_some_and(|part| {
                part.kind == kind && self.matches_name(object, Some(&part.name))
            }),
            ExcludedKind::Aspect(aspect) => {
                object.aspect == aspect && self.matches_name(object, None)
            }
        }
    }

    /// Returns whether the pattern matches the name of the object, or of its given part.
    fn matches_name(&self, object: &Object, part: Option<&str>) -> bool {
        let object_name = match &object.name.arguments {
            Some(arguments) => format!("{}({arguments})", object.name.name),
            None => object.name.name.clone(),
        };
        let name = part.unwrap_or(&object_name);
        if !self.pattern.contains('.') {
            return matches_pattern(&self.pattern, name);
        }
        let schema = object.name.schema.as_deref();
        let names = [schema, part.map(|_| object_name.as_str()), Some(name)];
        let qualified: Vec<&str> = names.into_iter().flatten().collect();
        matches_pattern(&self.pattern, &qualified.join("."))
    }
}

/// Returns whether the text matches the pattern, in which `*` stands for any characters and `?` for a single character.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = &pattern[1..];
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            ends.into_iter().any(|at| matches_pattern(rest, &text[at..]))
        }
        Some(wanted) => text.chars().next().is_some_and(|found| {
            (wanted == '?' || wanted == found)
                && matches_pattern(&pattern[wanted.len_utf8()..], &text[found.len_utf8()..])
        }),
    }
}

/// The objects that a comparison leaves out.
pub(crate) struct Exclusions<'a> {
    pub(crate) patterns: &'a [Exclusion],
    pub(crate) partitions: bool,
}

/// The changes of a comparison.
pub(crate) struct FilteredChanges {
    pub(crate) changes: Vec<Change>,
    /// The objects that differ and were left out.
    pub(crate) excluded: Vec<Object>,
    /// The patterns that match no object of either schema.
    pub(crate) unmatched: Vec<String>,
}

impl Exclusions<'_> {
    /// Removes the changes of excluded objects.
    pub(crate) fn apply(
        &self,
        changes: Vec<Change>,
        before: &DatabaseSchema,
        after: &DatabaseSchema,
    ) -> FilteredChanges {
        if self.patterns.is_empty() && !self.partitions {
            return FilteredChanges { changes, excluded: Vec::new(), unmatched: Vec::new() };
        }
        let mut objects: BTreeSet<Object> = before.objects();
        objects.extend(after.objects());
        objects.extend(changes.iter().map(|change| change.object().clone()));
        let mut excluded: BTreeSet<&Object> = BTreeSet::new();
        let mut unmatched = Vec::new();
        for pattern in self.patterns {
            let matched: Vec<&Object> =
                objects.iter().filter(|object| pattern.matches(object)).collect();
            if matched.is_empty() {
                unmatched.push(pattern.to_string());
            }
            excluded.extend(matched);
        }
        if self.partitions {
            excluded.extend(
                objects
                    .iter()
                    .filter(|object| is_partition(before, object) || is_partition(after, object)),
            );
        }
        // An excluded table is left out with the sequences that its columns own.
        let is_owned = |object: &Object| {
            [before, after]
                .into_iter()
                .any(|side| owner(side, object).is_some_and(|table| excluded.contains(&table)))
        };
        let is_out =
            |change: &Change| excluded.contains(change.object()) || is_owned(change.object());
        let (out, kept): (Vec<Change>, Vec<Change>) = changes.into_iter().partition(is_out);
        let excluded = out.iter().map(|change| change.object().clone()).collect();
        FilteredChanges { changes: kept, excluded, unmatched }
    }
}

fn is_partition(schema: &DatabaseSchema, object: &Object) -> bool {
    let table = object.qualified_name().filter(|_| object.kind == ObjectKind::Table);
    table
        .and_then(|name| schema.tables.get(&name))
        .is_some_and(|table| table.partition_of.is_some())
}

/// Returns the table whose column owns a sequence.
fn owner(schema: &DatabaseSchema, object: &Object) -> Option<Object> {
    let sequence = object.qualified_name().filter(|_| object.kind == ObjectKind::Sequence)?;
    let (table, _) = schema.sequences.get(&sequence)?.owned_by.as_ref()?;
    Some(Object::qualified(ObjectKind::Table, table))
}

#[cfg(test)]
mod tests {
    use seedbed_schema::model::QualifiedName;

    use super::*;

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, text, matches) in [
            ("events_*", "events_2025", true),
            ("events_*", "events_", true),
            ("events_*", "old_events_2025", false),
            ("*_20??", "events_2025", true),
            ("*_20??", "events_202", false),
            ("größe", "größe", true),
            ("gr??e", "größe", true),
            ("*", "", true),
            ("a*b*c", "a1b2b3c", true),
        ] {
            assert_eq!(matches_pattern(pattern, text), matches, "{pattern} {text}");
        }
    }

    fn matches(exclusion: &str, object: &Object) -> bool {
        exclusion.parse::<Exclusion>().expect("a valid exclusion").matches(object)
    }

    #[test]
    fn a_pattern_with_a_dot_is_about_the_qualified_name() {
        let name = QualifiedName::new("public", "Odd.name");
        let table = Object::qualified(ObjectKind::Table, &name);
        for (exclusion, expected) in [
            ("table:public.Odd*", true),
            ("public.*", true),
            ("Odd?name", true),
            ("*name", true),
            ("shop.*", false),
            ("view:*", false),
            ("odd*", false),
        ] {
            assert_eq!(matches(exclusion, &table), expected, "{exclusion}");
        }
    }

    #[test]
    fn an_object_is_excluded_with_its_parts_and_a_part_without_its_object() {
        let users = QualifiedName::new("public", "users");
        let table = Object::qualified(ObjectKind::Table, &users);
        let index = table.part(PartKind::Index, "users_email_idx");
        let comment = table.aspect(Aspect::Comment);
        for object in [&table, &index, &comment] {
            assert!(matches("table:users", object));
            assert!(!matches("table:users_*", object));
        }
        for exclusion in ["index:users_*", "index:public.users.*"] {
            assert!(matches(exclusion, &index) && !matches(exclusion, &table), "{exclusion}");
        }
        assert!(matches("comment:users", &comment) && !matches("comment:users", &table));
        let mut function =
            Object::qualified(ObjectKind::Function, &QualifiedName::new("public", "f"));
        function.name.arguments = Some("numeric, text".to_owned());
        assert!(matches("function:f(*", &function) && matches("function:public.f*", &function));
        let other = Object::global(ObjectKind::Other, "publication p");
        assert!(matches("other:publication *", &other));
    }

    #[test]
    fn an_unknown_kind_is_refused_with_the_kinds() {
        let error = "tabel:x".parse::<Exclusion>().expect_err("there is no such kind");
        assert!(error.starts_with("`tabel` is not a kind of object; the kinds are table, view, "));
        assert!(error.contains("materialized_view") && error.ends_with("comment, privileges"));
        assert!("table:".parse::<Exclusion>().is_err());
    }
}
