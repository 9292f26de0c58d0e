//! A migrator with as many migrations as the environment variable `SCRIPTS` says. Each migration creates a table with an
//! index.

use std::process::ExitCode;

use seedbed::prelude::*;
use seedbed::{BoxFuture, Project, Script};

static SCRIPTS: &[&Script] = include!(concat!(env!("OUT_DIR"), "/scripts.rs"));

fn up<'a>(schema: &'a Schema<'a>) -> BoxFuture<'a, Result> {
    Box::pin(create_table_with_index(schema))
}

fn down<'a>(schema: &'a Schema<'a>) -> BoxFuture<'a, Result> {
    Box::pin(async move { schema.drop_table(schema.name().as_str()).await })
}

async fn create_table_with_index(schema: &Schema<'_>) -> Result {
    let name = schema.name().as_str();
    let table = Table::create()
        .table(name.to_owned())
        .col(big_integer("id").primary_key())
        .col(text("name"))
        .take();
    schema.create_table(table).await?;
    schema.add_index(index(name, ["name"])).await
}

fn main() -> ExitCode {
    let count = std::env::var("SCRIPTS").ok().and_then(|count| count.parse().ok()).unwrap_or(1);
    seedbed::cli::main(&Project { migrations: &SCRIPTS[..SCRIPTS.len().min(count)], seeds: &[] })
}
