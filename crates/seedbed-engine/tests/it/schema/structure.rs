//! Tests the verbs that change the structure.

use seedbed_engine::prelude::*;
use seedbed_engine::{Action, ScriptFn};
use seedbed_testdb::TestDatabase;
use test_fixture::{execute, texts};

use super::{Unit, run, up};

/// Returns the columns of the table with their types, nullability and defaults.
async fn columns(db: &TestDatabase, table: &str) -> Vec<String> {
    let sql = format!(
        "SELECT concat_ws(' ', column_name, data_type, character_maximum_length, \
         CASE is_nullable WHEN 'NO' THEN 'not null' END, 'default ' || column_default) \
         FROM information_schema.columns WHERE table_name = '{table}' ORDER BY ordinal_position"
    );
    texts(db.connection(), &sql).await
}

/// Returns the checks and foreign keys, and whether each is validated.
async fn constraints(db: &TestDatabase) -> Vec<String> {
    let sql = "SELECT conname || ' ' || convalidated FROM pg_constraint \
               WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f') ORDER BY 1";
    texts(db.connection(), sql).await
}

#[tokio::test]
async fn a_table_is_created_with_database_defaults_and_time_zones_renamed_and_dropped() {
    let db = TestDatabase::empty().await;
    up(&db, Unit::Script, |schema| {
        Box::pin(async move {
            schema.create_extension("uuid-ossp").await?;
            let table = Table::create()
                .table("Widget types")
                .col(id())
                .col(string("name"))
                .col(created_at())
                .col(updated_at())
                .take();
            schema.create_table(&table).await?;
            ensure!(schema.has_table("Widget types").await? && !schema.has_table("widgets").await?);
            schema.rename_table("Widget types", "widgets").await?;
            ensure!(!schema.has_table("Widget types").await? && schema.has_table("widgets").await?);
            ensure!(schema.has_column("widgets", "name").await?);
            ensure!(!schema.has_column("widgets", "nome").await?);
            ensure!(!schema.has_column("nothing", "name").await?);
            Ok(())
        })
    })
    .await
    .expect("the script succeeds");
    assert_eq!(
        columns(&db, "widgets").await,
        [
            "id uuid not null default uuid_generate_v4()",
            "name character varying not null",
            "created_at timestamp with time zone not null default now()",
            "updated_at timestamp with time zone not null default now()",
        ]
    );
    let twice: ScriptFn = |schema| {
        Box::pin(
            async move { schema.create_table(Table::create().table("widgets").col(id())).await },
        )
    };
    let error = up(&db, Unit::Script, twice).await.expect_err("the table exists");
    assert!(error.contains("relation \"widgets\" already exists (42P07)"), "{error}");
    up(&db, Unit::Script, |schema| {
        Box::pin(async move {
            schema.drop_table("widgets").await?;
            schema.drop_extension("uuid-ossp").await
        })
    })
    .await
    .expect("the script succeeds");
    assert_eq!(columns(&db, "widgets").await, [""; 0]);
}

#[tokio::test]
async fn columns_are_added_changed_back_and_forth_renamed_and_removed() {
    let db = TestDatabase::empty().await;
    execute(db.connection(), "CREATE TABLE t (a varchar NOT NULL); INSERT INTO t VALUES ('7')")
        .await;
    let up: ScriptFn = |schema| {
        Box::pin(async move {
            schema.add_column("t", integer("b").default(1)).await?;
            schema.add_column("t", timestamptz_null("c")).await?;
            schema.change_column("t", text_null("a").default("x")).await?;
            schema.rename_column("t", "b", "B 2").await?;
            schema.remove_column("t", "c").await
        })
    };
    let down: ScriptFn = |schema| {
        Box::pin(async move {
            schema.rename_column("t", "B 2", "b").await?;
            schema.remove_column("t", "b").await?;
            schema.change_column("t", string("a")).await?;
            schema.execute("ALTER TABLE t ALTER a DROP DEFAULT").await
        })
    };
    run(&db, Unit::Script, up, down, Action::Up).await.expect("the script succeeds");
    assert_eq!(
        columns(&db, "t").await,
        ["a text default 'x'::text", "B 2 integer not null default 1"]
    );
    run(&db, Unit::Script, up, down, Action::Down).await.expect("the script can be reverted");
    assert_eq!(columns(&db, "t").await, ["a character varying not null"]);
}

#[tokio::test]
async fn set_not_null_can_be_repeated_even_after_a_killed_attempt() {
    let db = TestDatabase::empty().await;
    let left_behind = "CREATE TABLE t (a int); INSERT INTO t VALUES (1); \
                       ALTER TABLE t ADD CONSTRAINT t_a_is_not_null CHECK (a IS NOT NULL) NOT VALID";
    execute(db.connection(), left_behind).await;
    for unit in [Unit::Statement, Unit::Statement, Unit::Script] {
        up(&db, unit, |schema| Box::pin(async move { schema.set_not_null("t", "a").await }))
            .await
            .expect("the script can be repeated");
        assert_eq!(columns(&db, "t").await, ["a integer not null"]);
        assert_eq!(constraints(&db).await, [""; 0]);
    }
    up(&db, Unit::Script, |schema| Box::pin(async move { schema.drop_not_null("t", "a").await }))
        .await
        .expect("the script succeeds");
    assert_eq!(columns(&db, "t").await, ["a integer"]);
}

#[tokio::test]
async fn constraints_are_added_validated_and_removed() {
    let db = TestDatabase::empty().await;
    execute(
        db.connection(),
        "CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE p (price int, o_id int, o2_id int); \
         INSERT INTO p VALUES (-1)",
    )
    .await;
    up(&db, Unit::Script, |schema| {
        Box::pin(async move {
            schema.add_constraint("p", "small", "CHECK (price < 100)").await?;
            schema.add_constraint_not_valid("p", "price is positive", "CHECK (price > 0)").await?;
            schema
                .add_foreign_key(foreign_key("p", "o_id", "o").on_delete(ForeignKeyAction::Cascade))
                .await?;
            schema
                .add_constraint_not_valid(
                    "p",
                    "p_o2_id_fkey",
                    "FOREIGN KEY (o2_id) REFERENCES o (id)",
                )
                .await?;
            schema.validate_constraint("p", "p_o2_id_fkey").await
        })
    })
    .await
    .expect("the script succeeds");
    assert_eq!(
        constraints(&db).await,
        ["p_o2_id_fkey true", "p_o_id_fkey true", "price is positive false", "small true"]
    );
    let validate: ScriptFn = |schema| {
        Box::pin(async move { schema.validate_constraint("p", "price is positive").await })
    };
    let error = up(&db, Unit::Script, validate).await.expect_err("a row violates the constraint");
    assert!(error.contains("is violated by some row (23514)"), "{error}");
    up(&db, Unit::Script, |schema| {
        Box::pin(async move {
            schema.bulk_delete("p", Expr::col("price").lt(0)).await?;
            schema.validate_constraint("p", "price is positive").await?;
            schema.remove_constraint("p", "small").await
        })
    })
    .await
    .expect("every row satisfies the constraint");
    assert_eq!(
        constraints(&db).await,
        ["p_o2_id_fkey true", "p_o_id_fkey true", "price is positive true"]
    );
}

#[tokio::test]
async fn indexes_are_added_and_removed_with_and_without_a_lock() {
    let db = TestDatabase::empty().await;
    execute(db.connection(), "CREATE TABLE t (a int, b int)").await;
    let indexes = "SELECT indexdef FROM pg_indexes WHERE tablename = 't' ORDER BY 1";
    up(&db, Unit::Script, |schema| {
        Box::pin(async move {
            schema.add_index(index("t", ["a", "b"]).unique()).await?;
            ensure!(schema.has_index("t", "t_a_b_idx").await?);
            ensure!(!schema.has_index("t", "t_b_idx").await?);
            Ok(())
        })
    })
    .await
    .expect("the script succeeds");
    let concurrently: ScriptFn =
        |schema| Box::pin(async move { schema.add_index(index("t", ["b"]).concurrently()).await });
    let error =
        up(&db, Unit::Script, concurrently).await.expect_err("the script runs in a transaction");
    assert!(
        error.contains("CREATE INDEX CONCURRENTLY cannot run inside a transaction block"),
        "{error}"
    );
    assert!(error.contains("hint: add `pub const TRANSACTION: bool = false;` to `m"), "{error}");
    up(&db, Unit::Statement, concurrently).await.expect("the script succeeds");
    assert_eq!(
        texts(db.connection(), indexes).await,
        [
            "CREATE INDEX t_b_idx ON public.t USING btree (b)",
            "CREATE UNIQUE INDEX t_a_b_idx ON public.t USING btree (a, b)",
        ]
    );
    for _ in 0..2 {
        up(&db, Unit::Statement, |schema| {
            Box::pin(async move { schema.remove_index_concurrently("t_b_idx").await })
        })
        .await
        .expect("the script can be repeated");
    }
    up(&db, Unit::Script, |schema| Box::pin(async move { schema.remove_index("t_a_b_idx").await }))
        .await
        .expect("the script succeeds");
    assert_eq!(texts(db.connection(), indexes).await, [""; 0]);
}
