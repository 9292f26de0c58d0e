//! Tests the verbs that change rows, SeaORM's entities, and savepoints.

use sea_orm::entity::prelude::*;
use seedbed_engine::prelude::*;
use seedbed_testdb::TestDatabase;

use test_fixture::{execute, text, texts};

use super::{Unit, up};

mod person {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "people")]
    pub(super) struct Model {
        #[sea_orm(primary_key)]
        pub(super) id: i32,
        pub(super) name: String,
        pub(super) born: Option<i32>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

async fn people() -> TestDatabase {
    let db = TestDatabase::empty().await;
    let table = "CREATE TABLE people (id serial PRIMARY KEY, name text NOT NULL UNIQUE, born int)";
    execute(db.connection(), table).await;
    db
}

#[tokio::test]
async fn twenty_thousand_rows_of_five_columns_are_inserted_and_deleted() {
    let db = TestDatabase::empty().await;
    execute(db.connection(), "CREATE TABLE t (a int, b bigint, c text, d boolean, e uuid)").await;
    up(&db, Unit::Script, |schema| {
        Box::pin(async move {
            let rows = (0..20_000)
                .map(|n| {
                    let text = (n % 2 == 0).then(|| format!("it's {n}; \\ \"quoted\""));
                    let id = sea_orm::prelude::Uuid::from_u128(n as u128);
                    [n.into(), i64::from(n).into(), text.into(), (n % 3 == 0).into(), id.into()]
                })
                .collect();
            let inserted = schema.bulk_insert("t", ["a", "b", "c", "d", "e"], rows).await?;
            ensure!(inserted == 20_000, "{inserted}");
            let deleted = schema.bulk_delete("t", Expr::col("d").eq(true)).await?;
            ensure!(deleted == 6_667, "{deleted}");
            let none: Vec<[sea_orm::Value; 1]> = Vec::new();
            ensure!(schema.bulk_insert("t", ["a"], none).await? == 0);
            Ok(())
        })
    })
    .await
    .expect("the script succeeds");
    // The deleted rows are those whose number is a multiple of 3. A row has a text if its number is even.
    let sums = "SELECT concat_ws(' ', count(*), count(c), sum(a), max(e::text)) FROM t";
    assert_eq!(
        text(db.connection(), sums).await,
        "13333 6666 133326667 00000000-0000-0000-0000-000000004e1f"
    );
}

#[tokio::test]
async fn entities_insert_find_update_and_delete_through_the_schema() {
    let db = people().await;
    up(&db, Unit::Script, |schema| {
        Box::pin(async move {
            let named = |name: &str, born| person::ActiveModel {
                name: Set(name.to_owned()),
                born: Set(born),
                ..Default::default()
            };
            person::Entity::insert_many([named("Ada", Some(1815)), named("Grace", None)])
                .exec(schema)
                .await?;
            let joan = named("Joan", Some(1917)).insert(schema).await?;
            ensure!(person::Entity::find().count(schema).await? == 3);
            let grace = person::Entity::find()
                .filter(person::Column::Name.eq("Grace"))
                .one(schema)
                .await?
                .context("Grace is there")?;
            let mut grace = grace.into_active_model();
            grace.born = Set(Some(1906));
            grace.update(schema).await?;
            joan.delete(schema).await?;
            person::Entity::insert(named("Ada", Some(0)))
                .on_conflict(OnConflict::column(person::Column::Name).do_nothing().to_owned())
                .exec_without_returning(schema)
                .await?;
            Ok(())
        })
    })
    .await
    .expect("the script succeeds");
    let rows = "SELECT name || ' ' || born FROM people ORDER BY born";
    assert_eq!(texts(db.connection(), rows).await, ["Ada 1815", "Grace 1906"]);
}

#[tokio::test]
async fn a_savepoint_undoes_only_its_own_part() {
    let db = people().await;
    up(&db, Unit::Script, |schema| {
        Box::pin(async move {
            schema.execute("INSERT INTO people (name) VALUES ('before')").await?;
            let failed = schema
                .transaction(async {
                    schema.execute("INSERT INTO people (name) VALUES ('inside')").await?;
                    schema.execute("INSERT INTO people (name) VALUES ('before')").await
                })
                .await;
            ensure!(failed.is_err());
            let kept = schema
                .transaction(async {
                    schema.execute("INSERT INTO people (name) VALUES ('kept')").await?;
                    let inner = schema
                        .transaction(async {
                            schema.execute("INSERT INTO people (name) VALUES ('inner')").await?;
                            bail!("on second thought");
                            #[expect(unreachable_code, reason = "it gives the block its type")]
                            Ok(())
                        })
                        .await;
                    ensure!(inner.is_err());
                    Ok(7)
                })
                .await?;
            ensure!(kept == 7);
            schema.execute("INSERT INTO people (name) VALUES ('after')").await
        })
    })
    .await
    .expect("the script succeeds");
    let rows = "SELECT name FROM people ORDER BY id";
    assert_eq!(texts(db.connection(), rows).await, ["before", "kept", "after"]);
}

#[tokio::test]
async fn a_savepoint_without_a_transaction_is_reported() {
    let db = people().await;
    let error = up(&db, Unit::Statement, |schema| {
        Box::pin(async move { schema.transaction(async { Ok(()) }).await })
    })
    .await
    .expect_err("there is no transaction");
    assert!(error.contains("SAVEPOINT can only be used in transaction blocks (25P01)"), "{error}");
}

#[tokio::test]
async fn an_unwritten_script_fails_with_its_file_and_leaves_nothing() {
    let db = people().await;
    let error = up(&db, Unit::Script, |schema| {
        Box::pin(async move {
            schema.execute("INSERT INTO people (name) VALUES ('Ada')").await?;
            schema.not_written("src/migrations/m20250101_000000_create_widgets.rs")
        })
    })
    .await
    .expect_err("the script is not written");
    assert!(error.contains("failed: the script is not written yet"), "{error}");
    assert!(error.contains("\nhint: write `up` and `down` in `m"), "{error}");
    assert_eq!(text(db.connection(), "SELECT count(*)::text FROM people").await, "0");
}

#[tokio::test]
async fn several_statements_in_one_string_run_all() {
    let db = people().await;
    up(&db, Unit::Script, |schema| {
        Box::pin(async move {
            ensure!(schema.environment().is_development());
            schema
                .execute(
                    "INSERT INTO people (name) VALUES ('a;b'); -- ; nothing\n\
                     DO $$ BEGIN INSERT INTO people (name) VALUES ('c'); END $$;",
                )
                .await
        })
    })
    .await
    .expect("the script succeeds");
    assert_eq!(texts(db.connection(), "SELECT name FROM people ORDER BY 1").await, ["a;b", "c"]);
}
