//! Measures `migrate-up` against psql, on an empty database and on one in which everything is applied, and `migrate-verify`
//! against `migrate-up`.

use std::path::Path;

use anyhow::Context as _;
use bench::script_sql;

use crate::contenders::{Contender, MeasuredRow, measure, render_table};
use crate::harness::{DATABASE, Harness, time};

/// Measures 1, 100 and 1,000 scripts, and returns the table.
pub(crate) fn run(harness: &Harness<'_>) -> anyhow::Result<String> {
    let mut rows = Vec::new();
    for count in [1, 100, 1000] {
        rows.extend(apply(harness, count)?);
    }
    rows.extend(verify(harness, 100)?);
    for count in [100, 1000] {
        rows.extend(nothing_to_do(harness, count)?);
    }
    Ok(render_table(&rows))
}

/// The statements that create the history tables as the engine does.
const HISTORY_TABLES: &str = "\
    CREATE TABLE seaql_migrations (version varchar NOT NULL PRIMARY KEY, applied_at bigint NOT NULL);\n\
    CREATE TABLE seedbed_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
    kind text NOT NULL, name text NOT NULL, direction text NOT NULL, result text NOT NULL, \
    checksum text NOT NULL, started_at timestamptz NOT NULL, duration_ms bigint NOT NULL, role text NOT NULL, \
    application text NOT NULL, client text, seedbed text NOT NULL, details jsonb);\n";

/// Returns the statements that insert the same history rows as the engine does for a script.
fn history_sql(n: u32) -> String {
    let name = bench::script_name(n);
    format!(
        "INSERT INTO seedbed_log (kind, name, direction, result, checksum, started_at, duration_ms, role, application, \
         client, seedbed, details) SELECT 'migration', '{name}', 'up', 'done', repeat('0', 64), clock_timestamp(), 1, \
         session_user, current_setting('application_name'), host(inet_client_addr()), '0.1.0', \
         '{{\"session\": \"0123456789abcdef\"}}'::jsonb;\n\
         INSERT INTO seaql_migrations SELECT '{name}', extract(epoch FROM clock_timestamp())::bigint;\n"
    )
}

/// Measures `count` scripts on an empty database. The first contender executes, with psql, what the engine executes. The last
/// one executes only the statements of the scripts, in one transaction.
fn apply(harness: &Harness<'_>, count: u32) -> anyhow::Result<Vec<MeasuredRow>> {
    let mut scripts_only = String::new();
    let mut like_the_engine = format!("{HISTORY_TABLES}SET synchronous_commit = off;\n");
    for n in 0..count {
        scripts_only += &script_sql(n);
        like_the_engine += &format!("BEGIN;\n{}{}COMMIT;\n", script_sql(n), history_sql(n));
    }
    like_the_engine += "SET synchronous_commit = on;\n\
                        BEGIN;\nSELECT pg_logical_emit_message(true, 'bench', '');\nCOMMIT;\n";
    let scripts_only = harness.write_sql(&format!("scripts-only-{count}.sql"), &scripts_only)?;
    let like_the_engine =
        harness.write_sql(&format!("like-the-engine-{count}.sql"), &like_the_engine)?;
    let case = format!("apply {count}");
    let rounds = harness.args.rounds;
    let rounds = if count >= 1000 { rounds.div_ceil(3) } else { rounds };
    let contenders: [Contender<'_>; 3] = [
        (
            "psql, a transaction and the history rows for each",
            Box::new(|url| {
                Ok(harness.psql(url, &["-o", "/dev/null", "-f", utf8(&like_the_engine)?]))
            }),
        ),
        ("migrator migrate-up", Box::new(|url| Ok(harness.migrator(url, count)))),
        ("psql -1", Box::new(|url| Ok(harness.psql(url, &["-1", "-f", utf8(&scripts_only)?])))),
    ];
    measure(harness, &case, rounds, &contenders, || harness.recreate_database())
}

/// Measures the verification of `count` scripts against applying them once.
fn verify(harness: &Harness<'_>, count: u32) -> anyhow::Result<Vec<MeasuredRow>> {
    let verify = |url: &str| Ok(harness.migrator_command("migrate-verify", url, count));
    let contenders: [Contender<'_>; 2] = [
        ("migrator migrate-up", Box::new(|url| Ok(harness.migrator(url, count)))),
        ("migrator migrate-verify", Box::new(verify)),
    ];
    let case = format!("verify {count}");
    measure(harness, &case, harness.args.rounds, &contenders, || harness.recreate_database())
}

/// Measures `migrate-up` on a database in which all scripts are applied.
fn nothing_to_do(harness: &Harness<'_>, count: u32) -> anyhow::Result<Vec<MeasuredRow>> {
    harness.recreate_database()?;
    time(harness.migrator(&harness.url(DATABASE), count))?;
    harness.run_as_admin("CHECKPOINT")?;
    let contenders: [Contender<'_>; 2] = [
        ("psql -c 'select 1'", Box::new(|url| Ok(harness.psql(url, &["-c", "select 1"])))),
        ("migrator migrate-up", Box::new(|url| Ok(harness.migrator(url, count)))),
    ];
    let case = format!("nothing to do, {count} applied");
    measure(harness, &case, harness.args.rounds * 5, &contenders, || Ok(()))
}

fn utf8(path: &Path) -> anyhow::Result<&str> {
    path.to_str().context("the path of the scratch folder is not UTF-8")
}
