//! Scripts, and the sorted set of them.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use sea_orm_migration::MigrationTrait;
use seedbed_build::{Environment, Name, ScriptKind};

use crate::schema::{BoxFuture, Schema};

/// The function `up` or `down` of a script in the two-function format.
///
/// This type is a plain function pointer that takes one concrete type, so that rustc does not have to prove for each script
/// that the futures of the driver are `Send`.
pub type ScriptFn = for<'a> fn(&'a Schema<'a>) -> BoxFuture<'a, anyhow::Result<()>>;

/// One migration or seed, as the registry that `build.rs` writes describes it.
#[derive(Clone, Copy)]
pub struct Script {
    pub(crate) name: &'static str,
    pub(crate) file: &'static str,
    pub(crate) checksum: &'static str,
    pub(crate) transaction: bool,
    pub(crate) irreversible: Option<&'static str>,
    pub(crate) environment: Option<&'static str>,
    pub(crate) definition: ScriptDefinition,
}

/// The definition of a script, in one of the two file formats.
#[derive(Clone, Copy)]
pub(crate) enum ScriptDefinition {
    Functions { up: ScriptFn, down: Option<ScriptFn> },
    SeaOrm(fn() -> Box<dyn MigrationTrait>),
}

impl Script {
    /// Creates a script in the two-function format, with only its `up`.
    ///
    /// `file` is the path of the script as messages show it, and `checksum` is the checksum of the tokens of the file.
    #[must_use]
    pub const fn from_functions(
        name: &'static str,
        file: &'static str,
        checksum: &'static str,
        up: ScriptFn,
    ) -> Self {
        let definition = ScriptDefinition::Functions { up, down: None };
        Self::new(name, file, checksum, definition)
    }

    /// Creates a script from a SeaORM migration file.
    #[must_use]
    pub const fn from_sea_orm(
        name: &'static str,
        file: &'static str,
        checksum: &'static str,
        migration: fn() -> Box<dyn MigrationTrait>,
    ) -> Self {
        Self::new(name, file, checksum, ScriptDefinition::SeaOrm(migration))
    }

    const fn new(
        name: &'static str,
        file: &'static str,
        checksum: &'static str,
        definition: ScriptDefinition,
    ) -> Self {
        Self {
            name,
            file,
            checksum,
            transaction: true,
            irreversible: None,
            environment: None,
            definition,
        }
    }

    /// Adds `down` to the script. Does nothing for a SeaORM file, which has its own `down`.
    #[must_use]
    pub const fn down(mut self, down: ScriptFn) -> Self {
        if let ScriptDefinition::Functions { up, .. } = self.definition {
            self.definition = ScriptDefinition::Functions { up, down: Some(down) };
        }
        self
    }

    /// Records the value that the file gives to `pub const TRANSACTION`. The default is true.
    #[must_use]
    pub const fn transaction(mut self, transaction: bool) -> Self {
        self.transaction = transaction;
        self
    }

    /// Records the value that the file gives to `pub const IRREVERSIBLE`: the reason why the script cannot be reverted.
    #[must_use]
    pub const fn irreversible(mut self, why: &'static str) -> Self {
        self.irreversible = Some(why);
        self
    }

    /// Sets the only environment in which the script runs. By default, it runs in every environment.
    ///
    /// # Panics
    /// Panics if the name is empty. In a constant, this makes the build fail.
    #[must_use]
    pub const fn environment(mut self, environment: &'static str) -> Self {
        assert!(!environment.is_empty(), "an environment has a name");
        self.environment = Some(environment);
        self
    }

    /// Returns the path of the script's file, as messages show it.
    #[must_use]
    pub const fn file(&self) -> &'static str {
        self.file
    }

    /// Returns the reason why the script cannot be reverted, if the file declares one.
    #[must_use]
    pub const fn irreversible_reason(&self) -> Option<&'static str> {
        self.irreversible
    }

    /// Returns the checksum of the tokens of the script's file.
    #[must_use]
    pub const fn checksum(&self) -> &'static str {
        self.checksum
    }

    /// Returns the name of the script in the history, which a SeaORM file chooses itself.
    fn name_in_history(&self) -> Name {
        match self.definition {
            ScriptDefinition::Functions { .. } => Name::from_static(self.name),
            ScriptDefinition::SeaOrm(migration) => Name::from(migration().name().to_owned()),
        }
    }

    /// Returns whether the script is a SeaORM file.
    pub(crate) fn is_sea_orm(&self) -> bool {
        matches!(self.definition, ScriptDefinition::SeaOrm(_))
    }

    /// Returns whether the script runs in a transaction, in either file format.
    pub(crate) fn uses_transaction(&self) -> bool {
        match self.definition {
            ScriptDefinition::Functions { .. } => self.transaction,
            ScriptDefinition::SeaOrm(migration) => migration().use_transaction() != Some(false),
        }
    }

    /// Returns the only environment in which the script runs. Returns `None` if the script runs in all environments.
    #[must_use]
    pub fn only_environment(&self) -> Option<Environment> {
        self.environment.map(Environment::from_static)
    }

    pub(crate) fn runs_in(&self, environment: &Environment) -> bool {
        self.environment.is_none_or(|only| only == environment.as_str())
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Script({})", self.name)
    }
}

/// All scripts of one kind, each name once, in the byte order of their names, together with the environment of the run.
/// [`in_environment`](Self::in_environment) returns the scripts that run in this environment.
#[derive(Debug, Clone)]
pub struct Scripts {
    kind: ScriptKind,
    environment: Environment,
    by_name: BTreeMap<Name, Script>,
}

/// The error for two files whose scripts have the same name.
#[derive(Debug, thiserror::Error)]
#[error("two {kind} files give their {kind}s the same name `{name}`: `{first}` and `{second}`")]
pub struct ScriptsError {
    /// The kind of the scripts: migration or seed.
    pub kind: &'static str,
    /// The name that both files give to their scripts.
    pub name: Name,
    /// The file that came first.
    pub first: &'static str,
    /// The file that came second.
    pub second: &'static str,
}

impl ScriptsError {
    /// Returns the hint that says how to correct the error.
    #[must_use]
    pub fn hint(&self) -> String {
        let is_named_after_file =
            |file: &str| Path::new(file).file_stem().is_some_and(|stem| stem == self.name.as_str());
        // A name that is not that of its file comes from the `name()` of a SeaORM file.
        match [self.second, self.first].into_iter().find(|&file| !is_named_after_file(file)) {
            Some(file) => {
                format!("change the name that `MigrationName::name()` returns in `{file}`")
            }
            None => format!("rename `{}`", self.second),
        }
    }
}

impl Scripts {
    /// Sorts the scripts by name.
    ///
    /// The name of a script in a SeaORM file is the one that its `MigrationName::name()` returns. SeaORM's history holds
    /// that name, which may differ from the name of the file.
    ///
    /// # Errors
    /// Fails if two scripts have the same name.
    pub fn new<'s>(
        kind: ScriptKind,
        environment: Environment,
        scripts: impl IntoIterator<Item = &'s Script>,
    ) -> Result<Self, ScriptsError> {
        let mut named: Vec<(Name, Script)> =
            scripts.into_iter().map(|script| (script.name_in_history(), *script)).collect();
        named.sort_by(|(one, _), (other, _)| one.cmp(other));
        if let Some([(name, first), (_, second)]) =
            named.array_windows().find(|[(one, _), (other, _)]| one == other)
        {
            return Err(ScriptsError {
                kind: kind.as_str(),
                name: name.clone(),
                first: first.file,
                second: second.file,
            });
        }
        Ok(Self { kind, environment, by_name: named.into_iter().collect() })
    }

    /// Returns whether these are migrations or seeds.
    #[must_use]
    pub fn kind(&self) -> ScriptKind {
        self.kind
    }

    /// Returns the script with the given name.
    #[must_use]
    pub fn get(&self, name: &Name) -> Option<&Script> {
        self.by_name.get(name)
    }

    /// Returns the script with the given name, and a reference to the set's own copy of the name.
    pub(crate) fn entry(&self, name: &Name) -> Option<(&Name, &Script)> {
        self.by_name.get_key_value(name)
    }

    /// Returns all names and scripts, including those of other environments, in the order in which they run.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Name, &Script)> {
        self.by_name.iter()
    }

    /// Returns the scripts that run in the environment of this set.
    pub fn in_environment(&self) -> impl DoubleEndedIterator<Item = (&Name, &Script)> {
        self.iter().filter(|(_, script)| script.runs_in(&self.environment))
    }

    /// Returns whether the script with the given name belongs to another environment. Returns false for a script whose
    /// file is missing.
    pub(crate) fn belongs_to_other_environment(&self, name: &Name) -> bool {
        self.get(name).is_some_and(|script| !script.runs_in(&self.environment))
    }

    /// Returns the number of scripts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Returns whether there are no scripts.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }
}

/// The scripts of a project, as the registry lists them.
#[derive(Debug, Clone, Copy)]
pub struct Project {
    /// The migrations.
    pub migrations: &'static [&'static Script],
    /// The seeds of all environments.
    pub seeds: &'static [&'static Script],
}

impl Project {
    /// Returns all scripts of one kind, those of other environments included, for a run in the given environment.
    ///
    /// # Errors
    /// Fails if two scripts have the same name.
    pub fn scripts(
        &self,
        kind: ScriptKind,
        environment: &Environment,
    ) -> Result<Scripts, ScriptsError> {
        let list = match kind {
            ScriptKind::Migration => self.migrations,
            ScriptKind::Seed => self.seeds,
        };
        Scripts::new(kind, environment.clone(), list.iter().copied())
    }
}
