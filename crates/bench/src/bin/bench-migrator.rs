//! A migrator with as many migrations as the variable `SCRIPTS` says, each a table with an index.

use std::process::ExitCode;

use seedbed_cli::engine::prelude::*;
use seedbed_cli::engine::{Project, Script};

async fn table_with_index(schema: &Schema<'_>) -> Result {
    let name = schema.name();
    let table = Table::create()
        .table(name.to_owned())
        .col(big_integer("id").primary_key())
        .col(text("name"))
        .take();
    schema.create_table(&table).await?;
    schema.add_index(&index(name, ["name"])).await
}

fn main() -> ExitCode {
    let count = std::env::var("SCRIPTS").ok().and_then(|count| count.parse().ok()).unwrap_or(1);
    let migrations: Vec<&'static Script> = (0..count).map(script).collect();
    seedbed_cli::main(&Project { migrations: migrations.leak(), seeds: &[] })
}

fn script(n: u32) -> &'static Script {
    let name: &'static str = bench::script_name(n).leak();
    let checksum = "0000000000000000000000000000000000000000000000000000000000000000";
    Box::leak(Box::new(Script::functions(name, name, checksum, |schema| {
        Box::pin(table_with_index(schema))
    })))
}
