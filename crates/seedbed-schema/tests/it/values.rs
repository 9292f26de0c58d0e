//! Tests the properties that are read as values.

use seedbed_schema::model::{
    BaseType, ColumnValue, ConstraintKind, DataType, DependencyKind, GeneratedStorage,
    IndexKeyPart, Object, ObjectKind, PartKind, QualifiedName, ReferentialAction, TypeModifier,
    ViewKind,
};

use crate::support::TestConnection;

fn name(name: &str) -> QualifiedName {
    QualifiedName::new("public", name)
}

fn builtin(name: &str) -> DataType {
    DataType { base: BaseType::Builtin(name.to_owned()), modifier: None, is_array: false }
}

#[tokio::test]
async fn types_of_columns_are_read() {
    let mut database = TestConnection::with(
        "CREATE EXTENSION citext; CREATE TYPE mood AS ENUM ('so, so', 'it''s');
         CREATE DOMAIN hours AS integer[] NOT NULL; CREATE TYPE pair AS (a int, b mood);
         CREATE TYPE span AS RANGE (subtype = float8);
         CREATE TABLE t (a varchar(20), b char, c bpchar, d bit, e varbit(3)[], f numeric(10,2),
            g timestamptz(3)[], h interval day to second(3), i mood[], j hours, k pair, l span,
            m span_multirange, n citext, o time(0), p \"char\", q int2vector, s numeric(5))",
    )
    .await;
    let schema = database.read().await;
    let table = &schema.tables[&name("t")];
    let server = "SELECT array_agg(format_type(atttypid, atttypmod) ORDER BY attnum) FROM pg_attribute \
                  WHERE attrelid = 'public.t'::regclass AND attnum > 0";
    database.run("SET search_path = ''").await;
    let server: Vec<String> =
        sqlx::query_scalar(server).fetch_one(&mut database.connection).await.expect("the types");
    let written: Vec<String> =
        table.columns.iter().map(|column| column.data_type.to_string()).collect();
    assert_eq!(written, server);
    let types: Vec<&DataType> = table.columns.iter().map(|column| &column.data_type).collect();
    assert_eq!(types[0].modifier, Some(TypeModifier::Length(20)));
    assert_eq!(types[5].modifier, Some(TypeModifier::Digits { precision: 10, scale: 2 }));
    assert_eq!(types[8].base, BaseType::Enum(name("mood")));
    assert!(types[8].is_array);
    assert_eq!(types[9].base, BaseType::Domain(name("hours")));
    assert!(!types[9].is_array);
    assert_eq!(types[10].base, BaseType::Composite(name("pair")));
    assert_eq!(types[12].base, BaseType::Range(name("span_multirange")));
    let citext = BaseType::Extension { extension: "citext".to_owned(), name: name("citext") };
    assert_eq!(types[13].base, citext);
    assert_eq!(schema.enums[&name("mood")].labels, ["so, so", "it's"]);
    let hours = &schema.domains[&name("hours")];
    assert_eq!(hours.data_type, DataType { is_array: true, ..builtin("integer") });
    assert!(hours.not_null.is_some());
    assert_eq!(schema.composites[&name("pair")].attributes[1].name, "b");
    assert_eq!(schema.ranges[&name("span")].subtype, builtin("double precision"));
}

#[tokio::test]
async fn tables_are_read() {
    let mut database = TestConnection::with(
        "CREATE TABLE \"User\" (id bigint GENERATED ALWAYS AS IDENTITY (START 5) PRIMARY KEY,
            \"e-mail\" text NOT NULL DEFAULT 'x', n serial, twice int GENERATED ALWAYS AS (n * 2) STORED);
         CREATE TABLE post (author bigint REFERENCES \"User\" ON DELETE CASCADE, at date, t text)
            PARTITION BY RANGE (at);
         CREATE TABLE post_1 PARTITION OF post FOR VALUES FROM (MINVALUE) TO ('2025-01-01');
         CREATE UNIQUE INDEX i ON post (at DESC, lower(t) text_pattern_ops) INCLUDE (author) WHERE t <> '';
         CREATE VIEW v AS SELECT id, \"e-mail\" AS mail FROM \"User\";
         COMMENT ON COLUMN \"User\".n IS 'number'; COMMENT ON INDEX i IS 'index';
         GRANT SELECT ON v TO pg_monitor",
    )
    .await;
    let schema = database.read().await;
    let user = &schema.tables[&name("User")];
    let values: Vec<&ColumnValue> = user.columns.iter().map(|column| &column.value).collect();
    let ColumnValue::Identity(identity) = values[0] else { panic!("{:?}", values[0]) };
    assert!(identity.always);
    assert_eq!((identity.sequence.start, &identity.sequence_name), (5, &name("User_id_seq")));
    assert_eq!(*values[1], ColumnValue::Default("'x'::text".to_owned()));
    let generated = ColumnValue::Generated {
        expression: "(n * 2)".to_owned(),
        storage: GeneratedStorage::Stored,
    };
    assert_eq!(*values[3], generated);
    assert_eq!(user.column("n").and_then(|column| column.comment.as_deref()), Some("number"));
    let (key, primary) = user.primary_key().expect("a primary key");
    assert_eq!((key.as_str(), &primary.columns[..]), ("User_pkey", &["id".to_owned()][..]));
    let sequence = &schema.sequences[&name("User_n_seq")];
    assert_eq!(sequence.owned_by, Some((name("User"), "n".to_owned())));

    let post = &schema.tables[&name("post")];
    assert_eq!(post.partition_key.as_deref(), Some("RANGE (at)"));
    let key = &post.constraints["post_author_fkey"];
    let reference = key.references.as_ref().expect("a foreign key");
    assert_eq!(key.kind, ConstraintKind::ForeignKey);
    assert_eq!((&reference.table, &reference.columns[..]), (&name("User"), &["id".to_owned()][..]));
    assert_eq!(reference.on_delete, ReferentialAction::Cascade);
    let part = schema.tables[&name("post_1")].partition_of.as_ref().expect("a partition");
    assert_eq!((&part.parent, part.detach_pending), (&name("post"), false));

    let index = &post.indexes["i"];
    assert_eq!(index.keys[0].part, IndexKeyPart::Column("at".to_owned()));
    assert!(index.keys[0].descending && index.keys[0].nulls_first);
    assert_eq!(index.keys[1].part, IndexKeyPart::Expression("lower(t)".to_owned()));
    let class = index.keys[1].operator_class.as_ref().map(|class| class.name.as_str());
    assert_eq!(class, Some("text_pattern_ops"));
    assert_eq!(index.include, ["author"]);
    assert!(index.unique && index.valid && index.columns().is_none());
    assert_eq!(index.predicate.as_deref(), Some("(t <> ''::text)"));
    assert_eq!(index.comment.as_deref(), Some("index"));

    let view = &schema.views[&name("v")];
    assert_eq!(view.kind, ViewKind::Plain);
    let columns: Vec<&str> = view.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(columns, ["id", "mail"]);
    assert_eq!(view.privileges.len(), 1);
    assert_eq!(schema.read_context.search_path, ["public"]);
    assert_eq!(schema.read_context.encoding, "UTF8");
}

#[tokio::test]
async fn the_dependents_of_a_column_are_known() {
    let mut database = TestConnection::with(
        "CREATE TABLE t (a int PRIMARY KEY, b int CHECK (b > 0), c int); CREATE INDEX i ON t ((b + c));
         CREATE VIEW v AS SELECT b FROM t; CREATE TABLE u (a int REFERENCES t)",
    )
    .await;
    let schema = database.read().await;
    let table = Object::qualified(ObjectKind::Table, &name("t"));
    let dependents = |part: &Object| -> Vec<(String, DependencyKind)> {
        let dependents = schema.dependents(part);
        dependents.map(|(object, kind)| (object.to_string(), kind)).collect()
    };
    assert_eq!(
        dependents(&table.part(PartKind::Column, "b")),
        [
            ("constraint t_b_check of table public.t".to_owned(), DependencyKind::Auto),
            ("index public.i of table public.t".to_owned(), DependencyKind::Auto),
            ("view public.v".to_owned(), DependencyKind::Normal),
        ]
    );
    assert_eq!(
        dependents(&table.part(PartKind::Constraint, "t_pkey")),
        [("constraint u_a_fkey of table public.u".to_owned(), DependencyKind::Normal)]
    );
}
