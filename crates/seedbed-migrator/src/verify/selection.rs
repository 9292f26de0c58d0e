//! The scripts that are verified.

use std::collections::BTreeSet;

use seedbed_engine::{
    Environment, Error, History, Name, PlanError, Project, Script, ScriptKind, Scripts, Selector,
    find_script,
};

/// The scripts of the project, and the ones that are verified.
#[derive(Debug)]
pub(crate) struct Selection {
    migrations: Scripts,
    seeds: Scripts,
    selected: BTreeSet<Name>,
}

impl Selection {
    /// Selects the scripts with the given names, each a migration or a seed, or every script if there is no name.
    ///
    /// # Errors
    /// Fails if a name matches no script or several, or if two files of the project have the same name.
    pub(crate) fn new(
        project: &Project,
        environment: &Environment,
        names: &[String],
    ) -> Result<Self, Error> {
        let migrations = project.scripts(ScriptKind::Migration, environment)?;
        let seeds = project.scripts(ScriptKind::Seed, environment)?;
        let mut selected = BTreeSet::new();
        if names.is_empty() {
            selected.extend(migrations.iter().chain(seeds.iter()).map(|(name, _)| name.clone()));
        }
        for name in names {
            let selector = name.as_str().into();
            selected.insert(find(&migrations, &seeds, &selector)?);
        }
        Ok(Self { migrations, seeds, selected })
    }

    /// Returns whether there is nothing to verify.
    pub(crate) fn is_empty(&self) -> bool {
        self.selected.is_empty()
    }

    pub(super) fn migrations(&self) -> &Scripts {
        &self.migrations
    }

    pub(super) fn seeds(&self) -> &Scripts {
        &self.seeds
    }

    pub(super) fn contains(&self, name: &Name) -> bool {
        self.selected.contains(name)
    }

    /// Returns the first and the last selected migration.
    pub(super) fn migration_range(&self) -> Option<(&Name, &Name)> {
        let mut names = self.migrations.iter().map(|(name, _)| name).filter(|n| self.contains(n));
        let first = names.next()?;
        Some((first, names.next_back().unwrap_or(first)))
    }

    /// Returns the selected seeds, including those of other environments, in the order in which they run.
    pub(super) fn selected_seeds(&self) -> impl Iterator<Item = (&Name, &Script)> {
        self.seeds.iter().filter(|(name, _)| self.contains(name))
    }
}

/// Finds the migration or the seed that the selector matches, even if the seed runs in another environment.
fn find(migrations: &Scripts, seeds: &Scripts, selector: &Selector) -> Result<Name, PlanError> {
    let history = History::default();
    let found = match find_script(migrations, &history, selector) {
        // If neither kind has the script, the error that suggests a similar name is returned.
        Err(unknown @ PlanError::Unknown { .. }) => match find_script(seeds, &history, selector) {
            Err(PlanError::Unknown { nearest, .. }) if nearest.is_empty() => Err(unknown),
            found => found,
        },
        found => found,
    };
    let Err(PlanError::OtherEnvironment { file, .. }) = &found else {
        return found;
    };
    match seeds.iter().find(|(_, seed)| seed.file() == file) {
        Some((name, _)) => Ok(name.clone()),
        None => found,
    }
}
