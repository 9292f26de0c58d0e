//! What the database has, for the scripts that drop or change it.

use std::io::Write;
use std::process::{Output, Stdio};

use anyhow::Context;
use seedbed_generate::Present;

use crate::environment::Environment;
use crate::output::Advice;
use crate::psql;
use crate::workspace::Workspace;

const HINT: &str =
    "make fresh-start makes the database; to write the script by hand: args=--unwritten";

const NO_PSQL: &str = "install the client of PostgreSQL (postgresql-client); to write the script by hand: args=--unwritten";

/// Reads what there is under those names. Changes nothing.
pub(crate) fn read(workspace: &Workspace, names: &[&str]) -> anyhow::Result<Present> {
    let environment = Environment::load(workspace)?;
    let output = ask(workspace, &environment, &Present::query(names))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        // The first line names the cause; the others repeat the query.
        let cause = message.lines().next().unwrap_or("psql said nothing").trim().to_owned();
        return Err(Advice::failure(format!("could not read the database: {cause}"), HINT));
    }
    let json =
        String::from_utf8(output.stdout).context("the database answered in another encoding")?;
    Present::read(&json).context("could not read what the database answered")
}

fn ask(workspace: &Workspace, environment: &Environment, query: &str) -> anyhow::Result<Output> {
    let mut psql = psql::command(workspace, environment)?;
    psql.args(["-X", "-A", "-t", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-f", "-"])
        .env("PGCONNECT_TIMEOUT", "10")
        .env("PGCLIENTENCODING", "UTF8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let program = psql.get_program().display().to_string();
    let mut run = || -> std::io::Result<Output> {
        let mut child = psql.spawn()?;
        if let Some(mut input) = child.stdin.take() {
            // psql that ends before it has read all says why by itself.
            input.write_all(query.as_bytes()).ok();
        }
        child.wait_with_output()
    };
    run().map_err(|error| Advice::failure(format!("could not run {program}: {error}"), NO_PSQL))
}
