//! Environment variables, and the `.env` file that counts as some.

use std::env;

use local_postgres::Settings;
use seedbed_config::EnvFile;
use seedbed_files::Environment;

use crate::output::Advice;
use crate::workspace::Workspace;

/// Names the development database of the `db` service. Docker compose sets it in the tool container.
const SERVICE: &str = "SEEDBED_SERVICE_URL";
/// Names the server of the `test-db` service. Docker compose sets it in the tool container.
const TEST_SERVICE: &str = "SEEDBED_TEST_SERVICE_URL";

/// What is set: a variable of the process wins over a line of the file, also when it is empty.
#[derive(Debug, Default)]
pub(crate) struct Variables {
    file: EnvFile,
    /// The environment that a flag of the command names; it wins over `APP_ENV`.
    flag: Option<Environment>,
}

/// A database that somebody names, and where the name comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) url: String,
    pub(crate) source: Source,
}

/// Where the name of a database comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// A variable of the process.
    Variable(&'static str),
    /// A line of `.env`.
    DotEnv(&'static str),
    /// The service of Docker compose, in whose tool container this runs.
    Service,
}

impl Variables {
    /// Reads the `.env` file at the root of the checkout, if there is one; never in production.
    pub(crate) fn load(workspace: &Workspace) -> anyhow::Result<Self> {
        Self::load_for(workspace, None)
    }

    /// Does the same for a command whose flag names the environment.
    pub(crate) fn load_for(workspace: &Workspace, flag: Option<&str>) -> anyhow::Result<Self> {
        let flag = flag.and_then(Environment::parse);
        let without_file = Self { file: EnvFile::default(), flag };
        if without_file.is_production() {
            return Ok(without_file);
        }
        let file = EnvFile::read(&workspace.root().join(".env"))
            .map_err(|error| Advice::failure(error.to_string(), error.hint()))?;
        Ok(Self { file, ..without_file })
    }

    /// Returns the development database: that of `DATABASE_URL`, else that of the compose service, which is none in
    /// production. An empty variable counts as none.
    pub(crate) fn database(&self) -> Option<Named> {
        self.named("DATABASE_URL").or_else(|| {
            let url = process(SERVICE).filter(|_| !self.is_production())?;
            Some(Named { url, source: Source::Service })
        })
    }

    /// Returns whether this runs in the tool container of Docker compose, beside its services.
    pub(crate) fn has_service(&self) -> bool {
        process(SERVICE).is_some()
    }

    /// Returns the server for tests: that of `TEST_DATABASE_URL`, else that of the compose service.
    pub(crate) fn test_server(&self) -> Option<Named> {
        self.named("TEST_DATABASE_URL")
            .or_else(|| Some(Named { url: process(TEST_SERVICE)?, source: Source::Service }))
    }

    /// Returns whether this is where a mistake is expensive.
    pub(crate) fn is_production(&self) -> bool {
        let variable = || Environment::parse(&self.get("APP_ENV")?);
        self.flag.clone().or_else(variable).is_some_and(|environment| environment.is_production())
    }

    /// Returns what decides about the local server.
    pub(crate) fn settings(&self) -> Settings {
        Settings::from_lookup(|name| self.get(name))
    }

    fn named(&self, variable: &'static str) -> Option<Named> {
        let source = match env::var_os(variable) {
            Some(_) => Source::Variable(variable),
            None => Source::DotEnv(variable),
        };
        let url = self.get(variable).filter(|url| !url.is_empty())?;
        Some(Named { url, source })
    }

    fn get(&self, name: &str) -> Option<String> {
        match env::var_os(name) {
            Some(value) => value.into_string().ok(),
            None => self.file.get(name).map(str::to_owned),
        }
    }
}

/// Returns a variable of the process alone. An empty one counts as none.
fn process(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
