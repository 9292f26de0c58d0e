//! Tests the scripts that the generator writes, one of each kind (`generated/kinds.txt`). They are applied, reverted and
//! applied again, and must leave the same schema.

mod expected;
mod refused;
mod seen;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sea_orm::sqlx::{Executor as _, raw_sql};
use seedbed_generate::read_options;
use seedbed_schema::model::PartKind;
use seedbed_schema::{DatabaseSchema, ReadOptions, diff};
use seedbed_testdb::TestDatabase;
use serde_json::Value;

use test_support::require_program;

use test_fixture::{Fixture, execute, text};

/// The folder of the generated scripts.
const FOLDER: &str = "generated/src";

/// Returns the files of the generated migrations or seeds, in the order in which they run.
fn files(kind: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new(FOLDER).join(kind)).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Reads the schema of a database as the generator does.
async fn existing(db: &TestDatabase) -> DatabaseSchema {
    let pool = db.connection().get_postgres_connection_pool();
    let mut connection = pool.acquire().await.unwrap();
    DatabaseSchema::read(&mut connection, &read_options()).await.unwrap()
}

/// Reads the complete schema of a database, to compare it.
async fn catalog(db: &TestDatabase) -> DatabaseSchema {
    let pool = db.connection().get_postgres_connection_pool();
    let mut connection = pool.acquire().await.unwrap();
    // Without these settings, the server would spend most of the time on planning the order of the joins.
    let in_this_order = raw_sql("SET join_collapse_limit = 1; SET from_collapse_limit = 1");
    connection.execute(in_this_order).await.unwrap();
    DatabaseSchema::read(&mut connection, &ReadOptions::default()).await.unwrap()
}

/// Describes the differences, except in the order of columns: a restored column becomes the last one, as the scripts say.
fn differences(before: &DatabaseSchema, after: &DatabaseSchema) -> String {
    let changes = diff(before, after).into_iter();
    let changes = changes.filter(|one| one.object().part_kind() != Some(PartKind::ColumnOrder));
    changes.map(|change| format!("\n{change}")).collect()
}

/// The number of tests among which the scripts are divided, so that they run concurrently.
const PARTS: usize = 3;

/// Tests the scripts of one part. Applies all scripts before the part, then applies, reverts and again applies each script of
/// the part, and then applies the rest.
async fn each_round_trips(part: usize) {
    let files = files("migrations");
    let part = files.len() * part / PARTS..files.len() * (part + 1) / PARTS;
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("generated", db.url());
    if part.start > 0 {
        fixture.run(["migrate-up", "--step", &part.start.to_string()]).await.succeeded();
    }
    let mut before = catalog(&db).await;
    let mut is_reverted = false;
    for file in &files[part] {
        // If the previous script was reverted, it is applied again too.
        let steps = if is_reverted { "2" } else { "1" };
        fixture.run(["migrate-up", "--step", steps]).await.succeeded();
        let applied = catalog(&db).await;
        assert_eq!(applied_last(&db).await, stem(file));
        is_reverted = !fs::read_to_string(file).unwrap().contains("IRREVERSIBLE");
        if is_reverted {
            fixture.run(["migrate-down"]).await.succeeded();
            let left = differences(&before, &catalog(&db).await);
            assert_eq!(left, "", "`down` of {} is not the inverse", file.display());
        }
        before = applied;
    }
    fixture.run(["migrate-up"]).await.succeeded();
    // The backfills have filled in all rows that `sql rows` and `sql collated` in `kinds.txt` insert.
    let filled =
        "SELECT count(*)::text FROM products WHERE color = '' AND size = 'small' AND code = title";
    assert_eq!(text(db.connection(), filled).await, "2500");
    let filled = "SELECT count(*)::text FROM collated_things WHERE label = 'n' || id";
    assert_eq!(text(db.connection(), filled).await, "3001");
}

/// Returns the newest applied script.
async fn applied_last(db: &TestDatabase) -> String {
    text(db.connection(), "SELECT max(version) FROM seaql_migrations").await
}

#[tokio::test]
async fn every_script_of_the_first_third_round_trips() {
    each_round_trips(0).await;
}

#[tokio::test]
async fn every_script_of_the_second_third_round_trips() {
    each_round_trips(1).await;
}

#[tokio::test]
async fn every_script_of_the_last_third_round_trips() {
    each_round_trips(PARTS - 1).await;
}

/// Returns a database with all migrations, and the program that applied them.
async fn migrated() -> (TestDatabase, Fixture) {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("generated", db.url());
    fixture.run(["migrate-up"]).await.succeeded();
    (db, fixture)
}

/// Tests a column that is never null and has no default, which cannot be restored on a table with rows. `down` fails
/// completely, and the hint shows the solution.
#[tokio::test]
async fn a_down_that_cannot_restore_values_says_how_to_supply_them() {
    let (db, fixture) = migrated().await;
    execute(db.connection(), "INSERT INTO empty_things DEFAULT VALUES").await;
    let files = files("migrations");
    let mut names = files.iter().map(|file| stem(file));
    let name = names.find(|name| name.ends_with("_name_from_empty_things"));
    let before = catalog(&db).await;
    let down = fixture.run(["migrate-down", "--name", name.unwrap()]).await;
    down.exited_with(1).stderr_contains([
        "column \"name\" of relation \"empty_things\" contains null values",
        "add `.default(…)` to the column `name`",
        "ALTER TABLE empty_things ALTER COLUMN name DROP DEFAULT",
    ]);
    assert_eq!(differences(&before, &catalog(&db).await), "");
}

#[tokio::test]
async fn an_index_with_the_same_name_is_not_mistaken_for_the_requested_one() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("generated", db.url());
    let names: Vec<String> = files("migrations").iter().map(|file| stem(file).to_owned()).collect();
    let at =
        names.iter().position(|name| name.ends_with("_index_stripe_customer_id_of_organizations"));
    fixture.run(["migrate-up", "--to", &names[at.unwrap() - 1]]).await.succeeded();
    let other = "CREATE INDEX organizations_stripe_customer_id_idx ON organizations (name)";
    execute(db.connection(), other).await;

    let up = fixture.run(["migrate-up", "--step", "1"]).await;
    up.exited_with(1)
        .stderr_contains(["relation \"organizations_stripe_customer_id_idx\" already exists"]);
}

/// Returns the name of the script in the file.
fn stem(file: &Path) -> &str {
    file.file_stem().unwrap().to_str().unwrap()
}

/// The statement that inserts a row of a user. A seed has a row with the same key.
const OWN: &str = "INSERT INTO plans (id, name, kind, price, sold) \
    VALUES ('00000000-0000-4000-8000-000000000001', 'Team', 'plan', 1, false)";

/// Tests that an existing row keeps its id and gets the values of the seed, and that `down` removes only the rows that
/// `up` inserted.
#[tokio::test]
async fn the_seeds_can_be_applied_and_reverted() {
    let (db, fixture) = migrated().await;
    let rows = "SELECT string_agg(concat_ws('|', name, kind, stock, price, sold, since, tags, data, ref, type), E'\n'
        ORDER BY name COLLATE \"C\") FROM plans";
    execute(db.connection(), OWN).await;
    for _ in 0..2 {
        fixture.run(["seed-up"]).await.succeeded();
        assert_eq!(
            text(db.connection(), rows).await,
            "Free|plan|5.00|t|{\"seats\": 1}\n\
             Pro, the \"big\" one|plan|49.00|f|ca70efb3-c892-4429-964c-e017a9a7c24a\n\
             Starter|plan|3|9.90|t|2025-03-03|{small,cheap}|{\"seats\": 5}|a\n\
             Team|plan|7|19.50|t\n\
             Trial|plan|1.00|f\n\
             Ümlaut \\ 'quoted'|addon|-1|0.01|f|{}|[]|two\nlines"
        );
        fixture.run(["seed-down"]).await.succeeded();
        let left = "SELECT string_agg(name || id, ',') FROM plans";
        let expected = "Team00000000-0000-4000-8000-000000000001";
        assert_eq!(text(db.connection(), left).await, expected);
    }
}

/// Tests two seeds that have a row with the same key. The row is that of the first seed, with its id, until `down` of
/// the first seed deletes it.
#[tokio::test]
async fn down_of_a_seed_keeps_the_rows_of_an_earlier_seed() {
    let (db, fixture) = migrated().await;
    let plans = "SELECT string_agg(name, ',' ORDER BY name COLLATE \"C\") FROM plans";
    let free = "SELECT id::text FROM plans WHERE name = 'Free'";
    let applied = "SELECT string_agg(substr(version, 18), ',' ORDER BY version) FROM seaql_seeds
        WHERE version LIKE '%plans%'";
    fixture.run(["seed-up"]).await.succeeded();
    let id = text(db.connection(), free).await;
    let first =
        fs::read_to_string(Path::new(FOLDER).join("seeds/m20250101_000001_create_more_plans.rs"));
    assert!(first.unwrap().contains(&format!("id: \"{id}\"")), "{id}");

    fixture.run(["seed-down", "--name", "create_plans_again"]).await.succeeded();
    let left = "Free,Pro, the \"big\" one,Starter,Team,Ümlaut \\ 'quoted'";
    assert_eq!(text(db.connection(), plans).await, left);
    assert_eq!(text(db.connection(), free).await, id);
    let left = "create_default_plans,create_more_plans";
    assert_eq!(text(db.connection(), applied).await, left);

    fixture.run(["seed-down", "--name", "create_more_plans"]).await.succeeded();
    let left = "Pro, the \"big\" one,Starter,Ümlaut \\ 'quoted'";
    assert_eq!(text(db.connection(), plans).await, left);
    assert_eq!(text(db.connection(), applied).await, "create_default_plans");
}

/// Tests quotes, backslashes, line ends and invisible characters, in columns of every type with names that Rust
/// reserves.
#[tokio::test]
async fn values_that_need_escaping_are_inserted_unchanged() {
    let (db, fixture) = migrated().await;
    fixture.run(["seed-up"]).await.succeeded();
    let rows = r#"SELECT json_agg(json_build_object('kind', kind, 'type', type, 'tags', tags, 'data', data)
        ORDER BY at)::text FROM "NastyThings" WHERE at < '2025-02-01'"#;
    let arrived: Value = serde_json::from_str(&text(db.connection(), rows).await).unwrap();
    let file = fs::read_to_string("generated/nasty.json").unwrap();
    let given: Vec<Value> = serde_json::from_str(&file).unwrap();
    for (number, row) in given.iter().enumerate() {
        for column in ["kind", "type", "tags", "data"] {
            assert_eq!(arrived[number][column], row[column], "{column} of {row}");
        }
    }
    let one = r#"SELECT concat_ws('|', n, "Order", twice, fn, "select", moods, json, two, short, bytes, span, ref,
        "real", double, place, "camelCase", match) FROM "NastyThings" WHERE kind = 'kind 0'"#;
    assert_eq!(
        text(db.connection(), one).await,
        r#"12345678901234567890.123456789012345678901234567890|7|14|t|it's "so"|{"a,b",ok}|{"b":1,"a":["语言 العربية"]}|é |12345678|\x00ff|1 day 02:00:00|ca70efb3-c892-4429-964c-e017a9a7c24a|1.5|-0.1|(1,2)|9223372036854775807|{{a,b},{c,d}}"#
    );
    let csv = r#"SELECT string_agg(concat_ws('|', kind, type, "Order", tags, data, n), E'\n' ORDER BY kind DESC)
        FROM "NastyThings" WHERE at >= '2025-02-01'"#;
    assert_eq!(
        text(db.connection(), csv).await,
        "other||1073741823|{}|{\"a\": 1}|0.00000000000000000001\n\
         one, \"two\"|a\r\nb|-1|{a,\"b, c\",\"\"}|\"text\"|0.10"
    );
    fixture.run(["seed-down"]).await.succeeded();
    let left = r#"SELECT count(*)::text FROM "NastyThings""#;
    assert_eq!(text(db.connection(), left).await, "0");
}

/// Tests that `down` of a seed keeps the rows of users, including one that the seed has changed, and deletes the rows of the
/// seed, including those that a user has changed. If a row of a user refers to a row of the seed, nothing is deleted, and the
/// error names the referencing table.
#[tokio::test]
async fn a_seed_deletes_only_its_own_rows() {
    let (db, fixture) = migrated().await;
    execute(db.connection(), OWN).await;
    let left = "SELECT string_agg(name, ',' ORDER BY name) FROM plans";
    // The last seed is not applied, because it inserts into the same table: `seed-down` would revert it before it fails.
    fixture.run(["seed-up", "--to", "create_more_nasty_things"]).await.succeeded();
    execute(
        db.connection(),
        "INSERT INTO plans (name, kind, price, sold) VALUES ('Starter', 'addon', 1, true), ('Mine', 'plan', 1, true)",
    )
    .await;
    execute(db.connection(), "UPDATE plans SET price = 3 WHERE name IN ('Free', 'Team')").await;
    execute(
        db.connection(),
        "CREATE TABLE orders (plan uuid CONSTRAINT orders_plan REFERENCES plans);
        INSERT INTO orders SELECT id FROM plans WHERE name = 'Free'",
    )
    .await;
    let before = text(db.connection(), left).await;
    let down = fixture.run(["seed-down"]).await;
    down.exited_with(1).stderr_contains([
        "update or delete on table \"plans\" violates foreign key constraint \"orders_plan\" on table \"orders\" (23503)",
        "is still referenced from table \"orders\"",
        "hint: rows of `orders` refer to the deleted rows through the constraint `orders_plan`: list them with `psql \"$DATABASE_URL\"`",
    ]);
    assert_eq!(text(db.connection(), left).await, before);

    execute(db.connection(), "DROP TABLE orders").await;
    fixture.run(["seed-down"]).await.succeeded();
    assert_eq!(text(db.connection(), left).await, "Mine,Starter,Team");
    let user_row = "SELECT count(*)::text FROM plans WHERE name = 'Starter' AND kind = 'addon'";
    assert_eq!(text(db.connection(), user_row).await, "1");
}

#[tokio::test]
async fn values_too_long_for_the_new_type_are_not_truncated() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("generated", db.url());
    fixture.run(["migrate-up", "--to", "change_at_on_collated_things"]).await.succeeded();
    let rows = "INSERT INTO cut_things VALUES (1, 'long', '{a,abc}', '101')";
    execute(db.connection(), rows).await;
    for (column, expected) in [
        ("long", "value too long for type character(3)"),
        ("codes", "value too long for type character varying(2)"),
        ("bits", "bit string length 3 does not match type bit(2)"),
    ] {
        let up =
            fixture.run(["migrate-up", "--name", &format!("change_{column}_on_cut_things")]).await;
        up.exited_with(1).stderr_contains([expected]);
    }
    let row = "SELECT concat_ws(' ', long, codes, bits) FROM cut_things";
    assert_eq!(text(db.connection(), row).await, "long {a,abc} 101");
}

#[test]
fn a_generated_script_is_formatted() {
    let mut rustfmt = Command::new(require_program("rustfmt", "rustup component add rustfmt"));
    rustfmt.args(["--check", "--edition", "2024", "--config-path", "../../rustfmt.toml"]);
    let output = rustfmt.args(files("migrations")).args(files("seeds")).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn no_line_of_a_generated_script_is_too_long() {
    for file in files("migrations").into_iter().chain(files("seeds")) {
        let text = fs::read_to_string(&file).unwrap();
        // The irreversible scripts are those that the generator does not write.
        if !text.contains("IRREVERSIBLE") {
            let long: Vec<&str> = text.lines().filter(|line| line.chars().count() > 100).collect();
            assert!(long.is_empty(), "{}: {long:?}", file.display());
        }
    }
}
