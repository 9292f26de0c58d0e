//! Tests that the compiled entities read and write rows.

use sea_orm::entity::prelude::*;
use sea_orm::{DbBackend, IntoActiveModel as _, Iterable as _, Set, Statement};
use seedbed_testdb::TestDatabase;

use crate::support::schema;
use crate::{odd, types};

#[test]
fn a_hand_written_file_extends_its_entity() {
    let at = DateTimeWithTimeZone::default();
    let letter = odd::letter::Model { from: 1, to_id: 1, at, mood: None };
    assert!(letter.is_a_diary());
}

/// A row of `kinds` with a value in every column.
const KIND: &str = r#"INSERT INTO kinds VALUES (
    DEFAULT, -1, 2, 3, 12345678901234567890.123456, 10.50, 12345, 1.5, 2.5, 1234.56, 'v', 'vv', 'c', 't', 'n',
    'Ci', '\x0001ff', '2025-01-02 03:04:05.678901+00', '2025-01-02 03:04:05+00', '2025-01-02 03:04:05.678901',
    '2025-01-02 03:04:05.678', '2025-01-02', '03:04:05.678901', '03:04:05', '03:04:05.5+02',
    '1 year 2 days 00:00:03.5', '1 year 2 mons', true, '(1.5,2)', '{1,2,3}', '[(0,0),(1,1)]', '(2,2),(1,1)',
    '[(0,0),(1,1)]', '((0,0),(1,1),(1,0))', '<(1,2),3>', '10.0.0.0/8', '10.0.0.1', '08:00:2b:01:02:03',
    '08:00:2b:01:02:03:04:05', B'101', B'10', to_tsvector('simple', 'a b b'), 'a & b', gen_random_uuid(), '<a/>',
    '{"b": 1,  "a": [1.5]}', '{"b": 1, "a": [1.5]}', '$.a[*]', '[1,3)', '(1.5,)', '["2025-01-02 03:04:05+00",)',
    '[2025-01-02,2025-02-02)', '{[1,3),[5,7)}', '16/B374D848', 1259, 'pg_catalog.pg_class', 'x',
    'a => "b, c", d => NULL', 'Top.Science', ROW(1, 'a "b", c'), NULL, 'so so', 'XL', 'quiet', 1.25, 2, 'a@b',
    'glad', '{glad,"so so"}', 'a-slug')"#;

/// A row of `lists` with a value in every column.
const LIST: &str = r#"INSERT INTO lists VALUES (
    DEFAULT, '{-1,1}', '{2}', '{3}', '{1.5,12345678901234567890}', '{10.50}', '{1.5}', '{2.5}', '{1234.56}',
    '{a,"b, c"}', '{abc}', '{a,"",NULL_}', '{Ci}', ARRAY['\x00ff'::bytea, ''], '{2025-01-02 03:04:05+00}',
    '{2025-01-02 03:04:05.678}', '{2025-01-02}', '{03:04:05}', '{03:04:05+02}', '{1 day,01:00:00}', '{t,f}',
    '{"(1,2)"}', '{10.0.0.1}', '{10.0.0.0/8}', '{08:00:2b:01:02:03}', '{101}', ARRAY[gen_random_uuid()],
    ARRAY['{"a": 1}']::json[], ARRAY['[1]', 'null']::jsonb[], '{"[1,3)"}', ARRAY[ROW(1, 'a "b"')::pair],
    '{"so so",glad}', '{XL}', '{quiet,loud}', '{1.25}', '{a@b}', '{glad}')"#;

/// Reads the row, inserts a copy, and asserts that nothing was lost. Then it asserts the same of a row with NULL in
/// every column except `id`.
macro_rules! assert_round_trip {
    ($db:expr, $entity:ident, $row:expr) => {{
        use types::$entity::{Column, Entity};
        $db.execute_unprepared($row).await.expect("valid SQL");
        let read =
            Entity::find().one($db).await.expect("a row that can be read").expect("the row exists");
        let mut copy = read.clone().into_active_model().reset_all();
        let id = Uuid::from_u128(1);
        copy.id = Set(id);
        let inserted = copy.insert($db).await.expect("a row that can be written");
        let again = Entity::find_by_id(id).one($db).await.expect("a row that can be read");
        assert_eq!(again.as_ref(), Some(&inserted));
        assert_eq!(types::$entity::Model { id: read.id, ..inserted }, read);
        // The server also compares all columns of both rows as text.
        let table = Entity.table_name();
        let versions = format!(
            "SELECT count(DISTINCT (SELECT array_agg(v.key || v.value ORDER BY v.key) \
             FROM jsonb_each_text(to_jsonb(t) - 'id') v)) AS n FROM {table} t"
        );
        let row = $db.query_one_raw(Statement::from_string(DbBackend::Postgres, versions)).await;
        let row = row.expect("valid SQL").expect("count has a row");
        assert_eq!(row.try_get::<i64>("", "n").expect("a number"), 1);
        let insert = format!("INSERT INTO {table} (id) VALUES ('{}')", Uuid::max());
        $db.execute_unprepared(&insert).await.expect("valid SQL");
        let nulls = Entity::find_by_id(Uuid::max()).one($db).await.expect("a row that can be read");
        let nulls = nulls.expect("the row exists").into_active_model();
        for column in Column::iter().skip(1) {
            let value = nulls.get(column).into_value().expect("a value that was read");
            assert_eq!(value, value.as_null(), "{column:?}");
        }
        read
    }};
}

#[tokio::test]
async fn values_of_every_type_round_trip() {
    let database = TestDatabase::empty().await;
    schema(&database, include_str!("types.sql")).await;
    let db = database.connection();

    let kind = assert_round_trip!(db, kind, KIND);

    assert_eq!(kind.a_price.map(|price| price.to_string()).as_deref(), Some("10.50"));
    assert_eq!(kind.a_money.map(|price| price.to_string()).as_deref(), Some("1234.56"));
    assert_eq!(kind.a_interval.as_deref(), Some("1 year 2 days 00:00:03.5"));
    assert_eq!(kind.a_bit.as_deref(), Some("101"));
    assert_eq!(kind.a_inet.map(|address| address.to_string()).as_deref(), Some("10.0.0.1/32"));
    assert_eq!(kind.a_extra_mood, Some(types::enums::ExtraMood::Quiet));
    assert_eq!(kind.a_domain.map(|price| price.to_string()).as_deref(), Some("1.25"));
    assert_eq!(kind.a_domain_of_an_enum, Some(types::enums::Mood::Glad));
}

#[tokio::test]
async fn arrays_of_every_type_round_trip() {
    let database = TestDatabase::empty().await;
    schema(&database, include_str!("types.sql")).await;
    let db = database.connection();

    let list = assert_round_trip!(db, list, LIST);

    let words = ["a", "", "NULL_"].map(str::to_owned).to_vec();
    assert_eq!(list.some_text, Some(words));
    assert_eq!(list.some_bytea, Some(vec![vec![0, 255], vec![]]));
    assert_eq!(list.some_mood, Some(vec![types::enums::Mood::SoSo, types::enums::Mood::Glad]));
}

#[tokio::test]
async fn a_row_is_found_by_its_key_with_the_comparison_of_its_type() {
    use types::enums::ExtraMood;
    use types::{lookup, span};
    let database = TestDatabase::empty().await;
    schema(&database, include_str!("types.sql")).await;
    let db = database.connection();

    let network: IpNetwork = "10.0.0.0/8".parse().expect("a network");
    let row = lookup::ActiveModel {
        address: Set("Ada@Example.com".to_owned()),
        network: Set(network),
        ..Default::default()
    };
    let row = row.insert(db).await.expect("a row that can be written");
    assert_eq!(row.weight, Decimal::new(15, 1));
    let found = lookup::Entity::find_by_id("ada@example.com")
        .one(db)
        .await
        .expect("a row that can be read");
    assert_eq!(found, Some(row));

    let key = (Decimal::new(1050, 2), "[2025-01-02,2025-01-03)".to_owned());
    let row = span::Model { price: key.0, valid: key.1.clone(), mood: ExtraMood::Loud };
    row.clone().into_active_model().insert(db).await.expect("a row that can be written");
    let loud = span::Entity::find_by_id(key).filter(span::Column::Mood.eq(ExtraMood::Loud));
    assert_eq!(loud.one(db).await.expect("a row that can be read"), Some(row));
}

#[tokio::test]
async fn bits_of_another_length_are_rejected_and_not_truncated() {
    let database = TestDatabase::empty().await;
    schema(&database, include_str!("types.sql")).await;
    let row =
        types::kind::ActiveModel { a_bit: Set(Some("1011".to_owned())), ..Default::default() };
    let refused = row.insert(database.connection()).await.expect_err("the column has three bits");
    assert!(refused.to_string().contains("bit"), "{refused}");
}
