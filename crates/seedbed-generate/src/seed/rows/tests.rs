//! Tests of the readers of CSV and JSON files.

use rstest::rstest;
use test_support::assert_snapshot;

use super::*;

/// Returns a type of PostgreSQL by its name.
fn data_type(sql: &str) -> DataType {
    let element = sql.strip_suffix("[]");
    let is_array = element.is_some();
    DataType { is_array, ..DataType::builtin(element.unwrap_or(sql)) }
}

fn csv(text: &str) -> Cell {
    Cell::Csv(text.to_owned())
}

fn json(text: &str) -> Cell {
    Rows::from_json(&format!("[{{\"a\": {text}}}]")).unwrap().rows[0].cells[0].clone()
}

#[test]
fn csv_cells_keep_their_text_and_line_number() {
    let rows =
        Rows::from_csv("\u{feff}a,b\r\n1,\r\n\"\",\"x,\n\"\"y\"\"\"\r\n\r\n\n ,é\r3,4").unwrap();
    assert_eq!(rows.columns, ["a", "b"]);
    let expected = [
        (2, [csv("1"), Cell::Null]),
        (3, [csv(""), csv("x,\n\"y\"")]),
        (7, [csv(" "), csv("é")]),
        (8, [csv("3"), csv("4")]),
    ];
    let expected = expected.map(|(line, cells)| InputRow { line, cells: cells.to_vec() });
    assert_eq!(rows.rows, expected);
}

#[test]
fn json_rows_keep_their_line_number_and_the_column_order_of_the_first_row() {
    let rows = Rows::from_json(
        "\u{feff}[{\"a\": 1, \"b\": null},\n\n {\"b\": \"x\\ny\",\n \"a\": null}\n]",
    )
    .unwrap();
    assert_eq!(rows.columns, ["a", "b"]);
    let string = Cell::String("x\ny".to_owned());
    let expected = [(1, [Cell::Json("1".to_owned()), Cell::Null]), (3, [Cell::Null, string])];
    let expected = expected.map(|(line, cells)| InputRow { line, cells: cells.to_vec() });
    assert_eq!(rows.rows, expected);
}

#[rstest]
#[case("numeric", "12345678901234567890.12345678901234567890")]
#[case("numeric", "1.50")]
#[case("bigint", "9223372036854775807")]
#[case("text", "true")]
#[case("jsonb", "{\"a\":1.00000000000000000001}")]
fn json_numbers_and_objects_keep_their_text(#[case] sql_type: &str, #[case] text: &str) {
    assert_eq!(json(text).text(&data_type(sql_type)).unwrap().unwrap(), text);
}

#[rstest]
// A JSON string stays JSON in a jsonb column, and is plain text in others. A CSV cell in a jsonb
// column is JSON.
#[case(json(r#""5""#), "jsonb", r#""5""#)]
#[case(json(r#""a\"\u0041""#), "json", r#""a\"A""#)]
#[case(json(r#""a\"\u0041""#), "text", "a\"A")]
#[case(csv("5"), "jsonb", "5")]
#[case(json("{ \"a b\" : [ 1 ,\n\"x \\\" y\" ] }"), "jsonb", r#"{"a b":[1,"x \" y"]}"#)]
// A list is an array in a column of arrays.
#[case(
    json(r#"["a", "b, c", "", null, "NULL", "q\"\\"]"#),
    "text[]",
    r#"{a,"b, c","",NULL,"NULL","q\"\\"}"#
)]
#[case(json("[1, -2.50, true]"), "numeric[]", "{1,-2.50,true}")]
#[case(json("[[1, 2], [3, 4]]"), "integer[]", "{{1,2},{3,4}}")]
#[case(json("[]"), "character varying(3)[]", "{}")]
#[case(json(r#"[{"a": 1}, [2], "x"]"#), "jsonb[]", r#"{"{\"a\":1}","[2]","\"x\""}"#)]
#[case(json("[1]"), "jsonb", "[1]")]
#[case(csv("{a,b}"), "text[]", "{a,b}")]
fn a_cell_is_converted_to_the_type_of_its_column(
    #[case] cell: Cell,
    #[case] sql_type: &str,
    #[case] text: &str,
) {
    assert_eq!(cell.text(&data_type(sql_type)).unwrap().unwrap(), text);
}

#[test]
fn a_json_list_is_refused_for_a_text_column() {
    assert!(json("[1]").text(&data_type("text")).is_err());
    assert!(json(r#"["a\u0000"]"#).text(&data_type("text[]")).is_err());
}

#[test]
fn malformed_csv_is_refused() {
    let texts = [
        "",
        "\u{feff}\n",
        "a,b\n1",
        "a\n\"b\nc\"\n\"d",
        "a\n\"b\"c",
        "a\n\"b\" ",
        "a\nb\"c\"",
        "a,a\nb,c",
        "a,,b\nb,c,d",
        "a;b\nb;c",
        "a,b\nx,y\n1,b\0c",
    ];
    let report = texts.map(|text| format!("{text:?}\n  {}", Rows::from_csv(text).unwrap_err()));
    assert_snapshot!("malformed_csv", report.join("\n"));
}

#[test]
fn malformed_json_is_refused() {
    let texts = [
        "",
        "{}",
        "[1]",
        "[{\"a\": 1},\n[]]",
        "[{\"a\": 1},\n{\"a\": 1, \"b\": 2, \"a\": 3}]",
        "[{\"a\": 1},\n{\"a\": 2, \"b\": 3, \"c\": 4},\n{\"b\": null, \"c\": 5}]",
        "[{\"a\": 1},\n]",
        "[{\"a\": 01}]",
        "[{\"a\": \"b\\u0000\"}]",
        "[{\"a\": \"\\ud83d\"}]",
    ];
    let report = texts.map(|text| format!("{text:?}\n  {}", Rows::from_json(text).unwrap_err()));
    assert_snapshot!("malformed_json", report.join("\n"));
}
