//! Tests that the schema after `up` and `down` is compared with the schema before.

use seedbed_testdb::TestDatabase;

use super::Results;
use test_fixture::{Fixture, InlineScript, sql};

const CREATE: &str = "CREATE TYPE mood AS ENUM ('sad', 'glad'); \
    CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 0, b text, m mood); \
    CREATE INDEX t_b ON t (b); COMMENT ON TABLE t IS 'what it is'";

/// Returns a migration with the given number, which runs after the one that creates the table.
fn migration(number: u32, words: &str, up: &str, down: &str) -> InlineScript {
    sql(&format!("m20250102_0000{number:02}_{words}"), [up]).down([down])
}

/// Returns a project of the migration that creates the table, and of the given ones.
fn project(url: &str, migrations: impl IntoIterator<Item = InlineScript>) -> Fixture {
    let create = sql("m20250101_000000_create", [CREATE]).down(["DROP TABLE t; DROP TYPE mood"]);
    Fixture::with_scripts(url, [create].into_iter().chain(migrations))
}

/// Returns the finding, and the change as text, for a migration with the given `up` and `down`.
async fn change(up: &str, down: &str) -> (String, String) {
    let db = TestDatabase::empty().await;
    let project = project(db.url(), [migration(1, "change", up, down)]);
    let finished = project.run(["migrate-verify"]).await.exited_with(1);
    let text = finished.stdout.as_str();
    let (_, findings) = text
        .split_once("failed   m20250102_000001_change (m20250102_000001_change)\n")
        .unwrap_or_else(|| panic!("{finished}"));
    let (finding, rest) = findings.split_once('\n').expect("lines");
    let change: Vec<&str> =
        rest.lines().take_while(|line| line.starts_with("    ")).map(str::trim_start).collect();
    (finding.trim().to_owned(), change.join("\n"))
}

#[tokio::test]
async fn an_object_that_down_does_not_remove_is_found() {
    for (up, down, finding, line) in [
        (
            "CREATE INDEX t_a ON t (a)",
            "SELECT 1",
            "`down` does not remove the index `public.t_a` of the table `public.t`",
            "+ CREATE INDEX t_a ON public.t USING btree (a);",
        ),
        (
            "ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0) NOT VALID",
            "SELECT 1",
            "`down` does not remove the constraint `positive` of the table `public.t`",
            "+ ALTER TABLE public.t ADD CONSTRAINT positive CHECK ((a > 0)) NOT VALID;",
        ),
        (
            "COMMENT ON COLUMN t.b IS 'why it is'",
            "SELECT 1",
            "`down` does not remove the comment on the column `b` of the table `public.t`",
            "+ COMMENT ON COLUMN public.t.b IS 'why it is';",
        ),
        (
            "GRANT SELECT ON t TO PUBLIC",
            "SELECT 1",
            "`down` does not remove the privileges on the table `public.t`",
            "+ GRANT SELECT ON TABLE public.t TO PUBLIC;",
        ),
        (
            "CREATE TABLE u (a int); CREATE TABLE v (a int)",
            "DROP TABLE v",
            "`down` does not remove the table `public.u`",
            "+ CREATE TABLE public.u (\n+     a integer\n+ );",
        ),
    ] {
        assert_eq!(change(up, down).await, (finding.to_owned(), line.to_owned()), "{up}");
    }
}

#[tokio::test]
async fn an_object_that_down_does_not_restore_is_found() {
    for (up, down, finding, line) in [
        (
            "DROP INDEX t_b",
            "SELECT 1",
            "`down` does not restore the index `public.t_b` of the table `public.t`",
            "- CREATE INDEX t_b ON public.t USING btree (b);",
        ),
        (
            "ALTER TABLE t ALTER a DROP DEFAULT",
            "SELECT 1",
            "`down` does not restore the definition of the column `a` of the table `public.t`",
            "- a integer DEFAULT 0 NOT NULL\n+ a integer NOT NULL",
        ),
        (
            "COMMENT ON TABLE t IS NULL",
            "SELECT 1",
            "`down` does not restore the comment on the table `public.t`",
            "- COMMENT ON TABLE public.t IS 'what it is';",
        ),
        (
            "ALTER TABLE t DROP COLUMN b",
            "ALTER TABLE t ADD b text",
            "`down` does not restore the index `public.t_b` of the table `public.t`",
            "- CREATE INDEX t_b ON public.t USING btree (b);",
        ),
        (
            "ALTER TABLE t DROP CONSTRAINT t_pkey",
            "SELECT 1",
            "`down` does not restore the constraint `t_pkey` of the table `public.t`",
            "- ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);",
        ),
    ] {
        assert_eq!(change(up, down).await, (finding.to_owned(), line.to_owned()), "{up}");
    }
}

#[tokio::test]
async fn an_enum_value_that_down_does_not_remove_is_found() {
    let (finding, change) = change("ALTER TYPE mood ADD VALUE 'calm'", "SELECT 1").await;
    assert_eq!(finding, "`down` does not restore the definition of the type `public.mood`");
    assert!(change.contains("calm"), "{change}");
}

#[tokio::test]
async fn each_finding_belongs_to_the_script_that_causes_it() {
    let db = TestDatabase::empty().await;
    let project = project(
        db.url(),
        [
            migration(
                1,
                "order",
                "ALTER TABLE t DROP COLUMN a",
                "ALTER TABLE t ADD a int NOT NULL DEFAULT 0",
            ),
            migration(2, "leaves", "CREATE TABLE left_behind (a int)", "SELECT 1"),
            migration(3, "between", "CREATE INDEX ON t (m)", "DROP INDEX t_m_idx"),
            migration(4, "wrong", "CREATE VIEW v AS SELECT 1 AS one", "DROP TABLE v"),
            sql("m20250102_000005_one_way", ["UPDATE t SET b = lower(b)"])
                .irreversible("it is lower now"),
            migration(
                6,
                "concurrently",
                "CREATE INDEX CONCURRENTLY c ON t (b)",
                "DROP INDEX CONCURRENTLY c",
            )
            .no_transaction(),
            migration(7, "halfway", "CREATE TABLE h (a int)", "SELECT 1").no_transaction(),
            migration(8, "sea_orm", "CREATE TABLE s (a int)", "DROP TABLE s").sea_orm(),
            migration(9, "last", "DROP TABLE left_behind", "CREATE TABLE left_behind (a int)"),
        ],
    );
    let finished = project.run(["migrate-verify", "--json"]).await.exited_with(1);
    let results = Results::new(&finished);
    for verified in ["create", "order", "between", "concurrently", "sea_orm", "last"] {
        results.assert_verified(verified);
    }
    assert_eq!(results.findings("leaves"), ["down_differs", "up_fails_after_down"]);
    assert_eq!(results.findings("halfway"), ["down_differs", "up_fails_after_down"]);
    assert_eq!(results.findings("wrong"), ["down_fails"]);
    let one_way = results.script("one_way");
    assert_eq!(one_way["result"], "skipped");
    assert_eq!(one_way["skipped"], "it is IRREVERSIBLE: it is lower now");
    let change = &results.script("leaves")["findings"][0]["changes"][0];
    assert_eq!(change["object"]["name"], "public.left_behind");
    assert!(change["before"].is_null());
}

#[tokio::test]
async fn only_the_named_scripts_are_verified_and_the_others_are_applied() {
    let db = TestDatabase::empty().await;
    let project = project(
        db.url(),
        [
            migration(1, "first", "CREATE TABLE u (a int)", "SELECT 1"),
            migration(2, "second", "ALTER TABLE u ADD b int", "ALTER TABLE u DROP b"),
            migration(3, "third", "ALTER TABLE u ADD c int", "SELECT 1"),
            migration(4, "fourth", "ALTER TABLE u ADD d int", "ALTER TABLE u DROP d"),
            migration(5, "fifth", "SELECT 1 / 0", "SELECT 1"),
        ],
    );
    let args = ["migrate-verify", "--name", "second", "--name", "src/m20250102_000004_fourth.rs"];
    let finished = project.run(args).await.succeeded();
    let lines: Vec<&str> = finished.stdout.lines().collect();
    assert!(lines[0].starts_with("verified m20250102_000002_second "), "{finished}");
    assert!(lines[1].starts_with("verified m20250102_000004_fourth "), "{finished}");
    assert_eq!(lines[2..], ["2 scripts verified"], "{finished}");
}

#[tokio::test]
async fn a_script_without_a_down_is_named() {
    let db = TestDatabase::empty().await;
    let finished = Fixture::new("plain-two-without-down", db.url()).run(["migrate-verify"]).await;
    finished.exited_with(1).stdout_contains([
        "failed   m20250101_000002_two (migrations/m20250101_000002_two.rs)",
        "`down` fails",
        "has no `down`",
    ]);
    let finished = Fixture::new("plain-two-irreversible", db.url()).run(["migrate-verify"]).await;
    finished.succeeded().stdout_contains([
        "skipped  m20250101_000002_two: it is IRREVERSIBLE: what it merged cannot be separated\n",
        "2 scripts verified, 1 skipped\n",
    ]);
}
