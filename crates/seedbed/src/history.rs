//! The migrations on disk, compared with those that a database has applied.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use seedbed_files::Name;

use crate::workspace::script_files;

/// What tells that a database is not what the migrations make.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Gap {
    /// On disk, and not applied.
    pending: Vec<Name>,
    /// Applied, and not on disk.
    missing: Vec<Name>,
    none_is_applied: bool,
}

impl Gap {
    /// Compares the names in the history with the files in that folder.
    pub(crate) fn between(folder: &Path, applied: &[Name]) -> anyhow::Result<Self> {
        Ok(Self::of(&names(folder)?, &applied.iter().cloned().collect()))
    }

    fn of(on_disk: &BTreeSet<Name>, applied: &BTreeSet<Name>) -> Self {
        Self {
            pending: on_disk.difference(applied).cloned().collect(),
            missing: applied.difference(on_disk).cloned().collect(),
            none_is_applied: applied.is_empty(),
        }
    }

    /// What is pending, if anything is.
    pub(crate) fn pending(&self) -> Option<String> {
        match self.pending.as_slice() {
            [] => None,
            [only] => Some(format!("{only} is pending")),
            all if self.none_is_applied => {
                Some(format!("none of the {} migrations is applied", all.len()))
            }
            several => Some(format!("{} are pending", some(several))),
        }
    }

    /// What is pending and would only say that it is not written yet, if anything is.
    pub(crate) fn unwritten(&self, folder: &Path) -> Option<String> {
        let is_unwritten = |name: &&Name| {
            let text = fs::read_to_string(folder.join(format!("{name}.rs"))).unwrap_or_default();
            text.contains("not_written(file!())")
        };
        let names: Vec<Name> = self.pending.iter().filter(is_unwritten).cloned().collect();
        (!names.is_empty()).then(|| some(&names))
    }

    /// What is missing, if anything is.
    pub(crate) fn missing(&self) -> Option<String> {
        match self.missing.as_slice() {
            [] => None,
            [only] => Some(format!("{only} is applied, and its file is missing")),
            several => Some(format!("{} are applied, and their files are missing", some(several))),
        }
    }
}

/// The first few names.
fn some(names: &[Name]) -> String {
    match names {
        [one, other] => format!("{one} and {other}"),
        [one, other, more @ ..] if more.len() > 1 => {
            format!("{one}, {other} and {} more", more.len())
        }
        several => several.iter().map(Name::as_str).collect::<Vec<_>>().join(", "),
    }
}

/// The names of the files in the history. One that is not read as a script, since somebody is writing
/// it, goes by the name of its file.
fn names(folder: &Path) -> anyhow::Result<BTreeSet<Name>> {
    if let Ok(files) = seedbed_files::scan(folder) {
        return Ok(files.iter().map(|file| file.name_in_history().clone()).collect());
    }
    let stem = |file: std::path::PathBuf| Some(Name::from(file.file_stem()?.to_str()?.to_owned()));
    Ok(script_files(folder)?.into_iter().filter_map(stem).collect())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn set(names: &str) -> BTreeSet<Name> {
        names.split_whitespace().map(|name| Name::from(name.to_owned())).collect()
    }

    #[rstest]
    #[case("", "", None)]
    #[case("a b", "a b", None)]
    #[case("a", "a b", None)]
    #[case("a b", "a", Some("b is pending"))]
    #[case("a b c", "a", Some("b and c are pending"))]
    #[case("a b c d", "c", Some("a, b, d are pending"))]
    #[case("a b c d e", "a", Some("b, c and 2 more are pending"))]
    #[case("a", "", Some("a is pending"))]
    #[case("a b c", "", Some("none of the 3 migrations is applied"))]
    fn what_is_pending_is_named(
        #[case] on_disk: &str,
        #[case] applied: &str,
        #[case] expected: Option<&str>,
    ) {
        let gap = Gap::of(&set(on_disk), &set(applied));
        assert_eq!(gap.pending().as_deref(), expected);
    }

    #[test]
    fn what_was_applied_from_a_file_that_is_gone_is_named() {
        let missing = |on_disk, applied| Gap::of(&set(on_disk), &set(applied)).missing();
        assert_eq!(missing("a b", "a"), None);
        let expected = "b is applied, and its file is missing";
        assert_eq!(missing("a", "a b").as_deref(), Some(expected));
        let expected = "a and b are applied, and their files are missing";
        assert_eq!(missing("", "a b").as_deref(), Some(expected));
    }
}
