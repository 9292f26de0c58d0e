//! `make bench`: the engine beside its floor, in one run on one server, contenders in turn.
//!
//! Prints a Markdown table, and writes it into `docs/performance.md` between the markers. With
//! `args=--edit-to-applied` it measures instead what a developer waits for, on generated projects, with
//! `args=--test-databases` what a test waits for, and with `args=--first-build` what the first command builds.

mod databases;
mod edit;
mod first_build;
mod generate;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use bench::script_sql;
use clap::Parser;

/// Measures the engine beside psql.
#[derive(Debug, Parser)]
struct Args {
    /// Any database of the server to measure on; the benchmark makes databases of its own
    #[arg(
        long,
        env = "TEST_DATABASE_URL",
        hide_env_values = true,
        default_value_if("first_build", "true", "")
    )]
    database_url: String,
    /// How often each contender runs, per case
    #[arg(long, default_value_t = 15)]
    rounds: usize,
    /// Measure debug builds instead: from an edit of a script to its being applied
    #[arg(long)]
    edit_to_applied: bool,
    /// With it: build from nothing too
    #[arg(long, requires = "edit_to_applied")]
    cold: bool,
    /// Measure databases for tests instead
    #[arg(long, conflicts_with = "edit_to_applied")]
    test_databases: bool,
    /// Measure the first build instead, beside a migration program by the template of sea-orm-cli
    #[arg(long, conflicts_with_all = ["edit_to_applied", "test_databases"])]
    first_build: bool,
    /// With it: measure the build of sea-orm-cli too
    #[arg(long, requires = "first_build")]
    with_sea_orm_cli: bool,
    /// Only take one database for a test, and print how long that took, in microseconds
    #[arg(long, hide = true)]
    first_database: bool,
    /// Where to write the table
    #[arg(long, default_value = "docs/performance.md")]
    page: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    if args.first_build {
        let table = first_build::run(args.with_sea_orm_cli)?;
        println!("{table}");
        return write(&args.page, "first-build", &table);
    }
    let bench = Bench::new(&args)?;
    if args.first_database {
        return databases::first(&bench);
    }
    if args.test_databases {
        let table = databases::run(&bench)?;
        println!("{table}");
        return write(&args.page, "databases", &table);
    }
    if args.edit_to_applied {
        let table = edit::run(&bench)?;
        println!("{table}");
        return write(&args.page, "edit", &table);
    }
    let mut rows = Vec::new();
    for count in [1, 100, 1000] {
        rows.extend(bench.apply(count)?);
    }
    for count in [100, 1000] {
        rows.extend(bench.nothing_to_do(count)?);
    }
    let table = table(&rows);
    println!("{table}");
    write(&args.page, "bench", &table)
}

/// The tables of the history, as the engine creates them.
const HISTORY: &str = "\
    CREATE TABLE seaql_migrations (version varchar NOT NULL PRIMARY KEY, applied_at bigint NOT NULL);\n\
    CREATE TABLE seedbed_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
    kind text NOT NULL, name text NOT NULL, direction text NOT NULL, result text NOT NULL, \
    checksum text NOT NULL, started_at timestamptz NOT NULL, duration_ms bigint NOT NULL, role text NOT NULL, \
    application text NOT NULL, client text, seedbed text NOT NULL, details jsonb);\n";

/// The rows that the engine writes for a script.
fn history_sql(n: u32) -> String {
    let name = bench::script_name(n);
    format!(
        "INSERT INTO seedbed_log (kind, name, direction, result, checksum, started_at, duration_ms, role, application, \
         client, seedbed) SELECT 'migration', '{name}', 'up', 'done', repeat('0', 64), clock_timestamp(), 1, \
         session_user, current_setting('application_name'), host(inet_client_addr()), '0.1.0';\n\
         INSERT INTO seaql_migrations SELECT '{name}', extract(epoch FROM clock_timestamp())::bigint;\n"
    )
}

struct Bench<'a> {
    args: &'a Args,
    migrator: PathBuf,
    psql: PathBuf,
    scratch: PathBuf,
}

struct Row {
    case: String,
    contender: &'static str,
    median: Duration,
    floor: Duration,
}

type Contender<'c> = (&'static str, Box<dyn Fn(&str) -> anyhow::Result<Command> + 'c>);

impl<'a> Bench<'a> {
    fn new(args: &'a Args) -> anyhow::Result<Self> {
        let here = std::env::current_exe().context("could not find this program")?;
        let folder = here.parent().context("this program has no folder")?;
        let scratch = folder.join("bench-sql");
        std::fs::create_dir_all(&scratch).context("could not make a scratch folder")?;
        Ok(Self { args, migrator: folder.join("bench-migrator"), psql: real_psql()?, scratch })
    }

    /// `count` scripts on an empty database.
    fn apply(&self, count: u32) -> anyhow::Result<Vec<Row>> {
        let mut together = String::new();
        let mut each = format!("{HISTORY}SET synchronous_commit = off;\n");
        for n in 0..count {
            together += &script_sql(n);
            each += &format!("BEGIN;\n{}{}COMMIT;\n", script_sql(n), history_sql(n));
        }
        each += "SET synchronous_commit = on;\n\
                 BEGIN;\nSELECT pg_logical_emit_message(true, 'bench', '');\nCOMMIT;\n";
        let together = self.file(&format!("together-{count}.sql"), &together)?;
        let each = self.file(&format!("each-{count}.sql"), &each)?;
        let case = format!("apply {count}");
        let rounds = if count >= 1000 { self.args.rounds.div_ceil(3) } else { self.args.rounds };
        let contenders: [Contender<'_>; 3] = [
            (
                "psql, a transaction and the history rows for each",
                Box::new(|url| Ok(self.psql(url, &["-o", "/dev/null", "-f", path(&each)?]))),
            ),
            ("migrator migrate-up", Box::new(|url| Ok(self.migrator(url, count)))),
            ("psql -1", Box::new(|url| Ok(self.psql(url, &["-1", "-f", path(&together)?])))),
        ];
        let before = |database: &str| {
            self.admin(&format!("DROP DATABASE IF EXISTS {database}"))?;
            self.admin(&format!("CREATE DATABASE {database}"))
        };
        self.measure(&case, rounds, &contenders, before)
    }

    /// `migrate-up` when all is applied.
    fn nothing_to_do(&self, count: u32) -> anyhow::Result<Vec<Row>> {
        let database = "seedbed_bench";
        self.admin(&format!("DROP DATABASE IF EXISTS {database}"))?;
        self.admin(&format!("CREATE DATABASE {database}"))?;
        time(self.migrator(&self.url(database), count))?;
        self.admin("CHECKPOINT")?;
        let contenders: [Contender<'_>; 2] = [
            ("psql -c 'select 1'", Box::new(|url| Ok(self.psql(url, &["-c", "select 1"])))),
            ("migrator migrate-up", Box::new(|url| Ok(self.migrator(url, count)))),
        ];
        let case = format!("nothing to do, {count} applied");
        self.measure(&case, self.args.rounds * 5, &contenders, |_| Ok(()))
    }

    /// The contenders in turn, the first one being the floor.
    fn measure(
        &self,
        case: &str,
        rounds: usize,
        contenders: &[Contender<'_>],
        before: impl Fn(&str) -> anyhow::Result<()>,
    ) -> anyhow::Result<Vec<Row>> {
        let database = "seedbed_bench";
        let mut times = vec![Vec::new(); contenders.len()];
        for round in 0..=rounds {
            for (times, (_, command)) in times.iter_mut().zip(contenders) {
                before(database)?;
                let took = time(command(&self.url(database))?)?;
                // The first round warms caches.
                if round > 0 {
                    times.push(took);
                }
            }
        }
        let medians: Vec<Duration> = times.into_iter().map(median).collect();
        let floor = medians[0];
        Ok(contenders
            .iter()
            .zip(&medians)
            .map(|((contender, _), median)| Row {
                case: case.to_owned(),
                contender,
                median: *median,
                floor,
            })
            .collect())
    }

    fn psql(&self, url: &str, args: &[&str]) -> Command {
        let mut command = Command::new(&self.psql);
        command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url]).args(args);
        command
    }

    fn migrator(&self, url: &str, count: u32) -> Command {
        let mut command = Command::new(&self.migrator);
        command.arg("migrate-up").env("DATABASE_URL", url).env("SCRIPTS", count.to_string());
        command
    }

    fn admin(&self, sql: &str) -> anyhow::Result<()> {
        time(self.psql(&self.url("postgres"), &["-c", sql])).map(drop)
    }

    fn file(&self, name: &str, sql: &str) -> anyhow::Result<PathBuf> {
        let path = self.scratch.join(name);
        std::fs::write(&path, sql)
            .with_context(|| format!("could not write {}", path.display()))?;
        Ok(path)
    }

    /// The URL of another database on the same server.
    fn url(&self, database: &str) -> String {
        let url = &self.args.database_url;
        let (before, query) = url.split_once('?').unwrap_or((url, ""));
        let authority = before.find("://").map_or(0, |at| at + 3);
        let path = before[authority..].find('/').map_or(before.len(), |at| authority + at);
        format!("{}/{database}?{query}", &before[..path])
    }
}

fn path(path: &Path) -> anyhow::Result<&str> {
    path.to_str().context("the scratch folder's name is not UTF-8")
}

/// Debian's psql on the PATH is a Perl wrapper that costs 20 ms.
fn real_psql() -> anyhow::Result<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output();
    let folder = match output {
        Ok(output) if output.status.success() => {
            PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())
        }
        _ => bail!("no pg_config on the PATH, which tells where the real psql is"),
    };
    let psql = folder.join("psql");
    ensure!(psql.exists(), "there is no {}", psql.display());
    Ok(psql)
}

fn time(mut command: Command) -> anyhow::Result<Duration> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let begun = Instant::now();
    let output = command.output().with_context(|| format!("could not run {command:?}"))?;
    let took = begun.elapsed();
    ensure!(
        output.status.success(),
        "{:?} failed: {}",
        command.get_program(),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(took)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn table(rows: &[Row]) -> String {
    let mut table =
        "| case | contender | median, ms | times the first |\n| --- | --- | ---: | ---: |\n"
            .to_owned();
    for row in rows {
        let ms = row.median.as_secs_f64() * 1000.0;
        let ratio = row.median.as_secs_f64() / row.floor.as_secs_f64();
        table += &format!("| {} | {} | {ms:.1} | {ratio:.2} |\n", row.case, row.contender);
    }
    table
}

/// Puts the table between its markers in the page.
fn write(page: &Path, name: &str, table: &str) -> anyhow::Result<()> {
    let (begin, end) = (format!("<!-- {name}: begin -->\n"), format!("<!-- {name}: end -->\n"));
    let text = std::fs::read_to_string(page)
        .with_context(|| format!("could not read {}", page.display()))?;
    let (Some(at), Some(end)) = (text.find(&begin), text.find(&end)) else {
        bail!("{} has no lines {begin:?} and {end:?}", page.display());
    };
    let begin = at + begin.len();
    let text = format!("{}{table}{}", &text[..begin], &text[end..]);
    std::fs::write(page, text).with_context(|| format!("could not write {}", page.display()))
}
