//! The program of `make torture`, which disturbs real runs of the migrator and exits with 1 if anything is lost,
//! doubled or half-applied.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Parser;
use tokio::sync::RwLock;
use tokio::task::JoinSet;

use torture::case::World;
use torture::plan::Case;
use torture::runner::MigratorProgram;
use torture::server::DisturbedServer;
use torture::tally::Tally;
use torture::undisturbed::Undisturbed;

/// Disturbs real runs of the migrator, and compares the resulting state with that of undisturbed runs.
#[derive(Debug, Parser)]
#[command(name = "torture")]
struct Args {
    /// For how many minutes to start new cases; cases that are still running are finished
    #[arg(long, default_value_t = 1.0)]
    minutes: f64,
    /// Stop after this number of disturbed runs
    #[arg(long)]
    runs: Option<u64>,
    /// The seed of all random choices; by default a random one
    #[arg(long)]
    seed: Option<u64>,
    /// Run only the case with this number
    #[arg(long)]
    case: Option<u64>,
    /// How many cases run at once
    #[arg(long, default_value_t = 4)]
    parallel: usize,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    match runtime
        .context("failed to start the runtime")
        .and_then(|runtime| runtime.block_on(run(&args)))
    {
        Ok(tally) if tally.failures.is_empty() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

async fn run(args: &Args) -> anyhow::Result<Tally> {
    let seed = args.seed.unwrap_or_else(|| fastrand::u64(..1_000_000_000));
    println!("seed {seed}: `make torture args=\"--seed {seed}\"` makes the same choices");
    let migrator = MigratorProgram::find()?;
    let server = DisturbedServer::start().await?;
    let undisturbed = match Undisturbed::record(&server, &migrator, args.parallel).await {
        Ok(undisturbed) => undisturbed,
        Err(error) => {
            server.stop().await;
            return Err(error);
        }
    };
    println!(
        "{} migrations and {} seeds; undisturbed, {} at once: {:?} and {:?} for each script",
        undisturbed.migrations,
        undisturbed.scripts.len() - undisturbed.migrations,
        args.parallel,
        undisturbed.durations.nothing,
        undisturbed.durations.script,
    );
    let world = Arc::new(World { server, migrator, undisturbed, quiet: RwLock::new(()) });
    let result = tokio::select! {
        tally = cases(args, seed, &world) => tally,
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("interrupted")),
    };
    world.server.stop().await;
    let tally = result?;
    println!("{}", tally.summary());
    for failure in &tally.failures {
        println!(
            "FAILED with seed {seed}: `make torture args=\"--seed {seed} --case {}\"`\n{failure}",
            failure.case.number
        );
    }
    Ok(tally)
}

/// Runs cases, several at once, until the time is over or enough runs were disturbed.
async fn cases(args: &Args, seed: u64, world: &Arc<World>) -> anyhow::Result<Tally> {
    let (started_at, mut shown_at) = (Instant::now(), Instant::now());
    let limit = Duration::from_secs_f64(args.minutes * 60.0);
    let mut numbers = args.case.map_or(0..u64::MAX, |case| case..case + 1);
    let (migrations, seeds) = (
        world.undisturbed.migrations,
        world.undisturbed.scripts.len() - world.undisturbed.migrations,
    );
    let mut tally = Tally::default();
    let mut running = JoinSet::new();
    loop {
        let is_over = started_at.elapsed() >= limit
            || args.runs.is_some_and(|runs| tally.disturbed() >= runs);
        while !is_over && running.len() < args.parallel {
            let Some(number) = numbers.next() else { break };
            let world = Arc::clone(world);
            running.spawn(
                async move { world.run(&Case::draw(seed, number, migrations, seeds)).await },
            );
        }
        let Some(ended) = running.join_next().await else { return Ok(tally) };
        let case = ended.context("a case panicked")??;
        for failure in &case.failures {
            eprintln!("case {} FAILED: {}", failure.case.number, failure.faults.join("; "));
        }
        tally.add(case);
        if shown_at.elapsed() >= Duration::from_secs(10) {
            shown_at = Instant::now();
            let seconds = started_at.elapsed().as_secs();
            println!(
                "{}:{:02}  {} cases, {} disturbed runs, {} failures",
                seconds / 60,
                seconds % 60,
                tally.cases,
                tally.disturbed(),
                tally.failures.len()
            );
        }
    }
}
