//! Whether an environment is one, or a slip of the hand.
//!
//! Environments are free words. Production is protected by its name alone, so what looks like a known name
//! and is none is refused, before `prodution` is treated like any other word.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use crate::{Environment, scan};

/// Those that are there without a folder.
const USUAL: [Environment; 4] =
    [Environment::DEVELOPMENT, Environment::PRODUCTION, Environment::STAGING, Environment::TEST];

/// The environments that are known: the usual ones, and those that a folder of seeds makes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environments {
    folders: BTreeSet<Environment>,
}

impl Environments {
    /// Reads the names of the folders in that of all seeds; none if it is missing.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn in_folder(seeds: &Path) -> io::Result<Self> {
        let entries = match scan::entries(seeds) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            entries => entries?,
        };
        let folders = entries.into_iter().filter(|entry| entry.is_dir);
        Ok(folders
            .filter_map(|folder| Environment::parse(folder.path.file_name()?.to_str()?))
            .collect())
    }

    /// Those that have a folder, in the order of their names.
    pub fn folders(&self) -> impl Iterator<Item = &Environment> {
        self.folders.iter()
    }

    /// Whether it is one of them.
    #[must_use]
    pub fn contains(&self, environment: &Environment) -> bool {
        self.folders.contains(environment) || USUAL.contains(environment)
    }

    /// Refuses a name that is almost a known one.
    ///
    /// # Errors
    /// When it is, with the one that is meant.
    pub fn ensure_not_misspelled(&self, environment: &Environment) -> Result<(), NoEnvironment> {
        if self.contains(environment) {
            return Ok(());
        }
        match self.folders().chain(&USUAL).find(|known| looks_like(environment, known)) {
            Some(meant) => Err(NoEnvironment { name: environment.clone(), meant: meant.clone() }),
            None => Ok(()),
        }
    }
}

impl FromIterator<Environment> for Environments {
    fn from_iter<I: IntoIterator<Item = Environment>>(folders: I) -> Self {
        Self { folders: folders.into_iter().collect() }
    }
}

/// A name that is almost that of a known environment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no environment {name}")]
pub struct NoEnvironment {
    name: Environment,
    meant: Environment,
}

impl NoEnvironment {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        let Self { name, meant } = self;
        if name.may_be_a_folder() {
            format!("did you mean {meant}? A folder of seeds makes it one: src/seeds/{name}")
        } else {
            format!("did you mean {meant}?")
        }
    }
}

/// `prodution`, `Production`, `prod`; `staging2` is meant, and `production2` is protected by nothing.
fn looks_like(environment: &Environment, known_environment: &Environment) -> bool {
    let (name, known) = (environment.as_str().to_lowercase(), known_environment.as_str());
    if name.starts_with(known) {
        return known_environment.is_production() || name == known;
    }
    let begins = name.len() > 2 && known.starts_with(&name);
    begins || (name.len() > 3 && strsim::damerau_levenshtein(&name, known) <= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(name: &str) -> Environment {
        Environment::parse(name).unwrap()
    }

    #[test]
    fn a_slip_is_told_from_another_word() {
        for (name, known) in [
            ("prodution", "production"),
            ("Production", "production"),
            ("prod", "production"),
            ("production1", "production"),
            ("dev", "development"),
            ("tset", "test"),
            ("stagign", "staging"),
        ] {
            assert!(looks_like(&environment(name), &environment(known)), "{name}");
        }
        for name in
            ["preview", "qa", "ci", "demo", "acceptance", "eu", "load", "staging2", "test_eu"]
        {
            for known in &USUAL {
                assert!(!looks_like(&environment(name), known), "{name} {known}");
            }
        }
    }

    #[test]
    fn a_folder_makes_an_environment_and_is_offered_only_if_it_may_be_one() {
        let known: Environments = [environment("prod")].into_iter().collect();
        assert_eq!(known.ensure_not_misspelled(&environment("prod")), Ok(()));
        let hint = |name| known.ensure_not_misspelled(&environment(name)).unwrap_err().hint();
        assert_eq!(
            hint("prodution"),
            "did you mean production? A folder of seeds makes it one: src/seeds/prodution"
        );
        assert_eq!(hint("Production"), "did you mean production?");
    }
}
