//! The difference between the migrations on disk and the migrations that a database has applied.

use std::collections::BTreeSet;
use std::path::Path;

use seedbed_build::Name;

use crate::workspace::rust_files;

/// The migrations that are only on disk or only in the history of a database.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct MigrationDrift {
    /// The migrations that are on disk but not applied.
    pending: Vec<Name>,
    /// The migrations that are applied but not on disk.
    missing: Vec<Name>,
    /// The pending migrations that are still unedited templates for new scripts.
    unwritten: Vec<Name>,
    is_history_empty: bool,
}

impl MigrationDrift {
    /// Compares the names in the history with the files in the folder.
    pub(crate) fn compare(folder: &Path, applied: &[Name]) -> anyhow::Result<Self> {
        let (on_disk, unwritten) = names_on_disk(folder)?;
        let mut drift = Self::new(&on_disk, &applied.iter().cloned().collect());
        drift.unwritten =
            drift.pending.iter().filter(|name| unwritten.contains(*name)).cloned().collect();
        Ok(drift)
    }

    fn new(on_disk: &BTreeSet<Name>, applied: &BTreeSet<Name>) -> Self {
        Self {
            pending: on_disk.difference(applied).cloned().collect(),
            missing: applied.difference(on_disk).cloned().collect(),
            unwritten: Vec::new(),
            is_history_empty: applied.is_empty(),
        }
    }

    /// Describes the pending migrations, if there are any.
    pub(crate) fn pending(&self) -> Option<String> {
        match self.pending.as_slice() {
            [] => None,
            [only] => Some(format!("`{only}` is pending")),
            all if self.is_history_empty => {
                Some(format!("none of the {} migrations is applied", all.len()))
            }
            several => Some(format!("{} are pending", list(several))),
        }
    }

    /// Lists the pending migrations that are still templates, if there are any. Applying a template always fails.
    pub(crate) fn unwritten(&self) -> Option<String> {
        (!self.unwritten.is_empty()).then(|| list(&self.unwritten))
    }

    /// Describes the applied migrations whose files are missing, if there are any.
    pub(crate) fn missing(&self) -> Option<String> {
        match self.missing.as_slice() {
            [] => None,
            [only] => Some(format!("`{only}` is applied, but its file is missing")),
            several => Some(format!("{} are applied, but their files are missing", list(several))),
        }
    }
}

/// Lists up to three names, or two names and the number of the others.
fn list(names: &[Name]) -> String {
    match names {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [one, other] => format!("`{one}` and `{other}`"),
        [one, other, third] => format!("`{one}`, `{other}` and `{third}`"),
        [one, other, more @ ..] => format!("`{one}`, `{other}` and {} more", more.len()),
    }
}

/// Returns the names of the scripts in a folder, as the history has them, and the names of those that are still templates.
/// If a script cannot be parsed, because somebody is editing it, returns the names of the files and no template.
fn names_on_disk(folder: &Path) -> anyhow::Result<(BTreeSet<Name>, BTreeSet<Name>)> {
    if let Ok(files) = seedbed_build::scan(folder) {
        let unwritten = files.iter().filter(|file| file.declarations.unwritten);
        let unwritten = unwritten.map(|file| file.name_in_history().clone()).collect();
        return Ok((files.iter().map(|file| file.name_in_history().clone()).collect(), unwritten));
    }
    let stem = |file: std::path::PathBuf| Some(Name::from(file.file_stem()?.to_str()?.to_owned()));
    Ok((rust_files(folder)?.into_iter().filter_map(stem).collect(), BTreeSet::new()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use test_support::assert_snapshot;

    use super::*;

    fn set(names: &str) -> BTreeSet<Name> {
        names.split_whitespace().map(|name| Name::from(name.to_owned())).collect()
    }

    #[rstest]
    #[case("", "")]
    #[case("a b", "a b")]
    #[case("a", "a b")]
    fn applied_migrations_are_not_pending(#[case] on_disk: &str, #[case] applied: &str) {
        assert_eq!(MigrationDrift::new(&set(on_disk), &set(applied)).pending(), None);
    }

    #[test]
    fn pending_migrations_are_named() {
        let cases = [
            ("a b", "a"),
            ("a b c", "a"),
            ("a b c d", "c"),
            ("a b c d e", "a"),
            ("a", ""),
            ("a b c", ""),
        ];
        let pending = cases.map(|(on_disk, applied)| {
            MigrationDrift::new(&set(on_disk), &set(applied)).pending().unwrap()
        });
        assert_snapshot!("pending", pending.join("\n"));
    }

    #[test]
    fn applied_migrations_without_a_file_are_named() {
        let missing =
            |on_disk, applied| MigrationDrift::new(&set(on_disk), &set(applied)).missing();
        assert_eq!(missing("a b", "a"), None);
        let some = [missing("a", "a b").unwrap(), missing("", "a b").unwrap()];
        assert_snapshot!("missing", some.join("\n"));
    }
}
