//! Tests that a second `up` of a seed changes nothing, and that `down` removes exactly the rows that `up` added.

use seedbed_testdb::TestDatabase;
use serde_json::json;

use super::Results;
use test_fixture::{Fixture, InlineScript, sql};

/// Returns a project of a migration that creates two tables, and of the given seeds.
fn project(url: &str, seeds: impl IntoIterator<Item = InlineScript>) -> Fixture {
    let create = "CREATE TABLE roles (id int PRIMARY KEY, name text, at timestamptz DEFAULT clock_timestamp()); \
        CREATE TABLE log (line text)";
    let create = sql("m20250101_000000_create", [create]).down(["DROP TABLE roles, log"]);
    Fixture::with_scripts(
        url,
        [create].into_iter().chain(seeds.into_iter().map(InlineScript::seed)),
    )
}

const UPSERT: &str = "INSERT INTO roles (id, name) VALUES (1, 'owner') ON CONFLICT (id) DO NOTHING";

#[tokio::test]
async fn a_seed_that_changes_rows_again_or_keeps_them_is_found() {
    let db = TestDatabase::empty().await;
    let touch = "INSERT INTO roles (id, name) VALUES (2, 'member') \
        ON CONFLICT (id) DO UPDATE SET at = clock_timestamp()";
    let project = project(
        db.url(),
        [
            sql("m20250101_000001_clean", [UPSERT]).down(["DELETE FROM roles WHERE id = 1"]),
            sql("m20250101_000002_touches", [touch]).down(["DELETE FROM roles WHERE id = 2"]),
            sql("m20250101_000003_adds", ["INSERT INTO log VALUES ('again')"])
                .down(["DELETE FROM log WHERE line = 'again'"]),
            sql(
                "m20250101_000004_keeps",
                ["INSERT INTO roles VALUES (4, 'kept') ON CONFLICT DO NOTHING"],
            )
            .down(["SELECT 1"]),
            sql("m20250101_000005_twice", ["INSERT INTO roles VALUES (5, 'once')"])
                .down(["DELETE FROM roles WHERE id = 5"]),
            sql(
                "m20250101_000006_one_way",
                ["INSERT INTO roles VALUES (6, 'x') ON CONFLICT DO NOTHING"],
            )
            .irreversible("they are used"),
            sql(
                "m20250101_000007_removes_more",
                ["INSERT INTO roles VALUES (7, 'x') ON CONFLICT DO NOTHING"],
            )
            .down(["DELETE FROM roles"]),
        ],
    );
    let finished = project.run(["migrate-verify", "--json"]).await.exited_with(1);
    let results = Results::new(&finished);
    results.assert_verified("create");
    results.assert_verified("clean");
    assert_eq!(results.findings("touches"), ["second_up_changes_rows"]);
    let changed = json!([{ "table": "public.roles", "added": [], "removed": [],
        "changed": [{ "row": { "id": 2 }, "columns": ["at"] }] }]);
    assert_eq!(results.script("touches")["findings"][0]["tables"], changed);
    assert_eq!(results.findings("adds"), ["second_up_changes_rows"]);
    assert_eq!(results.findings("keeps"), ["down_rows_differ"]);
    assert_eq!(results.findings("twice"), ["second_up_fails"]);
    assert_eq!(results.script("one_way")["result"], "skipped");
    assert_eq!(results.findings("removes_more"), ["down_rows_differ"]);
}
