//! The command line: every command and flag.

use std::fmt;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{Parser, Subcommand};
use seedbed_engine::{Target, Url};

/// Migrations and seeds for PostgreSQL.
#[derive(Debug, Parser)]
#[command(name = "migrator", version, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Apply all pending migrations, in the order of their names
    MigrateUp(Up),
    /// Revert the newest applied migration
    MigrateDown(Down),
    /// Revert the newest applied migration and apply it again
    MigrateRedo(Redo),
    /// Show the state of every migration; takes no lock and creates nothing
    MigrateStatus(Status),
    /// Correct the history by name, without running anything; without flags, list what could be corrected
    MigrateRepair(Repair),
    /// Apply all pending seeds of this environment, in the order of their names
    SeedUp(Up),
    /// Revert all applied seeds of this environment, newest first
    SeedDown(Down),
    /// Revert the newest applied seed and apply it again
    SeedRedo(Redo),
    /// Show the state of every seed of this environment; takes no lock and creates nothing
    SeedStatus(Status),
    /// Correct the history of the seeds by name, without running anything
    SeedRepair(Repair),
    /// Create the database if it is missing, apply all migrations, apply all seeds; drops nothing
    FreshStart(DryRun),
    /// Drop the database, create it again, apply all migrations, apply all seeds
    DbReset(Reset),
    /// Print the schema as SQL, draw it, compare two, or check the files of it
    Schema(Schema),
}

impl Command {
    /// Whether it runs or lists the seeds of the environment.
    pub(crate) const fn runs_seeds(&self) -> bool {
        matches!(
            self,
            Self::SeedUp(_)
                | Self::SeedDown(_)
                | Self::SeedRedo(_)
                | Self::SeedStatus(_)
                | Self::FreshStart(_)
                | Self::DbReset(_)
        )
    }

    /// Its word on the command line.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::MigrateUp(_) => "migrate-up",
            Self::MigrateDown(_) => "migrate-down",
            Self::MigrateRedo(_) => "migrate-redo",
            Self::MigrateStatus(_) => "migrate-status",
            Self::MigrateRepair(_) => "migrate-repair",
            Self::SeedUp(_) => "seed-up",
            Self::SeedDown(_) => "seed-down",
            Self::SeedRedo(_) => "seed-redo",
            Self::SeedStatus(_) => "seed-status",
            Self::SeedRepair(_) => "seed-repair",
            Self::FreshStart(_) => "fresh-start",
            Self::DbReset(_) => "db-reset",
            Self::Schema(_) => "schema",
        }
    }
}

/// Flags of every command.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Common options")]
pub(crate) struct Common {
    /// The database: postgres://user:password@host:port/database
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// Run everything as this role, by SET ROLE: it owns what is created, the history included
    #[arg(long, global = true, value_name = "ROLE", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) role: Option<String>,
    /// The environment, whose seeds run [default: development]
    #[arg(long, env = "APP_ENV", hide_env_values = true, global = true, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// How long to wait for another runner, such as 10s or 5m [default: as long as it takes]
    #[arg(long, global = true, value_name = "TIME", value_parser = duration)]
    pub(crate) lock_wait: Option<Duration>,
    /// How long each statement may wait for a lock while others queue behind it
    #[arg(long, global = true, value_name = "TIME", value_parser = duration, default_value = "5s")]
    pub(crate) lock_timeout: Duration,
    /// For how long a script that met a lock is tried again
    #[arg(long, global = true, value_name = "TIME", value_parser = duration, default_value = "60s")]
    pub(crate) lock_retry_for: Duration,
    /// How long each statement may run; 0 sets no limit [default: no limit]
    #[arg(long, global = true, value_name = "TIME", value_parser = duration)]
    pub(crate) statement_timeout: Option<Duration>,
    /// How long to wait for the server to accept connections
    #[arg(long, global = true, value_name = "TIME", value_parser = duration, default_value = "30s")]
    pub(crate) wait: Duration,
    /// Treat modified, missing and out-of-order scripts as errors
    #[arg(long, global = true)]
    pub(crate) strict: bool,
    /// Migrate a database that has the history of another tool, and none of Seedbed's
    #[arg(long, global = true)]
    pub(crate) ignore_other_history: bool,
    /// Print one JSON document on stdout
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Show each statement that is sent
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

fn duration(text: &str) -> Result<Duration, String> {
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    humantime::parse_duration(text).map_err(|error| format!("{error}; write 500ms, 10s or 5m"))
}

fn steps(text: &str) -> Result<NonZeroU32, String> {
    text.parse().map_err(|_| "it has to be a number, 1 or more".to_owned())
}

/// Where to stop.
#[derive(Debug, Default, clap::Args)]
#[group(multiple = false)]
pub(crate) struct Stop {
    /// So many scripts
    #[arg(long, value_name = "N", value_parser = steps, allow_negative_numbers = true)]
    step: Option<NonZeroU32>,
    /// As far as this one, which is included
    #[arg(long, value_name = "NAME_OR_VERSION", value_parser = NonEmptyStringValueParser::new())]
    to: Option<String>,
    /// Just this one; may be given several times
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    name: Vec<String>,
    /// All of them
    #[arg(long)]
    all: bool,
}

impl Stop {
    /// What the flags mean; `default` without any.
    pub(crate) fn target(&self, default: Target) -> Target {
        if let Some(step) = self.step {
            Target::Steps(step)
        } else if let Some(to) = &self.to {
            Target::To(to.as_str().into())
        } else if !self.name.is_empty() {
            Target::Only(self.name.iter().map(|name| name.as_str().into()).collect())
        } else if self.all {
            Target::All
        } else {
            default
        }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Up {
    #[command(flatten)]
    pub(crate) stop: Stop,
    /// Apply pending scripts that are older than the newest applied one
    #[arg(long)]
    pub(crate) allow_out_of_order: bool,
    #[command(flatten)]
    pub(crate) dry_run: DryRun,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Down {
    #[command(flatten)]
    pub(crate) stop: Stop,
    /// Revert more than one outside of development too
    #[arg(long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) dry_run: DryRun,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Redo {
    /// So many scripts
    #[arg(long, value_name = "N", default_value = "1", value_parser = steps, allow_negative_numbers = true)]
    pub(crate) step: NonZeroU32,
    #[command(flatten)]
    pub(crate) dry_run: DryRun,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Repair {
    /// Record this script as applied as its file is now: accepts a modified one, settles an interrupted one; may be repeated
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) applied: Vec<String>,
    /// Record this script as not applied: settles an interrupted one, forgets a missing one; may be repeated
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) not_applied: Vec<String>,
    /// Correct the history outside of development too
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Status {
    /// End with 3 unless everything is applied and clean
    #[arg(long)]
    pub(crate) exit_code: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DryRun {
    /// List what would run, and run nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Reset {
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
    /// The name of the database once more; required on a server that is neither on this machine nor the service of
    /// Docker compose
    #[arg(long, value_name = "DATABASE")]
    pub(crate) database_name: Option<String>,
    #[command(flatten)]
    pub(crate) dry_run: DryRun,
}

/// A schema is that of a database, by its URL; that of an SQL file, by its path; or that of the
/// migrations. The latter two are made in a database for a moment, beside the one of DATABASE_URL, which
/// has to be set only for them.
#[derive(Debug, clap::Args)]
pub(crate) struct Schema {
    /// A URL, the path of an SQL file, or the word migrations [default: the database]
    #[arg(value_name = "SCHEMA", conflicts_with_all = ["diff", "check"], value_parser = schema_source)]
    pub(crate) of: Option<SchemaSource>,
    /// Print what differs, the lines of A with a minus, those of B with a plus; end with 1 if anything does
    #[arg(long, num_args = 2, value_names = ["A", "B"], value_parser = schema_source)]
    pub(crate) diff: Vec<SchemaSource>,
    /// End with 1 unless the file is what the migrations make; may be repeated
    #[arg(long, value_name = "FILE", conflicts_with = "diff")]
    pub(crate) check: Vec<PathBuf>,
    /// Write to this file, all of it or nothing: a page with a diagram if it ends with .md, the diagram
    /// if with .svg, else SQL; may be repeated
    #[arg(long, value_name = "FILE", conflicts_with_all = ["diff", "check"])]
    pub(crate) output: Vec<PathBuf>,
}

impl Schema {
    /// What is given, if that is databases alone: their URLs are all that is needed.
    pub(crate) fn needs_only(&self) -> Option<&Url> {
        let mut given = self.diff.iter().chain(&self.of);
        let first = match given.next()? {
            SchemaSource::Database(url) => url,
            _ => return None,
        };
        given.all(|source| matches!(source, SchemaSource::Database(_))).then_some(first)
    }

    /// Whether a schema has to be made before it can be read.
    pub(crate) fn makes_a_database(&self) -> bool {
        let mut given = self.diff.iter().chain(&self.of);
        !self.check.is_empty() || given.any(|source| !matches!(source, SchemaSource::Database(_)))
    }
}

/// Where a schema comes from.
#[derive(Debug, Clone)]
pub(crate) enum SchemaSource {
    Database(Box<Url>),
    File(PathBuf),
    Migrations,
}

impl fmt::Display for SchemaSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(url) => write!(f, "{url}"),
            Self::File(file) => write!(f, "{}", file.display()),
            Self::Migrations => f.write_str("the schema of the migrations"),
        }
    }
}

fn schema_source(text: &str) -> Result<SchemaSource, String> {
    if text == "migrations" {
        Ok(SchemaSource::Migrations)
    } else if text.contains("://") {
        Url::parse(text)
            .map(|url| SchemaSource::Database(Box::new(url)))
            .map_err(|error| error.to_string())
    } else if text.ends_with(".sql") {
        Ok(SchemaSource::File(text.into()))
    } else {
        Err("it is a URL, the path of a file that ends with .sql, or the word migrations"
            .to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Args as _, CommandFactory as _};

    #[test]
    fn clap_accepts_the_command_line() {
        Args::command().debug_assert();
        assert!(Stop::augment_args(clap::Command::new("x")).get_arguments().count() == 4);
    }

    #[test]
    fn a_schema_is_a_url_a_file_or_the_migrations() {
        let parse = |args: &[&str]| Args::try_parse_from([&["migrator", "schema"], args].concat());
        assert!(parse(&[]).is_ok());
        assert!(parse(&["migrations"]).is_ok());
        assert!(parse(&["--diff", "postgres://u@h/d", "a/schema.sql"]).is_ok());
        assert!(parse(&["--diff", "migrations"]).is_err());
        assert!(parse(&["tables"]).is_err());
        assert!(parse(&["migrations", "--check", "schema.sql"]).is_err());
        assert!(parse(&["--check", "schema.sql", "--check", "schema.md"]).is_ok());
        assert!(parse(&["--output", "schema.sql", "--check", "schema.md"]).is_err());
    }

    #[test]
    fn databases_that_are_given_are_all_that_is_needed() {
        let parse = |args: &[&str]| {
            let args = Args::try_parse_from([&["migrator", "schema"], args].concat());
            match args.expect("it is right").command {
                Command::Schema(schema) => schema,
                other => panic!("{other:?}"),
            }
        };
        let needed = |args: &[&str]| parse(args).needs_only().map(|url| url.database().to_owned());
        assert_eq!(needed(&["postgres://h/a"]).as_deref(), Some("a"));
        assert_eq!(needed(&["--diff", "postgres://h/a", "postgres://h/b"]).as_deref(), Some("a"));
        for args in [&[][..], &["migrations"], &["--diff", "postgres://h/a", "x.sql"]] {
            assert_eq!(needed(args), None);
        }
        assert!(!parse(&[]).makes_a_database());
        assert!(!parse(&["--diff", "postgres://h/a", "postgres://h/b"]).makes_a_database());
        for args in
            [&["migrations"][..], &["--check", "x.md"], &["--diff", "postgres://h/a", "x.sql"]]
        {
            assert!(parse(args).makes_a_database());
        }
    }

    #[test]
    fn one_way_to_stop_at_a_time() {
        let parse =
            |args: &[&str]| Args::try_parse_from([&["migrator", "migrate-up"], args].concat());
        assert!(parse(&["--step", "2"]).is_ok());
        assert!(parse(&["--step", "2", "--to", "x"]).is_err());
        assert!(parse(&["--step", "0"]).is_err());
        assert!(parse(&["--lock-wait", "10 parsecs"]).is_err());
    }
}
