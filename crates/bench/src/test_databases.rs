//! Measures the cost of a separate database for each test. Compares `TestDatabase` with a plain clone, with all
//! migrations for each test, and with one shared database.

use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use bench::script_name;
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection};
use seedbed::prelude::*;
use seedbed::{
    Action, BoxFuture, Cancellation, Project, RunRequest, Runner, Script, ScriptKind, Session,
    SessionOptions, Target, Url,
};
use seedbed_testdb::{TestDatabase, TestTransaction};

use crate::harness::{DATABASE, Harness, median};

/// The number of tests in the comparison with one shared database.
const TESTS: usize = 500;

fn up<'a>(schema: &'a Schema<'a>) -> BoxFuture<'a, Result> {
    Box::pin(create_table(schema))
}

/// Creates a table with an index. Each table except the first has a foreign key to an earlier one, so that the tables
/// form a binary tree.
async fn create_table(schema: &Schema<'_>) -> Result {
    let name = schema.name().as_str();
    let mut table = Table::create()
        .table(name.to_owned())
        .col(uuid("id").primary_key().default(Expr::cust("gen_random_uuid()")))
        .col(text("name"))
        .col(uuid_null("parent_id"))
        .col(created_at())
        .take();
    let n: u32 = name.rsplit('_').next().and_then(|n| n.parse().ok()).unwrap_or(0);
    if n > 0 {
        table.foreign_key(
            foreign_key(name, "parent_id", &script_name((n - 1) / 2))
                .on_delete(ForeignKeyAction::Cascade),
        );
    }
    schema.create_table(table).await?;
    schema.add_index(index(name, ["name"])).await
}

/// Returns a project with one migration for each table.
fn project(tables: u32) -> Project {
    let script = |n| -> &'static Script {
        let name: &'static str = script_name(n).leak();
        let checksum: &'static str = format!("{tables}-{n}").leak();
        Box::leak(Box::new(Script::from_functions(name, name, checksum, up)))
    };
    let scripts: Vec<&'static Script> = (0..tables).map(script).collect();
    Project { migrations: scripts.leak(), seeds: &[] }
}

/// Measures schemas of 5, 100 and 500 tables with 1 and 8 concurrent tests, a suite of trivial tests, and the first database
/// of a process. Returns the results as Markdown.
pub(crate) fn run(harness: &Harness<'_>) -> anyhow::Result<String> {
    let mut text = "| tables | concurrent tests | a database by | acquired, ms | released, ms |\n\
                    | ---: | ---: | --- | ---: | ---: |\n"
        .to_owned();
    for tables in [5, 100, 500] {
        let project = project(tables);
        for threads in [1, 8] {
            for source in DatabaseSource::ALL {
                let rounds = if source.is_slow() { 2 } else { harness.args.rounds };
                let (acquire, release) = measure(harness, &project, source, threads, rounds)?;
                text += &format!(
                    "| {tables} | {threads} | {} | {acquire:.1} | {release:.1} |\n",
                    source.name()
                );
            }
        }
    }
    text += &compare_suites(harness)?;
    text += &first_database(harness)?;
    Ok(text)
}

/// The source of a test's database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DatabaseSource {
    /// A clone of a migrated template, by `CREATE DATABASE … STRATEGY FILE_COPY`.
    FileCopy,
    /// A clone of a migrated template, by `CREATE DATABASE … STRATEGY WAL_LOG`.
    WalLog,
    /// An empty database in which all migrations run.
    Migrations,
    /// A `TestDatabase`.
    Instance,
    /// A `TestTransaction`.
    Transaction,
}

impl DatabaseSource {
    const ALL: [Self; 5] =
        [Self::FileCopy, Self::WalLog, Self::Migrations, Self::Instance, Self::Transaction];

    const fn name(self) -> &'static str {
        match self {
            Self::FileCopy => "CREATE DATABASE, FILE_COPY",
            Self::WalLog => "CREATE DATABASE, WAL_LOG",
            Self::Migrations => "all migrations",
            Self::Instance => "TestDatabase",
            Self::Transaction => "TestTransaction",
        }
    }

    const fn is_slow(self) -> bool {
        matches!(self, Self::FileCopy | Self::WalLog | Self::Migrations)
    }
}

/// Runs `rounds` tests in each of `threads` threads. Returns the medians, in milliseconds, of acquiring a database
/// (until the first query is answered) and of releasing it.
fn measure(
    harness: &Harness<'_>,
    project: &Project,
    source: DatabaseSource,
    threads: usize,
    rounds: usize,
) -> anyhow::Result<(f64, f64)> {
    if source.is_slow() {
        // This creates the template.
        run_test(harness, project, DatabaseSource::Instance)?;
    }
    let times = Mutex::new((Vec::new(), Vec::new()));
    let worker = || -> anyhow::Result<()> {
        for round in 0..=rounds {
            let (acquire, release) = run_test(harness, project, source)?;
            // The first round creates the template and the instances.
            if round > 0 {
                let mut times = times.lock().ok().context("another thread has panicked")?;
                times.0.push(acquire);
                times.1.push(release);
            }
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().map_err(|_| anyhow::anyhow!("a thread has panicked"))?
        })
    })?;
    let (acquire, release) = times.into_inner().ok().context("a thread has panicked")?;
    Ok((ms(median(acquire)), ms(median(release))))
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Runs one test with its own runtime, as `#[tokio::test]` does. Returns the durations of acquiring and of releasing
/// the database.
fn run_test(
    harness: &Harness<'_>,
    project: &Project,
    source: DatabaseSource,
) -> anyhow::Result<(Duration, Duration)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let started_at = Instant::now();
        match source {
            DatabaseSource::Instance => {
                let database = TestDatabase::new(project).await;
                query_once(database.connection()).await?;
                let acquire = started_at.elapsed();
                insert_and_select(database.connection()).await?;
                let started_at = Instant::now();
                drop(database);
                Ok((acquire, started_at.elapsed()))
            }
            DatabaseSource::Transaction => {
                let transaction = TestTransaction::new(project).await;
                query_once(transaction.connection()).await?;
                let acquire = started_at.elapsed();
                insert_and_select(transaction.connection()).await?;
                let started_at = Instant::now();
                drop(transaction);
                Ok((acquire, started_at.elapsed()))
            }
            DatabaseSource::FileCopy | DatabaseSource::WalLog | DatabaseSource::Migrations => {
                run_in_new_database(harness, project, source, started_at).await
            }
        }
    })
}

/// Runs one test in a database that is created before the test and dropped after it, as tools without a pool do.
async fn run_in_new_database(
    harness: &Harness<'_>,
    project: &Project,
    source: DatabaseSource,
    started_at: Instant,
) -> anyhow::Result<(Duration, Duration)> {
    let name = format!("seedbed_bench_{}", uuid::Uuid::new_v4().simple());
    let admin = Database::connect(harness.url("postgres")).await?;
    let template = template_name(&admin, project).await?;
    let create = match source {
        DatabaseSource::FileCopy => {
            format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        }
        DatabaseSource::WalLog => {
            format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY WAL_LOG")
        }
        _ => format!("CREATE DATABASE {name}"),
    };
    admin.execute_unprepared(&create).await?;
    if source == DatabaseSource::Migrations {
        let session =
            Session::connect(SessionOptions::new(Url::parse(&harness.url(&name))?), &|_| {})
                .await?;
        let runner = Runner::new(&session, project, &|_| {}, Cancellation::never())?;
        let request = RunRequest::new(Action::Up, Target::All);
        runner.run(ScriptKind::Migration, &request).await.map_err(|failure| failure.error)?;
        session.close().await;
    }
    let connection = Database::connect(harness.url(&name)).await?;
    query_once(&connection).await?;
    let acquire = started_at.elapsed();
    insert_and_select(&connection).await?;
    let started_at = Instant::now();
    connection.close().await?;
    admin.execute_unprepared(&format!("DROP DATABASE {name}")).await?;
    let release = started_at.elapsed();
    admin.close().await?;
    Ok((acquire, release))
}

/// Returns the name of the template that `TestDatabase` uses for this project.
async fn template_name(admin: &DatabaseConnection, project: &Project) -> anyhow::Result<String> {
    let database = TestDatabase::new(project).await;
    let name = database.url().split('?').next().and_then(|url| url.rsplit('/').next());
    let name = name.context("the URL names no database")?;
    let sql = format!("SELECT template FROM seedbed_testdb.databases WHERE name = '{name}'");
    let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, sql);
    let row = admin
        .query_one_raw(statement)
        .await?
        .context("the database of the test is not registered")?;
    Ok(row.try_get("", "template")?)
}

/// Sends one query, so that the session is open.
async fn query_once(connection: &impl sea_orm::ConnectionTrait) -> anyhow::Result<()> {
    Ok(connection.execute_unprepared("SELECT 1").await.map(drop)?)
}

/// Inserts a row and reads it back, like a trivial test.
async fn insert_and_select(connection: &impl sea_orm::ConnectionTrait) -> anyhow::Result<()> {
    let table = script_name(1);
    connection.execute_unprepared(&format!("INSERT INTO {table} (name) VALUES ('x')")).await?;
    let sql = format!("SELECT name FROM {table} WHERE name = 'x'");
    let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, sql);
    let row = connection.query_one_raw(statement).await?;
    ensure!(row.is_some(), "the inserted row was not found");
    Ok(())
}

/// Compares suites of trivial tests on a schema of 100 tables, with one thread for each processor: each test with its
/// own database, and all tests with one shared database.
fn compare_suites(harness: &Harness<'_>) -> anyhow::Result<String> {
    let project = project(100);
    let threads = std::thread::available_parallelism()?.get();
    let mut separate = Vec::new();
    let mut shared = Vec::new();
    let database = harness.shared_database(&project)?;
    for _ in 0..3 {
        shared.push(in_threads(threads, || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let connection = Database::connect(&database).await?;
                insert_and_select(&connection).await
            })
        })?);
        separate.push(in_threads(threads, || {
            run_test(harness, &project, DatabaseSource::Instance).map(drop)
        })?);
    }
    let (separate, shared) = (median(separate), median(shared));
    let ratio = separate.as_secs_f64() / shared.as_secs_f64();
    Ok(format!(
        "\n{TESTS} trivial tests on 100 tables, {threads} at once: {:.0} ms sharing one database, \
         {:.0} ms each with its own, {ratio:.2} times as long.\n",
        ms(shared),
        ms(separate)
    ))
}

/// Runs `test` [`TESTS`] times, distributed over the threads, and returns the duration.
fn in_threads(
    threads: usize,
    test: impl Fn() -> anyhow::Result<()> + Sync,
) -> anyhow::Result<Duration> {
    let started_at = Instant::now();
    let test = &test;
    std::thread::scope(|scope| {
        let worker = |thread: usize| {
            scope.spawn(move || (thread..TESTS).step_by(threads).try_for_each(|_| test()))
        };
        let workers: Vec<_> = (0..threads).map(worker).collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().map_err(|_| anyhow::anyhow!("a thread has panicked"))?
        })
    })?;
    Ok(started_at.elapsed())
}

impl Harness<'_> {
    /// Recreates the database that all tests share, with the schema of the project, and returns its URL.
    fn shared_database(&self, project: &Project) -> anyhow::Result<String> {
        self.run_as_admin(&format!("DROP DATABASE IF EXISTS {DATABASE}"))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let admin = Database::connect(self.url("postgres")).await?;
            let template = template_name(&admin, project).await?;
            let create = format!("CREATE DATABASE {DATABASE} TEMPLATE {template}");
            admin.execute_unprepared(&create).await?;
            anyhow::Ok(())
        })?;
        Ok(self.url(DATABASE))
    }
}

/// Measures the time that a new process takes to acquire its first database. The template exists already.
fn first_database(harness: &Harness<'_>) -> anyhow::Result<String> {
    let this =
        std::env::current_exe().context("failed to find the path of the `bench` executable")?;
    let mut times = Vec::new();
    for _ in 0..harness.args.rounds {
        let output = Command::new(&this)
            .arg("--first-database")
            .env("TEST_DATABASE_URL", &harness.args.database_url)
            .output()
            .context("failed to run `bench --first-database`")?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let micros: u64 = String::from_utf8_lossy(&output.stdout).trim().parse()?;
        times.push(Duration::from_micros(micros));
    }
    Ok(format!(
        "\nThe first database of a process that finds the template (100 tables): {:.1} ms.\n",
        ms(median(times))
    ))
}

/// Acquires the first database of this process, and prints the duration in microseconds.
pub(crate) fn print_first_database_time(harness: &Harness<'_>) -> anyhow::Result<()> {
    let (acquire, _) = run_test(harness, &project(100), DatabaseSource::Instance)?;
    println!("{}", acquire.as_micros());
    Ok(())
}
