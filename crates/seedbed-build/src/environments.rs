//! The known environments, and the check for misspelled names.
//!
//! Any word can name an environment. Production is protected only by its name, so a name that looks like a known one is
//! refused. Otherwise `prodution` would be treated like any other word.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use crate::{Environment, scan};

/// The environments that are known without a folder.
const STANDARD: [Environment; 4] =
    [Environment::DEVELOPMENT, Environment::PRODUCTION, Environment::STAGING, Environment::TEST];

/// The known environments: the standard ones, and those with a folder of seeds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environments {
    folders: BTreeSet<Environment>,
}

impl Environments {
    /// Reads the environments from the subfolders of the seeds folder. A missing folder has no environments.
    ///
    /// # Errors
    /// Fails if the folder cannot be read.
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

    /// Returns the environments that have a folder, sorted by name.
    pub fn folders(&self) -> impl Iterator<Item = &Environment> {
        self.folders.iter()
    }

    /// Returns whether the environment is known.
    #[must_use]
    pub fn contains(&self, environment: &Environment) -> bool {
        self.folders.contains(environment) || STANDARD.contains(environment)
    }

    /// Ensures that the name is not a misspelled name of a known environment.
    ///
    /// # Errors
    /// Fails if the name is misspelled. The error names the known environment.
    pub fn ensure_not_misspelled(
        &self,
        environment: &Environment,
    ) -> Result<(), UnknownEnvironment> {
        if self.contains(environment) {
            return Ok(());
        }
        match self.folders().chain(&STANDARD).find(|known| looks_like(environment, known)) {
            Some(similar) => {
                Err(UnknownEnvironment { name: environment.clone(), similar: similar.clone() })
            }
            None => Ok(()),
        }
    }
}

impl FromIterator<Environment> for Environments {
    fn from_iter<I: IntoIterator<Item = Environment>>(folders: I) -> Self {
        Self { folders: folders.into_iter().collect() }
    }
}

/// The error for a misspelled name of a known environment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no environment `{name}`")]
pub struct UnknownEnvironment {
    name: Environment,
    similar: Environment,
}

impl UnknownEnvironment {
    /// Returns the hint that says how to correct the error.
    #[must_use]
    pub fn hint(&self) -> String {
        let Self { name, similar } = self;
        if name.is_valid_folder_name() {
            format!(
                "did you mean `{similar}`? To make `{name}` a new environment, create the folder `src/seeds/{name}`"
            )
        } else {
            format!("did you mean `{similar}`?")
        }
    }
}

/// Returns whether a name looks like a known one: `prodution`, `Production`, `prod`. `staging2` counts as another
/// environment, but `production2` looks like `production`, because it would not be protected.
fn looks_like(environment: &Environment, known_environment: &Environment) -> bool {
    let (name, known) = (environment.as_str().to_lowercase(), known_environment.as_str());
    if name.starts_with(known) {
        return known_environment.is_production() || name == known;
    }
    let is_prefix = name.len() > 2 && known.starts_with(&name);
    is_prefix || (name.len() > 3 && strsim::damerau_levenshtein(&name, known) <= 2)
}

#[cfg(test)]
mod tests {
    use test_support::assert_snapshot;

    use super::*;

    fn environment(name: &str) -> Environment {
        Environment::parse(name).unwrap()
    }

    #[test]
    fn a_misspelled_name_is_distinguished_from_another_word() {
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
            for known in &STANDARD {
                assert!(!looks_like(&environment(name), known), "{name} {known}");
            }
        }
    }

    #[test]
    fn a_folder_creates_an_environment_and_is_suggested_only_with_a_valid_name() {
        let known: Environments = [environment("prod")].into_iter().collect();
        assert_eq!(known.ensure_not_misspelled(&environment("prod")), Ok(()));
        let hint = |name| known.ensure_not_misspelled(&environment(name)).unwrap_err().hint();
        assert_snapshot!("misspelled", [hint("prodution"), hint("Production")].join("\n"));
    }
}
