//! Rows from files, and what does not fit.

use rstest::rstest;

use super::*;

/// A table with a natural key, or with none.
fn present(unique: &str) -> Present {
    let column = |name: &str, sql: &str, not_null: bool| {
        let default = if name == "id" { "\"uuid_generate_v4()\"" } else { "null" };
        format!(
            r#"{{"name": "{name}", "sql_type": "{sql}", "is_enum": false, "not_null": {not_null}, "default": {default},
                "generated": null, "identity": null, "serial": false, "collation": null, "comment": null, "beyond": []}}"#
        )
    };
    let columns = [
        column("id", "uuid", true),
        column("name", "character varying", true),
        column("type", "kind", true),
        column("stock", "integer", false),
        column("created_at", "timestamp with time zone", true),
    ]
    .join(", ");
    let constraint = format!(
        r#"{{"name": "key", "kind": "u", "definition": "UNIQUE ({unique})", "comment": null, "columns": ["{unique}"]}}"#
    );
    let json = format!(
        r#"{{"tables": [{{"name": "products", "comment": null, "columns": [{columns}],
            "constraints": [{constraint}], "indexes": [], "triggers": [], "needed_by": [], "beyond": []}}],
            "enums": [], "others": [{{"name": "products", "kind": "table", "key": "uuid"}}]}}"#
    );
    Present::read(&json).unwrap()
}

fn written_of(unique: &str, rows: Option<&str>) -> Result<String, SeedError> {
    let rows = rows.map(Rows::from_csv).transpose()?;
    let request = SeedRequest {
        slug: "create_default_products",
        table: &TableName::new("product"),
        rows: rows.as_ref(),
        present: &present(unique),
    };
    Ok(write_seed(&request)?.text)
}

#[test]
fn each_row_is_typed_and_has_an_id_of_its_own() {
    let text =
        written_of("name", Some("name,type,stock\nStarter,plan,3\n\"Pro, \"\"big\"\"\",plan,\n"))
            .unwrap();
    assert!(text.contains("r#type: &'static str, stock: Option<i32> }"), "{text}");
    assert!(text.contains(r#"name: "Starter", r#type: "plan", stock: Some(3) }"#), "{text}");
    assert!(text.contains(r##"name: r#"Pro, "big""#, r#type: "plan", stock: None }"##), "{text}");
    assert!(
        text.contains(r#"OnConflict::columns(["name"]).update_columns(["type", "stock"])"#),
        "{text}"
    );
    assert!(text.contains(r#"Expr::val(row.r#type).cast_as("kind")"#), "{text}");
    let again = written_of("name", Some("stock,type,name\n,plan,Starter\n")).unwrap();
    let id = |text: &str| text.split("uuid!(\"").nth(1).unwrap()[..36].to_owned();
    assert_eq!(id(&text), id(&again));
}

#[test]
fn without_rows_the_seed_fails_until_they_are_written() {
    let text = written_of("name", None).unwrap();
    assert!(text.contains("schema.not_written(file!())?;"), "{text}");
    assert!(text.contains(r#"name: "", r#type: "", stock: None }"#), "{text}");
}

#[rstest]
#[case(
    "name",
    "name\nA",
    "the rows have no `type`, and `products` needs it",
    "add a column `type`"
)]
#[case("name", "name,typ\nA,b", "`products` has no column `typ`", "did you mean `type`?")]
#[case(
    "name",
    "name,type,created_at\nA,b,c",
    "the rows have `created_at`, which the database makes in `products`",
    "take the column"
)]
#[case(
    "stock",
    "name,type,stock\nA,b,1",
    "`products` has no unique constraint or index on columns that are given and NOT NULL",
    "make create-migration name=addUniqueIndexToProductsOnName"
)]
#[case(
    "name",
    "name,type,stock\nA,b,many",
    "row 1: `many` is no integer for `stock`",
    "an empty cell is null"
)]
#[case(
    "name",
    "name,type\nA,b\n,b",
    "row 2: `null` is no character varying for `name`",
    "an empty cell is null"
)]
#[case("name", "name,type\nA,b\nA,c", "row 2: `A` is there twice as name", "leave one of them out")]
#[case("name", "name,type\n", "there are no rows", "leave rows= out")]
#[case(
    "name",
    "name,type\nA",
    "the rows cannot be read: row 1 has 1 cells, and there are 2 columns",
    "a .csv has "
)]
#[case(
    "name",
    "name,type\n\"A,b",
    "the rows cannot be read: a quotation mark has no partner",
    "a .csv has "
)]
#[case(
    "name",
    "name,name\nA,b",
    "the rows cannot be read: there are two columns `name`",
    "a .csv has "
)]
fn rows_that_do_not_fit_are_told(
    #[case] unique: &str,
    #[case] rows: &str,
    #[case] message: &str,
    #[case] hint: &str,
) {
    let error = written_of(unique, Some(rows)).unwrap_err();
    assert_eq!(error.to_string(), message);
    assert!(error.hint().starts_with(hint), "{}", error.hint());
}

#[test]
fn both_kinds_of_file_say_the_same() {
    let csv = Rows::from_csv("\u{feff}a,b\r\n1,\r\n\"\",\"x\ny\"\r\n\r\n").unwrap();
    let json = Rows::from_json(r#"[{"a": 1, "b": null}, {"a": "", "b": "x\ny"}]"#).unwrap();
    assert_eq!(csv, json);
    let error = Rows::from_json("{}").unwrap_err();
    assert!(error.to_string().starts_with("the rows cannot be read: "), "{error}");
}
