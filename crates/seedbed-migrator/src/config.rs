//! The configuration of a command: the environment, the database and the output.

use std::time::Duration;

use seedbed_config::EnvFile;
use seedbed_engine::{
    Environment, Hint, OutOfOrder, Project, SessionOptions, SuggestedCommand, Url,
};

use crate::args::{Args, MigratorCommand};
use crate::command_error::CommandError;
use crate::environment;
use crate::output::Output;
use crate::print;

/// Whether this program links the seeds of the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seeds {
    Linked,
    NotLinked,
}

/// The configuration of a command. It is complete before the command connects to a database or starts a thread.
pub(crate) struct Config {
    pub(crate) options: SessionOptions,
    pub(crate) output: Output,
    pub(crate) strict: bool,
}

impl Config {
    /// Reads the flags, the environment, and `.env` unless this is production.
    pub(crate) fn new(project: &Project, seeds: Seeds, args: &Args) -> Result<Self, CommandError> {
        let common = &args.common;
        let environment = read_environment(common.env.as_deref())?;
        match seeds {
            Seeds::Linked => environment::ensure_not_misspelled(project, &environment)?,
            Seeds::NotLinked if args.command.needs_seeds() => return Err(no_seeds(args)),
            // `seedbed`, which runs this program, has checked the name.
            Seeds::NotLinked => {}
        }
        let scratch_url = match &args.command {
            MigratorCommand::MigrateVerify(verify) => verify.scratch_url.clone(),
            _ => None,
        };
        let url_text = scratch_url
            .or_else(|| flag_or_variable(common.database_url.as_deref(), "DATABASE_URL"));
        let url = match (schema_database(args), url_text.as_deref()) {
            (SchemaDatabase::Named(url), _) | (SchemaDatabase::Fallback(url), None) => url.clone(),
            (_, Some(text)) => Url::parse(text).map_err(seedbed_engine::Error::from)?,
            (SchemaDatabase::None, None) => return Err(missing_database_url(args)),
        };
        let mut options = SessionOptions::new(url);
        options.application = format!("seedbed {}", args.command.name());
        options.role.clone_from(&common.role);
        options.environment = environment;
        options.wait = common.wait;
        options.lock_wait = common.lock_wait;
        options.lock_timeout = common.lock_timeout;
        options.lock_retry_for = common.lock_retry_for;
        options.ignore_other_history = common.ignore_other_history;
        options.statement_timeout = common.statement_timeout.filter(|time| *time > Duration::ZERO);
        if args.command.runs_seeds()
            && let Some(message) = environment::no_seeds_warning(project, &options.environment)
        {
            print::stderr_line(&print::warning(&message));
        }
        let output = Output { json: common.json, verbose: common.verbose };
        Ok(Self { options, output, strict: common.strict })
    }

    /// Returns the treatment of a pending script that is older than an applied one. In development, such a script
    /// usually comes from a merged branch. Elsewhere, it is a mistake.
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

/// Returns the environment. Reads `.env` first, unless the flag or variable names production.
fn read_environment(flag: Option<&str>) -> Result<Environment, CommandError> {
    if let Some(environment) = flag.and_then(Environment::parse)
        && environment.is_production()
    {
        return Ok(environment);
    }
    read_env_file()?;
    let name = flag_or_variable(flag, "APP_ENV").unwrap_or_default();
    let environment = Environment::parse(&name).unwrap_or_default();
    if environment.is_production() {
        return Err(CommandError::usage(
            "`.env` sets `APP_ENV=production`, but `.env` is never read in production",
            "set `APP_ENV` and `DATABASE_URL` in the environment",
        ));
    }
    Ok(environment)
}

/// Returns the value of a flag, or else of its variable, which `.env` may have set. An empty value counts as not set.
fn flag_or_variable(flag: Option<&str>, variable: &str) -> Option<String> {
    let value = flag.map(str::to_owned).or_else(|| std::env::var(variable).ok());
    value.filter(|text| !text.is_empty())
}

/// The database that the arguments of `schema` name.
enum SchemaDatabase<'a> {
    /// The command is another one, or its arguments name no database.
    None,
    /// The command uses no other database.
    Named(&'a Url),
    /// The server of this database holds the temporary database, unless DATABASE_URL names a server.
    Fallback(&'a Url),
}

fn schema_database(args: &Args) -> SchemaDatabase<'_> {
    let MigratorCommand::Schema(schema) = &args.command else {
        return SchemaDatabase::None;
    };
    match schema.first_database() {
        None => SchemaDatabase::None,
        Some(url) if schema.needs_temporary_database() => SchemaDatabase::Fallback(url),
        Some(url) => SchemaDatabase::Named(url),
    }
}

/// Returns the error for a command that needs the seeds.
fn no_seeds(args: &Args) -> CommandError {
    let command = args.command.name();
    CommandError::usage(
        format!("`{command}` requires the seeds, but this migrator was built without them"),
        Hint::text("run ").then_command(SuggestedCommand::OnChosenDatabase(command)),
    )
}

/// Returns the error for a missing or empty URL. The hint depends on what the command needs the database for.
fn missing_database_url(args: &Args) -> CommandError {
    let state = if args.common.database_url.is_some() { "empty" } else { "not set" };
    let example = "export DATABASE_URL=postgres://user:password@host:5432/database";
    let needs_temporary_database = match &args.command {
        MigratorCommand::MigrateVerify(_) => {
            return CommandError::usage(
                format!(
                    "`DATABASE_URL` is {state}; to verify scripts, Seedbed creates temporary databases on its server"
                ),
                Hint::text(format!(
                    "run `{example}` with a role that may create databases, or add `--scratch-url URL`; the database in the URL \
                     is not changed. In development, run "
                ))
                .then_command(SuggestedCommand::OnChosenDatabase("migrate-verify")),
            );
        }
        MigratorCommand::Schema(schema) => schema.needs_temporary_database(),
        MigratorCommand::TemporaryDatabase(_) => true,
        _ => false,
    };
    if needs_temporary_database {
        return CommandError::usage(
            format!(
                "`DATABASE_URL` is {state}; to read the schema of the migrations or of a file, Seedbed creates a \
                 temporary database on its server"
            ),
            Hint::text(format!(
                "run `{example}` with a role that may create databases; the database in the URL is not changed. \
                 In development, run `export DATABASE_URL=$("
            ))
            .then_bare_command(SuggestedCommand::DbUrl)
            .then(")`"),
        );
    }
    CommandError::usage(
        format!("`DATABASE_URL` is {state}"),
        Hint::text(format!("run `{example}`, or "))
            .then_command(SuggestedCommand::OnChosenDatabase(args.command.name()))
            .then(", which chooses the development database"),
    )
}

/// Sets the variables of the nearest `.env` file in the environment of this process, because the scripts read some of
/// them.
fn read_env_file() -> Result<(), CommandError> {
    let folder = std::env::current_dir().unwrap_or_default();
    let file = EnvFile::find(&folder)
        .map_err(|error| CommandError::usage(error.to_string(), error.hint()))?;
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
