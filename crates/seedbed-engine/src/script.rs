//! Scripts, and the sorted set of them.

use std::collections::BTreeMap;
use std::fmt;

use sea_orm_migration::MigrationTrait;
use seedbed_build::{Environment, Name, ScriptKind};

use crate::schema::{BoxFuture, Schema};

/// `up` or `down` of a script in the two-function format.
///
/// A plain function pointer over one concrete type: rustc then proves `Send` once, not once for each
/// script and driver type.
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
    /// `file` is its path as messages show it, and `checksum` is the checksum of its tokens.
    #[must_use]
    pub const fn functions(
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
    pub const fn sea_orm(
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

    /// Gives the script its `down`. Does nothing for one of SeaORM's files, which has its own.
    #[must_use]
    pub const fn down(mut self, down: ScriptFn) -> Self {
        if let ScriptDefinition::Functions { up, .. } = self.definition {
            self.definition = ScriptDefinition::Functions { up, down: Some(down) };
        }
        self
    }

    /// What the file declares as `pub const TRANSACTION`; true if it declares nothing.
    #[must_use]
    pub const fn transaction(mut self, transaction: bool) -> Self {
        self.transaction = transaction;
        self
    }

    /// What the file declares as `pub const IRREVERSIBLE`: why it has no way back.
    #[must_use]
    pub const fn irreversible(mut self, why: &'static str) -> Self {
        self.irreversible = Some(why);
        self
    }

    /// The only environment that the script runs in; every environment if it names none.
    ///
    /// # Panics
    /// Panics if the name is empty; in a constant, the build fails.
    #[must_use]
    pub const fn environment(mut self, environment: &'static str) -> Self {
        assert!(!environment.is_empty(), "an environment has a name");
        self.environment = Some(environment);
        self
    }

    /// The path of its file, as messages name it.
    #[must_use]
    pub const fn file(&self) -> &'static str {
        self.file
    }

    /// Why it cannot be reverted, if it says so.
    #[must_use]
    pub const fn irreversible_reason(&self) -> Option<&'static str> {
        self.irreversible
    }

    /// The checksum of its tokens.
    #[must_use]
    pub const fn checksum(&self) -> &'static str {
        self.checksum
    }

    /// Returns its name in the history, which a SeaORM file chooses itself.
    fn name_in_history(&self) -> Name {
        match self.definition {
            ScriptDefinition::Functions { .. } => Name::from_static(self.name),
            ScriptDefinition::SeaOrm(migration) => Name::from(migration().name().to_owned()),
        }
    }

    /// Returns whether it is a SeaORM file.
    pub(crate) fn is_sea_orm(&self) -> bool {
        matches!(self.definition, ScriptDefinition::SeaOrm(_))
    }

    /// Returns whether it runs in a transaction, in either file format.
    pub(crate) fn uses_transaction(&self) -> bool {
        match self.definition {
            ScriptDefinition::Functions { .. } => self.transaction,
            ScriptDefinition::SeaOrm(migration) => migration().use_transaction() != Some(false),
        }
    }

    /// The only environment that it runs in; none if it runs in all of them.
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

/// The scripts of one kind, in the byte order of their names, each name once, as one environment sees them.
#[derive(Debug, Clone)]
pub struct Scripts {
    kind: ScriptKind,
    environment: Environment,
    by_name: BTreeMap<Name, Script>,
}

/// The error for two files with the same name.
#[derive(Debug, thiserror::Error)]
#[error("two {kind}s are called {name}: {first} and {second}")]
pub struct ScriptsError {
    /// Migration or seed.
    pub kind: &'static str,
    /// The name that both give.
    pub name: Name,
    /// The file that came first.
    pub first: &'static str,
    /// The file that came second.
    pub second: &'static str,
}

impl ScriptsError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        format!("rename {}, or what its MigrationName::name() returns", self.second)
    }
}

impl Scripts {
    /// Sorts the scripts by name.
    ///
    /// The name of one of SeaORM's files is what its `MigrationName::name()` returns, which may not be
    /// the name of the file: it is what SeaORM's history holds.
    ///
    /// # Errors
    /// When two of them give the same name.
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

    /// Migrations or seeds.
    #[must_use]
    pub fn kind(&self) -> ScriptKind {
        self.kind
    }

    /// The script of that name.
    #[must_use]
    pub fn get(&self, name: &Name) -> Option<&Script> {
        self.by_name.get(name)
    }

    /// The name, as long as these scripts live, and the script of that name.
    pub(crate) fn entry(&self, name: &Name) -> Option<(&Name, &Script)> {
        self.by_name.get_key_value(name)
    }

    /// Name and script, in the order in which they run, those of other environments too.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Name, &Script)> {
        self.by_name.iter()
    }

    /// Those that run in this environment.
    pub fn here(&self) -> impl DoubleEndedIterator<Item = (&Name, &Script)> {
        self.iter().filter(|(_, script)| script.runs_in(&self.environment))
    }

    /// Whether the script of that name belongs to another environment. One whose file is gone may be anybody's.
    pub(crate) fn is_elsewhere(&self, name: &Name) -> bool {
        self.get(name).is_some_and(|script| !script.runs_in(&self.environment))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Whether there is none.
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
    /// The scripts of one kind, as that environment sees them.
    ///
    /// # Errors
    /// When two of them give the same name.
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
