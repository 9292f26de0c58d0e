//! Measures reading and writing a schema against pg_dump, and comparing two schemas.

use std::process::Command;

use crate::contenders::{Contender, measure, render_table};
use crate::harness::{DATABASE, Harness, time};

/// The number of tables.
const TABLES: u32 = 1000;
/// The database with the same schema as [`DATABASE`].
const TWIN: &str = "seedbed_bench_twin";

/// Measures a schema of 1,000 tables, and returns the table.
pub(crate) fn run(harness: &Harness<'_>) -> anyhow::Result<String> {
    let sql = (0..TABLES).map(table_sql).collect::<String>();
    let sql = harness.write_sql("tables.sql", &sql)?;
    for database in [DATABASE, TWIN] {
        harness.recreate(database)?;
        let url = harness.url(database);
        time(harness.psql(&url, &["-1", "-f", &sql.to_string_lossy()]))?;
        time(harness.psql(&url, &["-c", "VACUUM ANALYZE"]))?;
    }
    let twin = harness.url(TWIN);
    let schema = |url: &str, args: &[&str]| -> anyhow::Result<Command> {
        let mut command = harness.migrator_command("schema", url, 0);
        command.args(args);
        Ok(command)
    };
    let contenders: [Contender<'_>; 3] = [
        ("pg_dump --schema-only", Box::new(|url| Ok(harness.pg_dump(url)))),
        ("migrator schema", Box::new(|url| schema(url, &[url]))),
        (
            "migrator schema --diff, two databases",
            Box::new(|url| schema(url, &["--diff", url, &twin])),
        ),
    ];
    let case = format!("{TABLES} tables");
    let rows = measure(harness, &case, harness.args.rounds, &contenders, || Ok(()))?;
    harness.drop_database(TWIN)?;
    Ok(render_table(&rows))
}

/// Returns the statements for a table as an application has it: ten columns, a key, a check, two indexes, a foreign key
/// and two comments.
fn table_sql(number: u32) -> String {
    let target = number.saturating_sub(1) / 2;
    format!(
        "CREATE TABLE items_{number:04} (\n    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),\n    \
         name text NOT NULL,\n    slug varchar(80) UNIQUE,\n    amount numeric(10,2) NOT NULL CHECK (amount >= 0),\n    \
         count integer NOT NULL DEFAULT 0,\n    active boolean NOT NULL DEFAULT true,\n    data jsonb,\n    \
         parent_id uuid REFERENCES items_{target:04} ON DELETE CASCADE,\n    \
         created_at timestamptz NOT NULL DEFAULT now(),\n    updated_at timestamptz NOT NULL DEFAULT now()\n);\n\
         CREATE INDEX ON items_{number:04} (parent_id);\n\
         COMMENT ON TABLE items_{number:04} IS 'The items of kind {number}.';\n\
         COMMENT ON COLUMN items_{number:04}.slug IS 'The name in an address.';\n"
    )
}
