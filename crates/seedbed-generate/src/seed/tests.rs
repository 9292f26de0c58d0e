//! Tests of generated seeds, and of rows that do not fit.

use std::collections::BTreeSet;

use seedbed_schema::model::ConstraintKind;
use test_support::assert_snapshot;

use super::*;
use crate::test_schema::{self, add_constraint, column, enum_column, required, with_default};

/// Returns a schema with a table that has a unique constraint on the given column.
fn schema(unique: &str) -> DatabaseSchema {
    with_columns(unique, &[])
}

/// Returns the same schema with more columns of type `text`.
fn with_columns(unique: &str, more: &[String]) -> DatabaseSchema {
    let moment = required(column("created_at", "timestamp with time zone"));
    let columns = [
        with_default(required(column("id", "uuid")), "uuid_generate_v4()"),
        required(column("name", "character varying")),
        required(enum_column("type", "kind")),
        column("stock", "integer"),
        with_default(moment, "now()"),
        with_default(required(column("size", "integer")), "7"),
    ];
    let more = more.iter().map(|name| column(name, "text"));
    let mut table = test_schema::table("products", columns.into_iter().chain(more));
    add_constraint(&mut table, "key", ConstraintKind::Unique, &[unique], "");
    test_schema::schema([table])
}

fn generate(unique: &str, rows: Option<&str>) -> Result<String, SeedError> {
    generate_named(("create_default_products", None), unique, rows)
}

/// Returns the text of the seed with the given slug and environment.
fn generate_named(
    (slug, environment): (&str, Option<&str>),
    unique: &str,
    rows: Option<&str>,
) -> Result<String, SeedError> {
    let rows = rows.map(Rows::from_csv).transpose()?;
    let request = SeedRequest {
        slug,
        environment,
        table: &TableName::new("product"),
        rows: rows.as_ref(),
        schema: &schema(unique),
    };
    Ok(Seed::plan(&request)?.file().text)
}

#[test]
fn rows_are_typed_and_have_stable_ids() {
    let text =
        generate("name", Some("name,type,stock\nStarter,plan,3\n\"Pro, \"\"big\"\"\",plan,\n"))
            .unwrap();
    assert!(text.contains("r#type: &'static str, stock: Option<i32> }"), "{text}");
    assert!(text.contains(r#"name: "Starter", r#type: "plan", stock: Some(3) }"#), "{text}");
    assert!(text.contains(r##"name: r#"Pro, "big""#, r#type: "plan", stock: None }"##), "{text}");
    assert!(
        text.contains(r#"OnConflict::columns(["name"]).update_columns(["type", "stock"])"#),
        "{text}"
    );
    assert!(text.contains(r#"Expr::val(row.r#type).cast_as("kind")"#), "{text}");
    let again = generate("name", Some("stock,type,name\n,plan,Starter\n")).unwrap();
    assert_eq!(first_id(&text), first_id(&again));
}

fn first_id(text: &str) -> &str {
    &text.split(" id: \"").nth(1).unwrap()[..36]
}

#[test]
fn the_same_key_has_another_id_in_another_seed_or_environment() {
    let rows = Some("name,type\nStarter,plan\n");
    let seeds = [
        ("create_products", None),
        ("create_more_products", None),
        ("create_products", Some("development")),
        ("create_products", Some("production")),
    ];
    let ids = seeds.map(|seed| first_id(&generate_named(seed, "name", rows).unwrap()).to_owned());
    assert_snapshot!("ids_of_the_same_key", ids.join("\n"));
    assert_eq!(BTreeSet::from(ids).len(), seeds.len());
}

#[test]
fn a_seed_without_rows_has_a_placeholder_and_fails() {
    let text = generate("name", None).unwrap();
    assert!(text.contains("schema.not_written(file!())?;"), "{text}");
    assert!(text.contains(r#"name: "", r#type: "", stock: None }"#), "{text}");
}

#[test]
fn rows_that_do_not_fit_are_refused_with_a_hint() {
    // Each case is the unique column of the table, and a CSV file.
    let cases = [
        ("name", "name\nA"),
        ("name", "stock\n1"),
        ("name", "name,typ\nA,b"),
        ("name", "name,type,created_at\nA,b,c"),
        ("stock", "name,type,stock\nA,b,1"),
        ("id", "name,type\nA,b"),
        ("size", "name,type\nA,b"),
        ("name", "name,type,stock\nA,b,many\nB,b,1.0"),
        ("name", "name,type,stock\nA,b,\"\""),
        ("name", "name,type\nA,b\n,b"),
        ("name", "name,type,size\nA,b,"),
        ("name", "name,type\nA,b\n\nA,c"),
        (
            "name",
            "name,type,id\nA,b,ca70efb3-c892-4429-964c-e017a9a7c24a\nB,c,CA70EFB3-C892-4429-964C-E017A9A7C24A",
        ),
        (
            "name",
            "name,type,stock\nA,b,\"1234567890\n2234567890323456789042345678905234567890623456789\n0\"",
        ),
        ("name", "name,type,id\nA,b,7"),
        ("name", "name,type\n"),
        ("name", "name,type\nA"),
    ];
    let report = cases.map(|(unique, rows)| {
        let error = generate(unique, Some(rows)).unwrap_err();
        format!("{error}\n  hint: {}", error.hint())
    });
    assert_snapshot!("rows_that_do_not_fit", report.join("\n"));
}

#[test]
fn only_the_first_invalid_rows_are_listed() {
    let rows: String = (0..7).map(|_| "\nA,b,many").collect();
    let error = generate("name", Some(&format!("name,type,stock{rows}"))).unwrap_err();
    assert_snapshot!("many_invalid_rows", error.to_string());
}

#[test]
fn ids_in_the_file_of_rows_are_kept() {
    let text =
        generate("name", Some("name,type,id\nA,b,CA70EFB3-C892-4429-964C-E017A9A7C24A\nB,b,\n"))
            .unwrap();
    assert!(text.contains(r#"{ id: "ca70efb3-c892-4429-964c-e017a9a7c24a", name: "A""#), "{text}");
    assert!(text.contains(
        "/// Deletes the rows by their ids, including an existing row with an id \
        of the file."
    ));
}

#[test]
fn a_field_has_the_name_of_its_column_if_rust_allows_it() {
    let columns =
        ["type", "camelCase", "ID", "self", "1st", "name", "Name", "column_9", "größe", "a__b"];
    let expected = [
        "r#type",
        "camel_case",
        "column_3",
        "column_4",
        "column_5",
        "name",
        "column_7",
        "column_9",
        "column_10",
        "a_b",
    ];
    assert_eq!(values::field_names(columns.into_iter()), expected);
}

#[test]
fn a_statement_binds_at_most_as_many_values_as_the_protocol_allows() {
    let names: Vec<String> = (0..200).map(|number| format!("wide_{number}")).collect();
    let schema = with_columns("name", &names);
    let rows = Rows::from_csv(&format!(
        "name,type{}\nA,b{}",
        names.iter().map(|name| format!(",{name}")).collect::<String>(),
        ",".repeat(200)
    ))
    .unwrap();
    let table = TableName::new("products");
    let request = SeedRequest {
        slug: "wide",
        environment: None,
        table: &table,
        rows: Some(&rows),
        schema: &schema,
    };
    let text = Seed::plan(&request).unwrap().file().text;
    assert!(text.contains("ROWS.chunks(322)"), "{text}");
}
