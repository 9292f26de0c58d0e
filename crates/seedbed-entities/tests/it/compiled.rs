//! Tests of the compiled entities: they match their schema, and they read and write rows.

use sea_orm::entity::prelude::*;
use sea_orm::{DbBackend, IntoActiveModel as _, Iterable as _, Schema, Set, Statement};
use seedbed_entities::{CheckError, CompiledEntities, check};
use seedbed_testdb::TestDatabase;

use crate::support::catalog;
use crate::{nasty, odd, types};

/// Returns the compiled entities of a module.
macro_rules! compiled {
    ($entities:ident) => {{
        let schema = Schema::new(DbBackend::Postgres);
        CompiledEntities {
            tables: $entities::all_tables(&schema),
            indexes: $entities::all_indexes(&schema),
            enums: $entities::all_enums(),
            fields: $entities::all_fields(),
        }
    }};
}

async fn assert_same(sql: &str, compiled: CompiledEntities) {
    let (migrated, empty) = (TestDatabase::empty().await, TestDatabase::empty().await);
    let checked = check(&catalog(&migrated, sql).await, empty.connection(), &compiled).await;
    assert!(checked.is_ok(), "{}", checked.expect_err("it is not ok"));
}

#[tokio::test]
async fn the_entities_of_an_odd_schema_match_it() {
    assert_same(include_str!("odd.sql"), compiled!(odd)).await;
}

#[tokio::test]
async fn the_entities_of_a_nasty_schema_match_it() {
    assert_same(include_str!("nasty.sql"), compiled!(nasty)).await;
}

#[tokio::test]
async fn the_entities_with_every_type_match_their_schema() {
    assert_same(include_str!("types.sql"), compiled!(types)).await;
}

async fn differences(sql: &str, compiled: CompiledEntities) -> Vec<String> {
    let (migrated, empty) = (TestDatabase::empty().await, TestDatabase::empty().await);
    match check(&catalog(&migrated, sql).await, empty.connection(), &compiled).await {
        Err(CheckError::Differences(found)) => found.iter().map(ToString::to_string).collect(),
        checked => panic!("{checked:?}"),
    }
}

#[tokio::test]
async fn a_hand_written_entity_is_compared_too() {
    let change =
        "ALTER TABLE logs ALTER line TYPE varchar(9), DROP CONSTRAINT logs_person_id_fkey;";
    let found = differences(&format!("{}{change}", include_str!("odd.sql")), compiled!(odd)).await;
    let expected = [
        "foreign key (person_id) of logs to people (id): exists in the entity, missing in the migrations",
        "logs.line: character varying(9) NOT NULL in the migrations, text NOT NULL in the entity",
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn similar_types_are_reported_as_different() {
    let change = "
        ALTER TABLE kinds ALTER a_price TYPE numeric(10,3), ALTER a_citext TYPE text,
            ALTER a_domain TYPE numeric(10,2), ALTER a_inet TYPE cidr, ALTER a_rough_time TYPE time(3);
        ALTER TABLE lists ALTER some_text TYPE varchar[], ALTER some_mood TYPE text[];
        ALTER TYPE extra.mood ADD VALUE 'silent';
        ALTER TYPE \"Size\" RENAME VALUE 's' TO 'm';";
    let sql = format!("{}{change}", include_str!("types.sql"));
    let found = differences(&sql, compiled!(types)).await;
    let expected = [
        "kinds.a_citext: text NULL in the migrations, citext NULL in the entity",
        "kinds.a_domain: numeric(10,2) NULL in the migrations, price NULL in the entity",
        "kinds.a_inet: cidr NULL in the migrations, inet NULL in the entity",
        "kinds.a_price: numeric(10,3) NULL in the migrations, numeric(10,2) NULL in the entity",
        "kinds.a_rough_time: time(3) without time zone NULL in the migrations, \
         time(0) without time zone NULL in the entity",
        "lists.some_mood: text[] NULL in the migrations, mood[] NULL in the entity",
        "lists.some_text: character varying[] NULL in the migrations, text[] NULL in the entity",
        "enum \"Size\": m, XL in the migrations, s, XL in the entity",
        "enum extra.mood: loud, quiet, silent in the migrations, loud, quiet in the entity",
    ];
    assert_eq!(found, expected);
}

/// An entity whose declarations match the columns, but whose Rust types do not.
mod wrong {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "kinds")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        #[sea_orm(column_type = "SmallInteger")]
        pub a_smallint: Option<i64>,
        #[sea_orm(column_type = "Integer", nullable)]
        pub a_integer: i32,
        #[sea_orm(column_type = "Decimal(None)")]
        pub a_numeric: Option<f64>,
        #[sea_orm(column_type = "Text")]
        pub a_text: Option<Vec<u8>>,
        #[sea_orm(column_type = "custom(\"mood\")")]
        pub a_mood: Option<i32>,
        #[sea_orm(column_type = "custom(\"citext\")", select_as = "bytea", save_as = "citext")]
        pub a_citext: Option<String>,
        // A user may choose this type.
        #[sea_orm(column_type = "custom(\"interval\")", select_as = "text", save_as = "interval")]
        pub a_interval: Option<String>,
        #[sea_orm(column_type = "BigInteger")]
        pub a_bigint: Option<Number>,
        #[sea_orm(column_type = "JsonBinary")]
        pub a_jsonb: Option<Extra>,
        #[sea_orm(column_type = "TimestampWithTimeZone")]
        pub a_timestamptz: Option<DateTimeUtc>,
        #[sea_orm(column_type = "custom(\"money\")", select_as = "text", save_as = "money")]
        pub a_money: Option<String>,
    }

    #[derive(Clone, Debug, PartialEq, Eq, DeriveValueType)]
    pub struct Number(i64);

    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Extra;

    impl From<Extra> for sea_orm::Value {
        fn from(_: Extra) -> Self {
            Json::Null.into()
        }
    }

    impl sea_orm::TryGetable for Extra {
        fn try_get_by<I: sea_orm::ColIdx>(
            _: &QueryResult,
            _: I,
        ) -> Result<Self, sea_orm::TryGetError> {
            Ok(Self)
        }
    }

    impl sea_orm::sea_query::Nullable for Extra {
        fn null() -> sea_orm::Value {
            sea_orm::Value::Json(None)
        }
    }

    impl sea_orm::sea_query::ValueType for Extra {
        fn try_from(value: sea_orm::Value) -> Result<Self, sea_orm::sea_query::ValueTypeErr> {
            match value {
                sea_orm::Value::Json(Some(_)) => Ok(Self),
                _ => Err(sea_orm::sea_query::ValueTypeErr),
            }
        }
        fn type_name() -> String {
            "Extra".to_owned()
        }
        fn array_type() -> sea_orm::sea_query::ArrayType {
            sea_orm::sea_query::ArrayType::Json
        }
        fn column_type() -> ColumnType {
            ColumnType::JsonBinary
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

#[tokio::test]
async fn a_field_that_cannot_hold_its_column_is_reported() {
    let mut compiled = compiled!(types);
    compiled.fields = types::fields(wrong::Entity);
    let found = differences(include_str!("types.sql"), compiled).await;
    let expected = [
        "kinds.a_smallint in Rust: Option<i16> in the migrations, Option<i64> in the entity",
        "kinds.a_integer in Rust: Option<i32> in the migrations, i32 in the entity",
        "kinds.a_numeric in Rust: Option<Decimal> in the migrations, Option<f64> in the entity",
        "kinds.a_text in Rust: Option<String> in the migrations, Option<Vec<u8>> in the entity",
        "kinds.a_mood in Rust: Option<String> in the migrations, Option<i32> in the entity",
        "kinds.a_citext in Rust: Option<Vec<u8>> in the migrations, Option<String> in the entity",
    ];
    assert_eq!(found, expected);
}

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

/// Reads the row, inserts a copy, and asserts that nothing was lost.
macro_rules! assert_round_trip {
    ($db:expr, $entity:ident, $row:expr) => {{
        use types::$entity::{Column, Entity};
        $db.execute_unprepared($row).await.expect("it is SQL");
        let read = Entity::find().one($db).await.expect("it can be read").expect("it is there");
        let mut copy = read.clone().into_active_model().reset_all();
        let id = Uuid::from_u128(1);
        copy.id = Set(id);
        let inserted = copy.insert($db).await.expect("it can be written");
        let again = Entity::find_by_id(id).one($db).await.expect("it can be read");
        assert_eq!(again.as_ref(), Some(&inserted));
        assert_eq!(types::$entity::Model { id: read.id, ..inserted }, read);
        // The server also compares all columns of both rows as text.
        let table = Entity.table_name();
        let same = format!(
            "SELECT count(DISTINCT (SELECT array_agg(v.key || v.value ORDER BY v.key) \
             FROM jsonb_each_text(to_jsonb(t) - 'id') v)) AS n FROM {table} t"
        );
        let row = $db.query_one_raw(Statement::from_string(DbBackend::Postgres, same)).await;
        let row = row.expect("it is SQL").expect("count has a row");
        assert_eq!(row.try_get::<i64>("", "n").expect("it is a number"), 1);
        let nothing = format!("INSERT INTO {table} (id) VALUES ('{}')", Uuid::max());
        $db.execute_unprepared(&nothing).await.expect("it is SQL");
        let nothing = Entity::find_by_id(Uuid::max()).one($db).await.expect("it can be read");
        let nothing = nothing.expect("it is there").into_active_model();
        for column in Column::iter().skip(1) {
            let value = nothing.get(column).into_value().expect("it was read");
            assert_eq!(value, value.as_null(), "{column:?}");
        }
        read
    }};
}

#[tokio::test]
async fn values_of_every_type_round_trip() {
    let database = TestDatabase::empty().await;
    catalog(&database, include_str!("types.sql")).await;
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
    catalog(&database, include_str!("types.sql")).await;
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
    catalog(&database, include_str!("types.sql")).await;
    let db = database.connection();

    let network: IpNetwork = "10.0.0.0/8".parse().expect("it is one");
    let row = lookup::ActiveModel {
        address: Set("Ada@Example.com".to_owned()),
        network: Set(network),
        ..Default::default()
    };
    let row = row.insert(db).await.expect("it can be written");
    assert_eq!(row.weight, Decimal::new(15, 1));
    let found = lookup::Entity::find_by_id("ada@example.com").one(db).await.expect("it is asked");
    assert_eq!(found, Some(row));

    let key = (Decimal::new(1050, 2), "[2025-01-02,2025-01-03)".to_owned());
    let row = span::Model { price: key.0, valid: key.1.clone(), mood: ExtraMood::Loud };
    row.clone().into_active_model().insert(db).await.expect("it can be written");
    let loud = span::Entity::find_by_id(key).filter(span::Column::Mood.eq(ExtraMood::Loud));
    assert_eq!(loud.one(db).await.expect("it is asked"), Some(row));
}

#[tokio::test]
async fn bits_of_another_length_are_rejected_and_not_truncated() {
    let database = TestDatabase::empty().await;
    catalog(&database, include_str!("types.sql")).await;
    let row =
        types::kind::ActiveModel { a_bit: Set(Some("1011".to_owned())), ..Default::default() };
    let refused = row.insert(database.connection()).await.expect_err("there are three");
    assert!(refused.to_string().contains("bit"), "{refused}");
}
