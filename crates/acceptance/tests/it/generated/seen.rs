//! Tests, on every schema with which `seedbed-schema` is tested, that the generator overlooks nothing. A generated script that
//! drops a table contains every property of the table that the schema has, so that `down` can restore it, or the generator
//! refuses to write the script. Every script that the generator writes can run, and mentions every object that it drops,
//! according to queries of this test.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use seedbed_generate::{Columns, MigrationOutcome, MigrationRequest, Operation, TableName};
use seedbed_schema::DatabaseSchema;
use seedbed_schema::model::{
    Column, ColumnValue, Firing, Object, ObjectKind, PartKind, QualifiedName, ReplicaIdentity,
    RowSecurity, Table,
};
use seedbed_testdb::TestDatabase;

use crate::generated::existing;
use crate::generated::refused::execute_dry_run;
use test_fixture::{execute, run_each, text, texts};

/// The folder of the schemas.
const SCHEMAS: &str = "../seedbed-schema/tests/it/sql_files";

/// Returns the source of the scripts, without the escapes in their strings, or `None` if the generator refuses.
async fn written(
    db: &TestDatabase,
    schema: &DatabaseSchema,
    operation: &Operation,
    fields: Option<&str>,
) -> Option<String> {
    let request = MigrationRequest {
        slug: "as_it_is",
        operation,
        fields,
        schema: Some(schema),
        extensions: &BTreeSet::new(),
    };
    let Ok(MigrationOutcome::Generated { files, dry_runs, .. }) =
        seedbed_generate::write_migration(&request)
    else {
        return None;
    };
    for dry_run in &dry_runs {
        execute_dry_run(db, dry_run).await.ok()?;
    }
    let text: String = files.into_iter().map(|file| file.text).collect();
    let text = text.replace("\\\n            ", "");
    Some(text.replace("\\\"", "\"").replace("\\\\", "\\"))
}

/// Returns the schemas, each with its name.
fn schemas() -> Vec<(String, String)> {
    let mut files: Vec<_> = fs::read_dir(SCHEMAS).unwrap().map(|one| one.unwrap().path()).collect();
    files.retain(|file| !file.to_str().unwrap().ends_with(".expected.sql"));
    files.sort();
    let name = |file: &Path| file.file_stem().unwrap().to_str().unwrap().to_owned();
    files.iter().map(|file| (name(file), fs::read_to_string(file).unwrap())).collect()
}

/// Returns a database with the schema.
async fn database(schema: &str) -> TestDatabase {
    let db = TestDatabase::empty().await;
    execute(db.connection(), schema).await;
    db
}

/// Returns the tables of the schema `public`.
async fn tables(db: &TestDatabase) -> Vec<TableName> {
    let sql = "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p') \
               AND relnamespace = 'public'::regnamespace ORDER BY 1";
    let names = texts(db.connection(), sql).await.into_iter();
    names.map(|name| TableName { input: name.clone(), plural: name }).collect()
}

/// Returns the name, quoted where SQL requires it.
async fn ident(db: &TestDatabase, name: &str) -> String {
    let sql = format!("SELECT quote_ident('{}')", name.replace('\'', "''"));
    text(db.connection(), &sql).await
}

/// Returns the properties of the table in the schema that the script does not contain.
fn missing(schema: &DatabaseSchema, table: &Table, written: &str) -> Vec<String> {
    let mut missing = Vec::new();
    let mut expect = |property: String, is_contained: bool| {
        if !is_contained {
            missing.push(property);
        }
    };
    // No script restores these properties, so the generator must refuse a table that has one.
    let is_plain = !table.unlogged
        && table.partition_key.is_none()
        && table.partition_of.is_none()
        && table.inherits.is_empty()
        && table.row_type.is_none()
        && table.access_method.is_none()
        && table.options.is_empty()
        && table.cluster_on.is_none()
        && table.replica_identity == ReplicaIdentity::Default
        && table.row_security == RowSecurity::default()
        && table.privileges.is_empty()
        && table.policies.is_empty()
        && table.rules.is_empty();
    expect("a property that only the whole table has".to_owned(), is_plain);
    let has_comment = |comment: &Option<String>| {
        comment.as_ref().is_none_or(|text| bare(written).contains(&bare(&text.replace('\'', "''"))))
    };
    expect("the comment".to_owned(), has_comment(&table.comment));
    for column in &table.columns {
        let name = &column.name;
        let Column { compression, storage, statistics, options, privileges, .. } = column;
        let is_set = compression.is_some() || storage.is_some() || statistics.is_some();
        let is_plain = !is_set && options.is_empty() && privileges.is_empty();
        expect(format!("settings of {name}"), is_plain);
        expect(format!("comment on {name}"), has_comment(&column.comment));
        let collation = column.collation.as_ref();
        expect(
            format!("collation of {name}"),
            collation.is_none_or(|one| written.contains(&one.name)),
        );
        let has_value = match &column.value {
            ColumnValue::NoDefault | ColumnValue::Default(_) => true,
            ColumnValue::Generated { .. } => written.contains("GENERATED ALWAYS AS ("),
            ColumnValue::Identity(_) => written.contains("AS IDENTITY"),
        };
        // The functions `id()`, `created_at()` and `updated_at()` write these columns.
        let is_default = ["id", "created_at", "updated_at"].contains(&name.as_str());
        expect(format!("column {name}"), has_value && (is_default || has(written, name)));
    }
    for (name, constraint) in &table.constraints {
        let is_key = constraint.definition == "PRIMARY KEY (id)" && written.contains("id()");
        expect(format!("constraint {name}"), is_key || has(written, name));
        expect(format!("comment on {name}"), has_comment(&constraint.comment));
    }
    for (name, index) in &table.indexes {
        expect(format!("index {name}"), index.valid && has(written, name));
        expect(format!("comment on {name}"), has_comment(&index.comment));
    }
    for (name, trigger) in &table.triggers {
        let can_be_restored = trigger.firing == Firing::Origin && trigger.comment.is_none();
        expect(format!("trigger {name}"), can_be_restored && has(written, name));
    }
    let object = Object::qualified(ObjectKind::Table, &table.name);
    let columns = table.columns.iter().map(|one| object.part(PartKind::Column, &one.name));
    for object in columns.chain([object.clone()]) {
        for (dependent, _) in schema.dependents(&object) {
            expect(dependent.to_string(), dependent.kind != ObjectKind::Statistics);
        }
    }
    missing
}

/// Returns the text without the escapes of Rust and without line ends.
fn bare(text: &str) -> String {
    text.replace("\\t", "").replace("\\n", "").replace(['\\', '\t', '\n'], "")
}

/// Returns whether the text contains a name as SQL or as Rust writes it.
fn has(written: &str, name: &str) -> bool {
    let plain = name.trim_matches('"').replace("\"\"", "\"");
    written.contains(name) || written.contains(&plain)
}

/// The number of operations that the generator accepted, and the faults of their scripts.
type Findings = (usize, String);

/// Runs a test on each of the schemas, each in its own database, all at the same time.
async fn in_each_schema(test: impl AsyncFn(&str, &TestDatabase) -> Findings + Sync) -> Findings {
    let one = async |(name, schema): (String, String)| test(&name, &database(&schema).await).await;
    let findings = run_each(schemas(), one).await;
    findings
        .into_iter()
        .fold((0, String::new()), |(handled, wrong), one| (handled + one.0, wrong + &one.1))
}

#[tokio::test]
async fn a_script_contains_every_part_of_a_table() {
    let (handled, wrong) = in_each_schema(names_known_objects).await;
    assert!(wrong.is_empty(), "{wrong}");
    assert!(handled > 12, "{handled}");
}

/// Finds the properties of each table in the database that the script that drops the table does not contain.
async fn names_known_objects(name: &str, db: &TestDatabase) -> Findings {
    let (mut handled, mut wrong) = (0, String::new());
    let schema = existing(db).await;
    for table in tables(db).await {
        let known = schema.tables.get(&QualifiedName::new("public", &table.input));
        let Some(known) = known else { continue };
        let drop = Operation::DropTable(table);
        let Some(written) = written(db, &schema, &drop, None).await else { continue };
        handled += 1;
        let missing = missing(&schema, known, &written);
        if !missing.is_empty() {
            wrong += &format!("\n{} of {name}: {missing:?}\n{written}", known.name);
        }
    }
    (handled, wrong)
}

/// The query for the names, and the comments, of all objects that may be dropped with a column or a table. It excludes the
/// objects that every database has, whose OIDs are below 16384.
const NAMES: &str = "
    SELECT conname::text AS name FROM pg_constraint WHERE contype <> 'n' AND conparentid = 0 AND oid >= 16384
    UNION ALL SELECT relname FROM pg_class
        WHERE relkind IN ('i', 'S', 'v', 'm') AND relname !~ '^pg_toast' AND oid >= 16384
    UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal UNION ALL SELECT polname FROM pg_policy
    UNION ALL SELECT stxname FROM pg_statistic_ext UNION ALL SELECT rulename FROM pg_rewrite WHERE oid >= 16384
    UNION ALL SELECT proname FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT description FROM pg_description WHERE objoid >= 16384";

/// Executes a statement that does the same as the script, rolls it back, and returns the objects that the statement dropped
/// and that the script does not mention.
async fn dropped_objects(db: &TestDatabase, statement: &str, written: &str) -> Vec<String> {
    let transaction = db.connection().begin().await.unwrap();
    execute(&transaction, &format!("CREATE TEMP TABLE names_before AS {NAMES}")).await;
    if let Err(error) = transaction.execute_unprepared(statement).await {
        return vec![error.to_string()];
    }
    let sql = format!("SELECT name FROM names_before EXCEPT ALL ({NAMES}) ORDER BY name");
    let mut names = texts(&transaction, &sql).await;
    transaction.rollback().await.unwrap();
    // A script does not mention the sequence of a serial or identity column, nor the key that `id()` creates.
    let is_sequence = |name: &str| {
        name.ends_with("_seq") && (written.contains("serial") || written.contains("IDENTITY"))
    };
    let is_key = |name: &str| name.ends_with("_pkey") && written.contains("id()");
    // The script writes a comment as a literal.
    let is_mentioned = |name: &str| has(&bare(written), &bare(&name.replace('\'', "''")));
    names.retain(|name| !is_mentioned(name) && !is_sequence(name) && !is_key(name));
    names
}

#[tokio::test]
async fn a_generated_drop_runs_and_names_everything_that_it_drops() {
    let (handled, wrong) = in_each_schema(names_dropped_objects).await;
    assert!(wrong.is_empty(), "{wrong}");
    assert!(handled > 100, "{handled}");
}

/// Returns the operations on a table: each with its fields, and the statement that has the same effect.
async fn operations(
    db: &TestDatabase,
    table: &TableName,
) -> Vec<(Operation, Option<String>, String)> {
    let quoted_table = ident(db, &table.input).await;
    let columns = format!(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = 'public.{}'::regclass \
         AND attnum > 0 AND NOT attisdropped",
        quoted_table.replace('\'', "''")
    );
    let mut all = vec![(
        Operation::DropTable(table.clone()),
        None,
        format!("DROP TABLE public.{quoted_table}"),
    )];
    for column in texts(db.connection(), &columns).await {
        let quoted = ident(db, &column).await;
        let alter = format!("ALTER TABLE public.{quoted_table}");
        let change = Operation::ChangeColumn(table.clone(), column.clone());
        for kind in ["text", "bigint"] {
            let alter = format!("{alter} ALTER COLUMN {quoted}");
            let to = format!("{alter} TYPE {kind} USING {quoted}::text::{kind}");
            let field = Some(format!("{column}:{kind}"));
            all.push((change.clone(), field, format!("{alter} DROP DEFAULT; {to}")));
        }
        let remove = Operation::RemoveColumns(table.clone(), Columns(vec![column]));
        all.push((remove, None, format!("{alter} DROP COLUMN {quoted}")));
    }
    all
}

/// Finds the objects that each operation on the tables of the database drops and that the script does not mention.
async fn names_dropped_objects(name: &str, db: &TestDatabase) -> Findings {
    let (mut handled, mut wrong) = (0, String::new());
    for table in tables(db).await {
        let all = operations(db, &table).await;
        let schema = existing(db).await;
        for (operation, fields, statement) in all {
            let written = written(db, &schema, &operation, fields.as_deref()).await;
            let Some(written) = written else { continue };
            handled += 1;
            let dropped = dropped_objects(db, &statement, &written).await;
            if !dropped.is_empty() {
                wrong += &format!("\n{name}: {statement}: {dropped:?}\n{written}");
            }
        }
    }
    (handled, wrong)
}
