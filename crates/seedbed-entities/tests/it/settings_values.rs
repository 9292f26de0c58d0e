//! Tests of values that the driver would change, and of entities whose types the settings choose.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sea_orm::entity::prelude::*;
use sea_orm::{DbBackend, IntoActiveModel as _, QuerySelect as _, Set, Statement, TryGetable};
use seedbed_testdb::TestDatabase;

use crate::settings::enums::{BookingKind, Mood};
use crate::settings::{booking, counted, feeling, open_booking, shop};
use crate::support::schema;

async fn database() -> TestDatabase {
    let database = TestDatabase::empty().await;
    schema(&database, include_str!("settings.sql")).await;
    database
}

fn booking() -> booking::ActiveModel {
    booking::ActiveModel {
        mood: Set(Mood::Glad),
        amount: Set(1),
        more: Set(2),
        ..Default::default()
    }
}

#[tokio::test]
async fn an_infinite_date_is_read_and_written_as_text() {
    let database = database().await;
    let db = database.connection();
    let since = Some("-infinity".to_owned());
    let row = booking::ActiveModel { since: Set(since.clone()), ..booking() };
    let row = row.insert(db).await.expect("the row can be written");
    assert_eq!(row.until, "infinity");
    assert_eq!(row.since, since);
    let found = booking::Entity::find().filter(booking::Column::Until.eq("infinity"));
    assert_eq!(found.one(db).await.expect("the row can be read"), Some(row));
}

/// The outcome of reading a value.
#[derive(Debug, PartialEq)]
enum Outcome {
    Read,
    Failed,
    Panicked,
}

async fn read<T: TryGetable>(db: &DatabaseConnection, value: &str) -> Outcome {
    let sql = Statement::from_string(DbBackend::Postgres, format!("SELECT {value} AS value"));
    let row = db.query_one_raw(sql).await.expect("valid SQL").expect("there is a row");
    match catch_unwind(AssertUnwindSafe(|| row.try_get::<T>("", "value"))) {
        Ok(Ok(_)) => Outcome::Read,
        Ok(Err(_)) => Outcome::Failed,
        Err(_) => Outcome::Panicked,
    }
}

/// The guide says so. When the driver returns an error instead of a panic, no column has to be text.
#[tokio::test]
async fn the_driver_panics_on_an_infinite_date_and_fails_on_an_infinite_number() {
    let database = TestDatabase::empty().await;
    let db = database.connection();
    for value in ["infinity", "-infinity", "262143-01-01"] {
        assert_eq!(read::<Date>(db, &format!("date '{value}'")).await, Outcome::Panicked);
        let moment = format!("timestamptz '{value}'");
        assert_eq!(read::<DateTimeWithTimeZone>(db, &moment).await, Outcome::Panicked);
        assert_eq!(read::<DateTime>(db, &format!("timestamp '{value}'")).await, Outcome::Panicked);
    }
    assert_eq!(read::<Vec<Date>>(db, "ARRAY['infinity'::date]").await, Outcome::Panicked);
    assert_eq!(read::<Date>(db, "date '262142-12-31'").await, Outcome::Read);
    assert_eq!(read::<Date>(db, "date '4713-01-01 BC'").await, Outcome::Read);
    for value in ["NaN", "Infinity", "-Infinity"] {
        assert_eq!(read::<Decimal>(db, &format!("numeric '{value}'")).await, Outcome::Failed);
        assert_eq!(read::<f64>(db, &format!("double precision '{value}'")).await, Outcome::Read);
    }
}

#[tokio::test]
async fn the_time_24_00_is_kept_as_text() {
    let database = database().await;
    let db = database.connection();
    let midnight = || "24:00:00".to_owned();
    let row = shop::ActiveModel {
        opens: Set(midnight()),
        closes: Set(Some(midnight())),
        closings: Set(Some(vec![midnight(), "03:04:05.678".to_owned()])),
        by_domain: Set(Some(midnight())),
        rests: Set(Time::from_hms_opt(12, 30, 0)),
        ..Default::default()
    };
    let row = row.insert(db).await.expect("the row can be written");
    assert_eq!(row.opens, midnight());
    assert_eq!(row.closes, Some(midnight()));
    assert_eq!(row.closings, Some(vec![midnight(), "03:04:05.678".to_owned()]));
    assert_eq!(row.by_domain, Some(midnight()));
    assert_eq!(row.rests, Time::from_hms_opt(12, 30, 0));
    let same = "opens = '24:00' AND closes = '24:00' AND closings[1] = '24:00'";
    let same = db.query_one_raw(Statement::from_string(
        DbBackend::Postgres,
        format!("SELECT count(*) AS n FROM shops WHERE {same}"),
    ));
    let count = same.await.expect("the statement is SQL").expect("a count has a row");
    assert_eq!(count.try_get::<i64>("", "n").expect("a count is a number"), 1);
}

#[tokio::test]
async fn a_domain_over_an_array_and_an_array_of_that_domain_are_read() {
    let database = database().await;
    let db = database.connection();
    let row = shop::ActiveModel {
        opens: Set("08:00:00".to_owned()),
        times: Set(Some(vec![8, 18])),
        weeks: Set(Some(r#"{"{8,18}","{9,12}"}"#.to_owned())),
        ..Default::default()
    };
    let row = row.insert(db).await.expect("the row can be written");
    assert_eq!(row.times, Some(vec![8, 18]));
    assert_eq!(row.weeks.as_deref(), Some(r#"{"{8,18}","{9,12}"}"#));
    let again = shop::Entity::find_by_id(row.id).one(db).await.expect("the row can be read");
    assert_eq!(again, Some(row));
}

#[tokio::test]
async fn a_domain_that_is_not_null_is_not_optional() {
    let database = database().await;
    let db = database.connection();
    let row = booking().insert(db).await.expect("the row can be written");
    let (amount, more): (i32, i32) = (row.amount, row.more);
    assert_eq!((amount, more), (1, 2));
}

#[tokio::test]
async fn numbers_in_json_keep_their_digits_as_text() {
    let database = database().await;
    let db = database.connection();
    let numbers = r#"{"n": 123456789012345678901234567890, "p": 0.10000000000000000000001}"#;
    let row = booking::ActiveModel { extra: Set(Some(numbers.to_owned())), ..booking() };
    let row = row.insert(db).await.expect("the row can be written");
    assert_eq!(row.extra.as_deref(), Some(numbers));
}

#[tokio::test]
async fn an_enum_with_a_variant_for_other_labels_reads_those_that_are_added_later() {
    let database = database().await;
    let db = database.connection();
    // The value is added in a separate transaction, before the label is used.
    db.execute_unprepared("ALTER TYPE mood ADD VALUE 'new'").await.expect("the label is new");
    let unknown = Mood::OtherLabel("new".to_owned());
    let moods = vec![Mood::SoSo, unknown.clone()];
    let row = booking::ActiveModel {
        mood: Set(unknown.clone()),
        moods: Set(Some(moods.clone())),
        ..booking()
    };
    let row = row.insert(db).await.expect("the row can be written");
    assert_eq!((&row.mood, &row.moods), (&unknown, &Some(moods)));
    let found = booking::Entity::find().filter(booking::Column::Mood.eq(unknown.clone()));
    assert_eq!(found.count(db).await.expect("the rows can be counted"), 1);

    let feeling = feeling::Model { mood: unknown.clone() };
    feeling.clone().into_active_model().insert(db).await.expect("the row can be written");
    let found = feeling::Entity::find_by_id(unknown).one(db).await.expect("the row can be read");
    assert_eq!(found, Some(feeling));
}

#[tokio::test]
async fn rows_and_enums_are_written_as_json_with_the_labels_of_the_database() {
    let database = database().await;
    let row = booking().insert(database.connection()).await.expect("the row can be written");
    let json = serde_json::to_value(&row).expect("the row can be serialized");
    assert_eq!(json["kind"], "plan");
    assert_eq!(json["mood"], "glad");
    assert_eq!(serde_json::from_value::<booking::Model>(json).expect("a row"), row);
    let unknown: Mood = serde_json::from_str("\"new\"").expect("any text is a mood");
    assert_eq!(unknown, Mood::OtherLabel("new".to_owned()));
}

#[tokio::test]
async fn a_view_can_be_read_and_not_written() {
    let database = database().await;
    let db = database.connection();
    let row = booking().insert(db).await.expect("the row can be written");
    let view = open_booking::Entity::find_by_id(row.id).select_only();
    let view = view.column(open_booking::Column::Amount).into_tuple::<i32>();
    let amount = view.one(db).await.expect("the view can be read");
    assert_eq!(amount, Some(1));
    db.execute_unprepared("REFRESH MATERIALIZED VIEW counted")
        .await
        .expect("the view can be refreshed");
    let count = counted::Entity::find_by_id(BookingKind::Plan).one(db).await;
    let count = count.expect("the view can be read").expect("there is one booking");
    assert_eq!(count.bookings, Some(1));

    let refused = |error: DbErr| error.to_string().contains("`counted` is a view");
    let deleted = count.clone().delete(db).await;
    assert!(refused(deleted.expect_err("the entity of a view is read-only")));
    let inserted = count.into_active_model().insert(db).await;
    assert!(refused(inserted.expect_err("the entity of a view is read-only")));
}
