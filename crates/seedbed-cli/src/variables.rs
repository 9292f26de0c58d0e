//! The environment variables, including those that the `.env` file sets.

use std::env;

use local_postgres::Settings;
use seedbed_build::{Environment, Environments};
use seedbed_config::EnvFile;

use crate::cli_error::CliError;
use crate::workspace::Workspace;

/// The variable with the URL of the `db` service, which Docker Compose sets in the tool container.
const SERVICE_URL: &str = "SEEDBED_SERVICE_URL";
/// The variable with the URL of the `test-db` service, which Docker Compose sets in the tool container.
const TEST_SERVICE_URL: &str = "SEEDBED_TEST_SERVICE_URL";

/// The variables that are set. A variable of the process, even an empty one, takes precedence over a line of `.env`.
#[derive(Debug, Default)]
pub(crate) struct Variables {
    file: EnvFile,
    /// The environment that a flag of the command names. It takes precedence over `APP_ENV`.
    flag: Option<Environment>,
}

/// A database with a URL, and the source of the URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedDatabase {
    pub(crate) url: String,
    pub(crate) source: UrlSource,
}

/// The source of a database's URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UrlSource {
    /// A variable of the process.
    Variable(&'static str),
    /// A line of `.env`.
    DotEnv(&'static str),
    /// The service of Docker Compose, in whose tool container this program runs.
    Service,
}

impl Variables {
    /// Reads the `.env` file at the root of the checkout, if it exists. Does not read the file in production.
    pub(crate) fn load(workspace: &Workspace) -> anyhow::Result<Self> {
        Self::load_for(workspace, None)
    }

    /// Reads `.env` as [`load`](Self::load) does, for a command whose flag names the environment.
    pub(crate) fn load_for(workspace: &Workspace, flag: Option<&str>) -> anyhow::Result<Self> {
        let flag = flag.and_then(Environment::parse);
        let without_file = Self { file: EnvFile::default(), flag };
        if without_file.is_production() {
            return Ok(without_file);
        }
        let file = EnvFile::read(&workspace.root().join(".env"))
            .map_err(|error| CliError::failure(error.to_string(), error.hint()))?;
        Ok(Self { file, ..without_file })
    }

    /// Returns the development database. This is the database of `DATABASE_URL`, else that of the Compose service,
    /// except in production. An empty variable counts as not set.
    pub(crate) fn database(&self) -> Option<NamedDatabase> {
        self.named("DATABASE_URL").or_else(|| {
            let url = process_variable(SERVICE_URL).filter(|_| !self.is_production())?;
            Some(NamedDatabase { url, source: UrlSource::Service })
        })
    }

    /// Returns whether this program runs in the tool container of Docker Compose, beside its services.
    pub(crate) fn has_service(&self) -> bool {
        process_variable(SERVICE_URL).is_some()
    }

    /// Returns the server for tests, which is that of `TEST_DATABASE_URL`, else that of the Compose service.
    pub(crate) fn test_server(&self) -> Option<NamedDatabase> {
        self.named("TEST_DATABASE_URL").or_else(|| {
            Some(NamedDatabase {
                url: process_variable(TEST_SERVICE_URL)?,
                source: UrlSource::Service,
            })
        })
    }

    /// Returns whether the environment is production.
    pub(crate) fn is_production(&self) -> bool {
        self.environment().is_some_and(|environment| environment.is_production())
    }

    /// Fails if the name of the environment is a misspelled name of a known environment. The migrator without seeds
    /// cannot check this, because the folders of the seeds define environments.
    pub(crate) fn ensure_environment_is_not_misspelled(
        &self,
        workspace: &Workspace,
    ) -> anyhow::Result<()> {
        let Some(environment) = self.environment() else {
            return Ok(());
        };
        let known = Environments::in_folder(&workspace.seeds()).unwrap_or_default();
        known
            .ensure_not_misspelled(&environment)
            .map_err(|error| CliError::usage(error.to_string(), error.hint()))
    }

    /// Returns the environment that the flag names, else that of `APP_ENV`.
    fn environment(&self) -> Option<Environment> {
        self.flag.clone().or_else(|| Environment::parse(&self.get("APP_ENV")?))
    }

    /// Returns the settings of the local server.
    pub(crate) fn settings(&self) -> Settings {
        Settings::from_lookup(|name| self.get(name))
    }

    fn named(&self, variable: &'static str) -> Option<NamedDatabase> {
        let source = match env::var_os(variable) {
            Some(_) => UrlSource::Variable(variable),
            None => UrlSource::DotEnv(variable),
        };
        let url = self.get(variable).filter(|url| !url.is_empty())?;
        Some(NamedDatabase { url, source })
    }

    fn get(&self, name: &str) -> Option<String> {
        match env::var_os(name) {
            Some(value) => value.into_string().ok(),
            None => self.file.get(name).map(str::to_owned),
        }
    }
}

/// Returns a variable of the process, ignoring `.env`. An empty variable counts as not set.
fn process_variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
