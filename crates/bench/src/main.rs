//! The program of `make bench`. It measures the engine against psql, on one server and in turn.
//!
//! It prints a Markdown table, and writes it between the markers in `docs/performance.md`. A flag of [`Args`] selects another
//! measurement instead.

mod contenders;
mod edit_to_applied;
mod entities;
mod first_build;
mod generated_project;
mod harness;
mod migrate_up;
mod page;
mod public_schemas;
mod schemas;
mod test_databases;

use std::path::PathBuf;

use clap::Parser;

use crate::harness::Harness;

/// Measures the engine against psql, unless a flag selects another measurement.
#[derive(Debug, Parser)]
struct Args {
    /// Any database of the server to measure on; the benchmark creates its own databases
    #[arg(
        long,
        env = "TEST_DATABASE_URL",
        hide_env_values = true,
        // The first build is measured without a server.
        default_value_if("first_build", "true", "")
    )]
    database_url: String,
    /// How often each contender runs in each case; `--first-build` runs a fifth as many rounds
    #[arg(long, default_value_t = 15)]
    rounds: usize,
    /// Measure the time from an edit of a script until it is applied, in debug builds
    #[arg(long)]
    edit_to_applied: bool,
    /// With `--edit-to-applied`: also measure a build from nothing
    #[arg(long, requires = "edit_to_applied")]
    cold: bool,
    /// Measure how long a test waits for its database
    #[arg(long, conflicts_with = "edit_to_applied")]
    test_databases: bool,
    /// Measure the first build against that of a migration program from the template of sea-orm-cli
    #[arg(long, conflicts_with_all = ["edit_to_applied", "test_databases"])]
    first_build: bool,
    /// With `--first-build`: also measure the build of sea-orm-cli
    #[arg(long, requires = "first_build")]
    with_sea_orm_cli: bool,
    /// Measure the check of entities against those of sea-orm-cli, if it is on the PATH
    #[arg(long, conflicts_with_all = ["edit_to_applied", "test_databases", "first_build"])]
    entities: bool,
    /// Measure reading, writing and comparing schemas of 1,000 tables
    #[arg(long, conflicts_with_all = ["edit_to_applied", "test_databases", "first_build", "entities"])]
    schemas: bool,
    /// Take the schema of each SQL file through everything that Seedbed does with a schema
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["edit_to_applied", "test_databases", "first_build", "entities", "schemas"])]
    public_schemas: Vec<PathBuf>,
    /// Acquire one test database, and print how many microseconds that takes
    #[arg(long, hide = true)]
    first_database: bool,
    /// The page to write the table into
    #[arg(long, default_value = "docs/performance.md")]
    page: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    if args.first_build {
        // A round takes minutes.
        let rounds = args.rounds.div_ceil(5);
        return publish(&args, "first-build", &first_build::run(rounds, args.with_sea_orm_cli)?);
    }
    let harness = Harness::new(&args)?;
    if args.first_database {
        return test_databases::print_first_database_time(&harness);
    }
    if args.entities {
        return publish(&args, "entities", &entities::run(&harness)?);
    }
    if args.schemas {
        return publish(&args, "schemas", &schemas::run(&harness)?);
    }
    if !args.public_schemas.is_empty() {
        return publish(
            &args,
            "public-schemas",
            &public_schemas::run(&harness, &args.public_schemas)?,
        );
    }
    if args.test_databases {
        return publish(&args, "databases", &test_databases::run(&harness)?);
    }
    if args.edit_to_applied {
        return publish(&args, "edit", &edit_to_applied::run(&harness)?);
    }
    publish(&args, "bench", &migrate_up::run(&harness)?)
}

/// Prints a table, and writes it into its section of the page.
fn publish(args: &Args, section: &str, table: &str) -> anyhow::Result<()> {
    println!("{table}");
    page::replace_section(&args.page, section, table)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn clap_accepts_the_command_line() {
        Args::command().debug_assert();
    }
}
