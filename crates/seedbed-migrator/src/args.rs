//! The command line of `migrator`, with every command and every flag.

mod schema;

use std::num::NonZeroU32;
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{Parser, Subcommand};
use seedbed_engine::Target;

pub(crate) use schema::{SchemaArgs, SchemaSource, TemporaryDatabaseArgs};

/// Migrations and seeds for PostgreSQL.
#[derive(Debug, Parser)]
#[command(name = "migrator", version, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: MigratorCommand,
    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

/// The command to run.
#[derive(Debug, Subcommand)]
pub(crate) enum MigratorCommand {
    /// Apply all pending migrations, in the order of their names
    MigrateUp(UpArgs),
    /// Revert the newest applied migration
    MigrateDown(DownArgs),
    /// Revert the newest applied migration and apply it again
    MigrateRedo(RedoArgs),
    /// Show the state of every migration; takes no lock and creates nothing
    MigrateStatus(StatusArgs),
    /// Correct the history by name, running no script; without flags, list the records to correct
    MigrateRepair(RepairArgs),
    /// Prove on temporary databases that each script can be reverted, and that each migration runs on tables with rows
    MigrateVerify(VerifyArgs),
    /// Apply all pending seeds of this environment, in the order of their names
    SeedUp(UpArgs),
    /// Revert all applied seeds of this environment, newest first
    SeedDown(DownArgs),
    /// Revert the newest applied seed and apply it again
    SeedRedo(RedoArgs),
    /// Show the state of every seed of this environment; takes no lock and creates nothing
    SeedStatus(StatusArgs),
    /// Correct the history of the seeds by name, running no script
    SeedRepair(RepairArgs),
    /// Create the database if it is missing, apply all migrations and all seeds; drops nothing
    FreshStart(DryRunArgs),
    /// Drop the database, create it again, apply all migrations and all seeds
    DbReset(ResetArgs),
    /// Print a schema as SQL, or compare two schemas
    Schema(SchemaArgs),
    /// Keep a temporary database with a schema until stdin ends; prints its name
    #[command(hide = true)]
    TemporaryDatabase(TemporaryDatabaseArgs),
}

impl MigratorCommand {
    /// Returns whether the command runs or lists the seeds of the environment.
    pub(crate) const fn runs_seeds(&self) -> bool {
        matches!(
            self,
            Self::SeedUp(_)
                | Self::SeedDown(_)
                | Self::SeedRedo(_)
                | Self::SeedStatus(_)
                | Self::FreshStart(_)
                | Self::DbReset(_)
                | Self::MigrateVerify(_)
        )
    }

    /// Returns whether the command needs the seeds of the project.
    pub(crate) const fn needs_seeds(&self) -> bool {
        self.runs_seeds() || matches!(self, Self::SeedRepair(_))
    }

    /// Returns the name of the command on the command line.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::MigrateUp(_) => "migrate-up",
            Self::MigrateDown(_) => "migrate-down",
            Self::MigrateRedo(_) => "migrate-redo",
            Self::MigrateStatus(_) => "migrate-status",
            Self::MigrateRepair(_) => "migrate-repair",
            Self::MigrateVerify(_) => "migrate-verify",
            Self::SeedUp(_) => "seed-up",
            Self::SeedDown(_) => "seed-down",
            Self::SeedRedo(_) => "seed-redo",
            Self::SeedStatus(_) => "seed-status",
            Self::SeedRepair(_) => "seed-repair",
            Self::FreshStart(_) => "fresh-start",
            Self::DbReset(_) => "db-reset",
            Self::Schema(_) => "schema",
            Self::TemporaryDatabase(_) => "temporary-database",
        }
    }
}

/// The flags that every command takes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Common options")]
pub(crate) struct CommonArgs {
    /// The database: postgres://user:password@host:port/database
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// Run everything as this role, by SET ROLE; it owns all created objects, including the history
    #[arg(long, global = true, value_name = "ROLE", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) role: Option<String>,
    /// The environment, which selects the seeds [default: development]
    #[arg(long, env = "APP_ENV", hide_env_values = true, global = true, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// How long to wait for another runner, such as 10s or 5m [default: no limit]
    #[arg(long, global = true, value_name = "TIME", value_parser = parse_timeout)]
    pub(crate) lock_wait: Option<Duration>,
    /// How long each statement may wait for a lock while others queue behind it
    #[arg(long, global = true, value_name = "TIME", value_parser = parse_timeout, default_value = "5s")]
    pub(crate) lock_timeout: Duration,
    /// How long to keep retrying a script that did not get a lock
    #[arg(long, global = true, value_name = "TIME", value_parser = parse_duration, default_value = "60s")]
    pub(crate) lock_retry_for: Duration,
    /// How long each statement may run; 0 sets no limit [default: no limit]
    #[arg(long, global = true, value_name = "TIME", value_parser = parse_timeout)]
    pub(crate) statement_timeout: Option<Duration>,
    /// How long to wait for the server to accept connections
    #[arg(long, global = true, value_name = "TIME", value_parser = parse_duration, default_value = "30s")]
    pub(crate) wait: Duration,
    /// Treat modified, missing and out-of-order scripts as errors
    #[arg(long, global = true)]
    pub(crate) strict: bool,
    /// Run on a database that has the history of another tool and none of Seedbed's
    #[arg(long, global = true)]
    pub(crate) ignore_other_history: bool,
    /// Print one JSON document on stdout
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print each statement that is sent
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

fn parse_duration(text: &str) -> Result<Duration, String> {
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    humantime::parse_duration(text).map_err(|error| format!("{error}; examples: 500ms, 10s, 5m"))
}

/// Parses a time that PostgreSQL can measure: it stores a timeout as a 32-bit number of milliseconds, and 0 means no limit.
fn parse_timeout(text: &str) -> Result<Duration, String> {
    let duration = parse_duration(text)?;
    match duration.as_millis() {
        0 if !duration.is_zero() => {
            Err("shorter than 1ms, which PostgreSQL cannot measure".to_owned())
        }
        ms if i32::try_from(ms).is_err() => Err(format!(
            "longer than {}ms, about 24 days, which is the limit of PostgreSQL",
            i32::MAX
        )),
        _ => Ok(duration),
    }
}

fn parse_steps(text: &str) -> Result<NonZeroU32, String> {
    text.parse().map_err(|_| format!("not a whole number from 1 to {}", u32::MAX))
}

/// The flags that choose the scripts to run.
#[derive(Debug, Default, clap::Args)]
#[group(multiple = false)]
pub(crate) struct TargetArgs {
    /// Run at most N scripts
    #[arg(long, value_name = "N", value_parser = parse_steps, allow_negative_numbers = true)]
    step: Option<NonZeroU32>,
    /// Run all scripts up to and including this one
    #[arg(long, value_name = "NAME_OR_VERSION", value_parser = NonEmptyStringValueParser::new())]
    to: Option<String>,
    /// Run only this script; may be repeated
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    name: Vec<String>,
    /// Run all scripts
    #[arg(long)]
    all: bool,
}

impl TargetArgs {
    /// Returns the target that the flags name, or `default` without any flag.
    pub(crate) fn or_default(&self, default: Target) -> Target {
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
pub(crate) struct UpArgs {
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// Apply pending scripts that are older than the newest applied one
    #[arg(long)]
    pub(crate) allow_out_of_order: bool,
    #[command(flatten)]
    pub(crate) dry_run: DryRunArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DownArgs {
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// Revert more than one script outside of development
    #[arg(long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) dry_run: DryRunArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RedoArgs {
    /// Redo the newest N scripts
    #[arg(long, value_name = "N", default_value = "1", value_parser = parse_steps, allow_negative_numbers = true)]
    pub(crate) step: NonZeroU32,
    /// Redo only this script; may be repeated
    #[arg(long, value_name = "NAME", conflicts_with = "step", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) name: Vec<String>,
    #[command(flatten)]
    pub(crate) dry_run: DryRunArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RepairArgs {
    /// Record this script as applied, with its current file; for a modified or interrupted script; may be repeated
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) applied: Vec<String>,
    /// Record this script as not applied; for an interrupted or missing script; may be repeated
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) not_applied: Vec<String>,
    /// Correct the history outside of development
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct StatusArgs {
    /// Exit with code 3 unless every script is applied and unmodified
    #[arg(long)]
    pub(crate) exit_code: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DryRunArgs {
    /// List the scripts that would run, and run none
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ResetArgs {
    /// Skip the confirmation
    #[arg(long)]
    pub(crate) yes: bool,
    /// The name of the database, as a confirmation; required unless the server is on this machine or is a service of
    /// Docker Compose
    #[arg(long, value_name = "DATABASE")]
    pub(crate) database_name: Option<String>,
    #[command(flatten)]
    pub(crate) dry_run: DryRunArgs,
}

/// The command creates temporary databases on the server of DATABASE_URL and drops them at the end. The database in the
/// URL is not touched. It exits with code 1 if a script fails the verification.
#[derive(Debug, clap::Args)]
pub(crate) struct VerifyArgs {
    /// Verify only this migration or seed; may be repeated [default: all]
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) name: Vec<String>,
    /// Create the temporary databases on this server instead: postgres://user:password@host:port/postgres
    #[arg(long, value_name = "URL", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) scratch_url: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Args as _, CommandFactory as _};

    #[test]
    fn clap_accepts_the_command_line() {
        Args::command().debug_assert();
        // `TargetArgs::or_default` has to know each flag.
        let targets = TargetArgs::augment_args(clap::Command::new("x"));
        assert_eq!(targets.get_arguments().count(), 4);
    }

    #[test]
    fn a_program_without_seeds_can_run_what_needs_only_the_migrations() {
        let needs_seeds = |command: &str| {
            Args::try_parse_from(["migrator", command])
                .expect("valid arguments")
                .command
                .needs_seeds()
        };
        for command in ["seed-up", "seed-down", "seed-redo", "seed-status", "seed-repair"] {
            assert!(needs_seeds(command), "{command}");
        }
        assert!(needs_seeds("fresh-start") && needs_seeds("db-reset"));
        for command in
            ["migrate-up", "migrate-down", "migrate-status", "schema", "temporary-database"]
        {
            assert!(!needs_seeds(command), "{command}");
        }
    }

    #[test]
    fn a_schema_is_a_url_a_file_or_the_migrations() {
        let parse = |args: &[&str]| Args::try_parse_from([&["migrator", "schema"], args].concat());
        assert!(parse(&[]).is_ok());
        assert!(parse(&["migrations"]).is_ok());
        assert!(parse(&["--diff", "postgres://u@h/d", "a/schema.sql"]).is_ok());
        assert!(parse(&["--diff", "migrations"]).is_err());
        let diff = ["--diff", "migrations", "a.sql", "--exclude-partitions"];
        assert!(parse(&[&diff[..], &["--exclude", "table:*", "--exclude", "x"]].concat()).is_ok());
        assert!(parse(&[&diff[..], &["--exclude", "tabel:*"]].concat()).is_err());
        assert!(parse(&["migrations", "--exclude", "x"]).is_err());
        assert!(parse(&["migrations", "--exclude-partitions"]).is_err());
        assert!(parse(&["tables"]).is_err());
        assert!(parse(&["migrations", "--diff", "a.sql", "b.sql"]).is_err());
    }

    #[test]
    fn a_command_that_names_its_databases_needs_no_other() {
        let parse = |args: &[&str]| {
            let args = Args::try_parse_from([&["migrator", "schema"], args].concat());
            match args.expect("valid arguments").command {
                MigratorCommand::Schema(schema) => schema,
                other => panic!("{other:?}"),
            }
        };
        let database =
            |args: &[&str]| parse(args).first_database().map(|url| url.database().to_owned());
        assert_eq!(database(&["postgres://h/a"]).as_deref(), Some("a"));
        assert_eq!(database(&["--diff", "postgres://h/a", "postgres://h/b"]).as_deref(), Some("a"));
        assert_eq!(database(&["--diff", "x.sql", "postgres://h/a"]).as_deref(), Some("a"));
        for args in [&[][..], &["migrations"], &["--diff", "migrations", "x.sql"]] {
            assert_eq!(database(args), None);
        }
        assert!(!parse(&[]).needs_temporary_database());
        assert!(!parse(&["--diff", "postgres://h/a", "postgres://h/b"]).needs_temporary_database());
        for args in [&["migrations"][..], &["--diff", "postgres://h/a", "x.sql"]] {
            assert!(parse(args).needs_temporary_database());
        }
    }

    #[test]
    fn only_one_target_is_accepted_and_each_value_is_checked() {
        let parse =
            |args: &[&str]| Args::try_parse_from([&["migrator", "migrate-up"], args].concat());
        assert!(parse(&["--step", "2"]).is_ok());
        assert!(parse(&["--step", "2", "--to", "x"]).is_err());
        assert!(parse(&["--step", "0"]).is_err());
        assert!(parse(&["--lock-wait", "10 parsecs"]).is_err());
    }
}
