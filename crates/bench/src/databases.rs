//! What a database of its own costs a test: `TestDatabase` beside the bare clone, all migrations for
//! each test, and one database for all.

use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use bench::script_name;
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection};
use seedbed_cli::engine::prelude::*;
use seedbed_cli::engine::{
    Action, BoxFuture, Cancellation, Kind, Options, Project, Request, Runner, Script, Session,
    Target, Url,
};
use seedbed_testdb::{TestDatabase, TestTransaction};

use crate::{Bench, median};

/// How many tests the comparison with one shared database has.
const TESTS: usize = 500;

fn up<'a>(schema: &'a Schema<'a>) -> BoxFuture<'a, Result> {
    Box::pin(table(schema))
}

/// A table with an index and a foreign key to the one in the middle before it.
async fn table(schema: &Schema<'_>) -> Result {
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

/// A project of that many migrations, each a table.
fn project(tables: u32) -> Project {
    let script = |n| -> &'static Script {
        let name: &'static str = script_name(n).leak();
        let checksum: &'static str = format!("{tables}-{n}").leak();
        Box::leak(Box::new(Script::functions(name, name, checksum, up)))
    };
    let scripts: Vec<&'static Script> = (0..tables).map(script).collect();
    Project { migrations: scripts.leak(), seeds: &[] }
}

/// Measures schemas of 5, 100 and 500 tables with 1 and 8 tests at once; then a suite of trivial tests.
pub(crate) fn run(bench: &Bench<'_>) -> anyhow::Result<String> {
    let mut text = "| tables | at once | a database by | taken, ms | given back, ms |\n\
                    | ---: | ---: | --- | ---: | ---: |\n"
        .to_owned();
    for tables in [5, 100, 500] {
        let project = project(tables);
        for threads in [1, 8] {
            for way in Way::ALL {
                let rounds = if way.is_slow() { 2 } else { bench.args.rounds };
                let (taken, given) = measure(bench, &project, way, threads, rounds)?;
                text += &format!(
                    "| {tables} | {threads} | {} | {taken:.1} | {given:.1} |\n",
                    way.name()
                );
            }
        }
    }
    text += &suite(bench)?;
    text += &reuse(bench)?;
    Ok(text)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    FileCopy,
    WalLog,
    Migrations,
    Instance,
    Transaction,
}

impl Way {
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

/// Medians in milliseconds of taking a database (until the first query is answered) and of giving it
/// back, of `rounds` tests after one another in each of `threads` threads.
fn measure(
    bench: &Bench<'_>,
    project: &Project,
    way: Way,
    threads: usize,
    rounds: usize,
) -> anyhow::Result<(f64, f64)> {
    if way.is_slow() {
        one(bench, project, Way::Instance)?;
    }
    let times = Mutex::new((Vec::new(), Vec::new()));
    let worker = || -> anyhow::Result<()> {
        for round in 0..=rounds {
            let (taken, given) = one(bench, project, way)?;
            // The first round builds and clones.
            if round > 0 {
                let mut times = times.lock().ok().context("another thread has failed")?;
                times.0.push(taken);
                times.1.push(given);
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
    let (taken, given) = times.into_inner().ok().context("a thread has failed")?;
    Ok((ms(median(taken)), ms(median(given))))
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// One test, with a runtime of its own as `#[tokio::test]` has it.
fn one(bench: &Bench<'_>, project: &Project, way: Way) -> anyhow::Result<(Duration, Duration)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let begun = Instant::now();
        match way {
            Way::Instance => {
                let database = TestDatabase::new(project).await;
                ask(database.connection()).await?;
                let taken = begun.elapsed();
                trivial(database.connection()).await?;
                let begun = Instant::now();
                drop(database);
                Ok((taken, begun.elapsed()))
            }
            Way::Transaction => {
                let transaction = TestTransaction::new(project).await;
                ask(transaction.connection()).await?;
                let taken = begun.elapsed();
                trivial(transaction.connection()).await?;
                let begun = Instant::now();
                drop(transaction);
                Ok((taken, begun.elapsed()))
            }
            Way::FileCopy | Way::WalLog | Way::Migrations => {
                by_hand(bench, project, way, begun).await
            }
        }
    })
}

/// A database made and dropped for one test, as tools do that keep none.
async fn by_hand(
    bench: &Bench<'_>,
    project: &Project,
    way: Way,
    begun: Instant,
) -> anyhow::Result<(Duration, Duration)> {
    let name = format!("seedbed_bench_{}", uuid::Uuid::new_v4().simple());
    let admin = Database::connect(bench.url("postgres")).await?;
    let template = template(&admin, project).await?;
    let create = match way {
        Way::FileCopy => format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"),
        Way::WalLog => format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY WAL_LOG"),
        _ => format!("CREATE DATABASE {name}"),
    };
    admin.execute_unprepared(&create).await?;
    if way == Way::Migrations {
        let session =
            Session::connect(Options::new(Url::parse(&bench.url(&name))?), &|_| {}).await?;
        let runner = Runner::new(&session, project, &|_| {}, Cancellation::never())?;
        let request = Request::new(Action::Up, Target::All);
        runner.run(Kind::Migration, &request).await.map_err(|failure| failure.error)?;
        session.close().await;
    }
    let connection = Database::connect(bench.url(&name)).await?;
    ask(&connection).await?;
    let taken = begun.elapsed();
    trivial(&connection).await?;
    let begun = Instant::now();
    connection.close().await?;
    admin.execute_unprepared(&format!("DROP DATABASE {name}")).await?;
    let given = begun.elapsed();
    admin.close().await?;
    Ok((taken, given))
}

/// The template that `TestDatabase` has made of this project.
async fn template(admin: &DatabaseConnection, project: &Project) -> anyhow::Result<String> {
    let database = TestDatabase::new(project).await;
    let name = database.url().split('?').next().and_then(|url| url.rsplit('/').next());
    let name = name.context("the URL names no database")?;
    let sql = format!("SELECT template FROM seedbed_testdb.databases WHERE name = '{name}'");
    let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, sql);
    let row = admin.query_one_raw(statement).await?.context("it is not in the records")?;
    Ok(row.try_get("", "template")?)
}

async fn ask(connection: &impl sea_orm::ConnectionTrait) -> anyhow::Result<()> {
    Ok(connection.execute_unprepared("SELECT 1").await.map(drop)?)
}

/// What a trivial test does: a row goes in and comes out.
async fn trivial(connection: &impl sea_orm::ConnectionTrait) -> anyhow::Result<()> {
    let table = script_name(1);
    connection.execute_unprepared(&format!("INSERT INTO {table} (name) VALUES ('x')")).await?;
    let sql = format!("SELECT name FROM {table} WHERE name = 'x'");
    let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, sql);
    let row = connection.query_one_raw(statement).await?;
    ensure!(row.is_some(), "the row is not there");
    Ok(())
}

/// Trivial tests on a schema of 100 tables, on as many threads as a test runner has: each with its own
/// database, and all with one.
fn suite(bench: &Bench<'_>) -> anyhow::Result<String> {
    let project = project(100);
    let threads = std::thread::available_parallelism()?.get();
    let mut own = Vec::new();
    let mut shared = Vec::new();
    let database = bench.shared_database(&project)?;
    for _ in 0..3 {
        shared.push(in_threads(threads, || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let connection = Database::connect(&database).await?;
                trivial(&connection).await
            })
        })?);
        own.push(in_threads(threads, || one(bench, &project, Way::Instance).map(drop))?);
    }
    let (own, shared) = (median(own), median(shared));
    let ratio = own.as_secs_f64() / shared.as_secs_f64();
    Ok(format!(
        "\n{TESTS} trivial tests on 100 tables, {threads} at once: {:.0} ms sharing one database, \
         {:.0} ms each with its own, {ratio:.2} times as long.\n",
        ms(shared),
        ms(own)
    ))
}

fn in_threads(
    threads: usize,
    test: impl Fn() -> anyhow::Result<()> + Sync,
) -> anyhow::Result<Duration> {
    let begun = Instant::now();
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
    Ok(begun.elapsed())
}

impl Bench<'_> {
    /// A migrated database that all tests use, as they would without this crate.
    fn shared_database(&self, project: &Project) -> anyhow::Result<String> {
        let database = "seedbed_bench";
        self.admin(&format!("DROP DATABASE IF EXISTS {database}"))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let admin = Database::connect(self.url("postgres")).await?;
            let template = template(&admin, project).await?;
            let create = format!("CREATE DATABASE {database} TEMPLATE {template}");
            admin.execute_unprepared(&create).await?;
            anyhow::Ok(())
        })?;
        Ok(self.url(database))
    }
}

/// How long the first database of a process takes when the template is there, beside a later one.
fn reuse(bench: &Bench<'_>) -> anyhow::Result<String> {
    let this = std::env::current_exe().context("could not find this program")?;
    let mut first = Vec::new();
    for _ in 0..bench.args.rounds {
        let output = Command::new(&this)
            .arg("--first-database")
            .env("TEST_DATABASE_URL", &bench.args.database_url)
            .output()
            .context("could not run this program")?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let micros: u64 = String::from_utf8_lossy(&output.stdout).trim().parse()?;
        first.push(Duration::from_micros(micros));
    }
    Ok(format!(
        "\nThe first database of a process that finds the template (100 tables): {:.1} ms.\n",
        ms(median(first))
    ))
}

/// The first database of this process, in microseconds.
pub(crate) fn first(bench: &Bench<'_>) -> anyhow::Result<()> {
    let (taken, _) = one(bench, &project(100), Way::Instance)?;
    println!("{}", taken.as_micros());
    Ok(())
}
