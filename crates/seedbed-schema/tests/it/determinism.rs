//! Compares the whole system catalog of two databases that the same statements created, row by row.
//!
//! Only internal state of the server differs. If a new release stores more, this test names it
//! before it reaches a project's schema file.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};
use sqlx::AssertSqlSafe;

use crate::support::TestConnection;

const SCHEMA: [&str; 4] = [
    include_str!("sql_files/settings.sql"),
    "CREATE SCHEMA other; SET search_path = other",
    include_str!("sql_files/mixture.sql"),
    "CREATE TABLE moods (mood e63 DEFAULT 'ä'); ALTER TABLE odd ALTER z TYPE bigint[]",
];

/// The columns of the catalog, and the options of columns, that differ between databases with the same schema.
const VOLATILE: [&str; 9] = [
    "relallfrozen",
    "relallvisible",
    "relfilenode",
    "relfrozenxid",
    "relminmxid",
    "relpages",
    "reltuples",
    // The ids of labels are not in `NAMES`.
    "oid of pg_enum",
    "option pg_attver",
];

/// The query for the rows of each catalog table that databases do not share, without expression trees, which contain
/// the ids of enum labels.
const ROWS: &str = "
    SELECT string_agg(format('SELECT %L, (to_jsonb(t) - %L::text[])::text FROM pg_catalog.%I t', c.relname, trees, c.relname),
        ' UNION ALL ')
    FROM pg_class c, LATERAL (SELECT coalesce(array_agg(attname::text), '{}') AS trees FROM pg_attribute
        WHERE attrelid = c.oid AND atttypid = 'pg_node_tree'::regtype) AS x
    WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND NOT c.relisshared
    AND c.relname !~ '^pg_(statistic$|statistic_ext_data|largeobject)'";

/// The query for the description of each id.
const NAMES: &str = "
    SELECT string_agg(format('SELECT oid::text, regexp_replace(pg_describe_object(tableoid, oid, 0), ''[0-9]{5,}'', ''#'')
        FROM pg_catalog.%I WHERE oid >= 16384', c.relname), ' UNION ALL ')
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'oid'
    WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND NOT c.relisshared
    AND c.relname !~ '^pg_(enum|statistic$|statistic_ext_data|largeobject)'";

/// The number of occurrences of each row, without volatile columns.
type RowCounts = BTreeMap<String, usize>;

#[tokio::test]
async fn equal_statements_give_equal_catalogs_except_for_volatile_columns() {
    let (mut one, mut other) = (TestConnection::new().await, TestConnection::new().await);
    // A different history gives the objects different ids.
    other.run("CREATE TABLE gone (a serial PRIMARY KEY, b text); DROP TABLE gone").await;
    for sql in SCHEMA {
        one.run(sql).await;
        other.run(sql).await;
    }
    let (ours, theirs) = (rows(&mut one).await, rows(&mut other).await);
    assert!(ours.len() > 5_000);
    let only = |rows: &RowCounts, others: &RowCounts| -> Vec<String> {
        let differs = rows.iter().filter(|(row, count)| others.get(*row) != Some(count));
        differs.map(|(row, _)| row.clone()).take(5).collect()
    };
    let (ours, theirs) = (only(&ours, &theirs), only(&theirs, &ours));
    assert!(ours.is_empty() && theirs.is_empty(), "{ours:#?}\n{theirs:#?}");
}

async fn rows(database: &mut TestConnection) -> RowCounts {
    let names: HashMap<String, String> = pairs(database, NAMES).await.into_iter().collect();
    let mut rows = RowCounts::new();
    for (table, row) in pairs(database, ROWS).await {
        let Ok(Value::Object(row)) = serde_json::from_str(&row) else {
            panic!("a row is an object: {row}");
        };
        let row = Value::Object(named(&table, row, &names)).to_string();
        *rows.entry(format!("{table} {row}")).or_default() += 1;
    }
    rows
}

/// Runs the query that the given query generates.
async fn pairs(database: &mut TestConnection, sql: &str) -> Vec<(String, String)> {
    let connection = &mut database.connection;
    let sql: String =
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *connection).await.expect("a query");
    sqlx::query_as(AssertSqlSafe(sql)).fetch_all(connection).await.expect("pairs of texts")
}

/// Returns the row with descriptions instead of ids, and with each option of a column separately.
fn named(
    table: &str,
    mut row: Map<String, Value>,
    names: &HashMap<String, String>,
) -> Map<String, Value> {
    if let Some(Value::Array(options)) = row.remove("attoptions") {
        for option in options.iter().filter_map(Value::as_str) {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            row.insert(format!("option {name}"), value.into());
        }
    }
    row.retain(|key, _| {
        !VOLATILE.contains(&key.as_str())
            && !VOLATILE.contains(&format!("{key} of {table}").as_str())
    });
    row.into_iter()
        .map(|(key, value)| (key, without_ids(&value.to_string(), names).into()))
        .collect()
}

/// Returns the text with the description of each number that is an id.
fn without_ids(text: &str, names: &HashMap<String, String>) -> String {
    let mut rest = text;
    let mut result = String::new();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, digits) = rest.split_at(start);
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let (number, after) = digits.split_at(end);
        result.push_str(before);
        // A number within a word, as in the name of an encoding, is not an id.
        let in_word = result.ends_with(char::is_alphabetic);
        let name = names.get(number).filter(|_| !in_word);
        result.push_str(name.map_or(number, String::as_str));
        rest = after;
    }
    result + rest
}
