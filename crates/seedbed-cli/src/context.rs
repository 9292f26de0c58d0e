//! What every command starts from: the environment, the database, the output.

use std::time::Duration;

use seedbed_config::EnvFile;
use seedbed_engine::{Environment, Options, OutOfOrder, Project, Url};

use crate::args::{Args, Command};
use crate::environment;
use crate::failure::Failure;
use crate::output::{Output, warning};

/// Settled before anything is touched.
pub(crate) struct Context {
    pub(crate) options: Options,
    pub(crate) output: Output,
    pub(crate) strict: bool,
}

impl Context {
    /// Reads `.env` unless this is production, and the URL.
    pub(crate) fn new(project: &Project, args: &Args) -> Result<Self, Failure> {
        let common = &args.common;
        let environment = read_environment(common.env.as_deref())?;
        environment::refuse_slip(project, &environment)?;
        let url = match &args.command {
            Command::Schema(schema) => schema.needs_only(),
            _ => None,
        };
        let given = or_variable(common.database_url.as_deref(), "DATABASE_URL");
        let url = match (url, given.as_deref()) {
            (Some(url), _) => url.clone(),
            (None, Some(url)) => Url::parse(url).map_err(seedbed_engine::Error::from)?,
            (None, None) => return Err(no_database(args)),
        };
        let mut options = Options::new(url);
        options.application = format!("seedbed {}", args.command.word());
        options.role.clone_from(&common.role);
        options.environment = environment;
        options.wait = common.wait;
        options.lock_wait = common.lock_wait;
        options.lock_timeout = common.lock_timeout;
        options.lock_retry_for = common.lock_retry_for;
        options.ignore_other_history = common.ignore_other_history;
        options.statement_timeout = common.statement_timeout.filter(|time| *time > Duration::ZERO);
        if args.command.runs_seeds()
            && let Some(told) = environment::without_seeds(project, &options.environment)
        {
            anstream::eprintln!("{}", warning(&told));
        }
        let output = Output { json: common.json, verbose: common.verbose };
        Ok(Self { options, output, strict: common.strict })
    }

    /// A late migration is a merged branch in development, and a mistake elsewhere.
    pub(crate) fn out_of_order(&self, allow: bool) -> OutOfOrder {
        if allow {
            OutOfOrder::Allow
        } else if self.options.environment.is_development() {
            OutOfOrder::Warn
        } else {
            OutOfOrder::Refuse
        }
    }
}

/// Reads the environment, and `.env` unless that is production.
fn read_environment(given: Option<&str>) -> Result<Environment, Failure> {
    if let Some(environment) = given.and_then(Environment::parse)
        && environment.is_production()
    {
        return Ok(environment);
    }
    read_env_file()?;
    let name = or_variable(given, "APP_ENV").unwrap_or_default();
    let environment = Environment::parse(&name).unwrap_or_default();
    if environment.is_production() {
        return Err(Failure::wrong_use(
            ".env says APP_ENV=production, and .env is never read in production",
            "set APP_ENV and DATABASE_URL in the environment itself",
        ));
    }
    Ok(environment)
}

/// What a flag or its variable says, else the variable as `.env` sets it. An empty text counts as none.
fn or_variable(given: Option<&str>, variable: &str) -> Option<String> {
    let value = given.map(str::to_owned).or_else(|| std::env::var(variable).ok());
    value.filter(|text| !text.is_empty())
}

fn no_database(args: &Args) -> Failure {
    let how = if args.common.database_url.is_some() { "empty" } else { "not set" };
    let example = "export DATABASE_URL=postgres://user:password@host:5432/database";
    match &args.command {
        Command::Schema(schema) if schema.makes_a_database() => Failure::wrong_use(
            format!(
                "no server: the schema of migrations or of a file is made in a database for a moment, \
                 and DATABASE_URL is {how}"
            ),
            format!(
                "{example}, whose role may create databases; the database itself is not touched. \
                 For development: export DATABASE_URL=$(make -s db-url)"
            ),
        ),
        _ => Failure::wrong_use(
            format!("no database: DATABASE_URL is {how}"),
            format!("{example}, or `make <command>`, which knows a database for development"),
        ),
    }
}

/// Sets the variables of the nearest `.env` file, which count as the environment: the scripts read some of them.
fn read_env_file() -> Result<(), Failure> {
    let folder = std::env::current_dir().unwrap_or_default();
    let file = EnvFile::find(&folder)
        .map_err(|error| Failure::wrong_use(error.to_string(), error.hint()))?;
    for (name, value) in file.iter() {
        if std::env::var_os(name).is_none() {
            #[expect(
                unsafe_code,
                reason = "no other thread runs yet that could read the environment"
            )]
            // SAFETY: the program has one thread until the runtime of the command starts.
            unsafe {
                std::env::set_var(name, value);
            }
        }
    }
    Ok(())
}
