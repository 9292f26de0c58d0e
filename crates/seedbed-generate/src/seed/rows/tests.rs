//! What files say, and what they cannot.

use rstest::rstest;

use super::*;

fn csv(text: &str) -> Cell {
    Cell::Csv(text.to_owned())
}

fn json(text: &str) -> Cell {
    Rows::from_json(&format!("[{{\"a\": {text}}}]")).unwrap().rows[0].cells[0].clone()
}

#[test]
fn a_cell_of_csv_is_what_stands_there() {
    let rows =
        Rows::from_csv("\u{feff}a,b\r\n1,\r\n\"\",\"x,\n\"\"y\"\"\"\r\n\r\n\n ,é\r3,4").unwrap();
    assert_eq!(rows.columns, ["a", "b"]);
    let expected = [
        (2, [csv("1"), Cell::Null]),
        (3, [csv(""), csv("x,\n\"y\"")]),
        (7, [csv(" "), csv("é")]),
        (8, [csv("3"), csv("4")]),
    ];
    let expected = expected.map(|(line, cells)| Row { line, cells: cells.to_vec() });
    assert_eq!(rows.rows, expected);
}

#[test]
fn each_row_of_json_knows_its_line_and_has_its_cells_in_the_order_of_the_first() {
    let rows = Rows::from_json(
        "\u{feff}[{\"a\": 1, \"b\": null},\n\n {\"b\": \"x\\ny\",\n \"a\": null}\n]",
    )
    .unwrap();
    assert_eq!(rows.columns, ["a", "b"]);
    let string = Cell::String("x\ny".to_owned());
    let expected = [(1, [Cell::Json("1".to_owned()), Cell::Null]), (3, [Cell::Null, string])];
    let expected = expected.map(|(line, cells)| Row { line, cells: cells.to_vec() });
    assert_eq!(rows.rows, expected);
}

#[rstest]
#[case("numeric", "12345678901234567890.12345678901234567890")]
#[case("numeric", "1.50")]
#[case("bigint", "9223372036854775807")]
#[case("text", "true")]
#[case("jsonb", "{\"a\":1.00000000000000000001}")]
fn what_is_no_string_of_json_stays_as_it_was_typed(#[case] sql_type: &str, #[case] text: &str) {
    assert_eq!(json(text).text(sql_type).unwrap().unwrap(), text);
}

#[rstest]
// A string of JSON is a string in a jsonb column, and what it says elsewhere; a cell of CSV is JSON there.
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
fn a_cell_is_what_its_column_takes(#[case] cell: Cell, #[case] sql_type: &str, #[case] text: &str) {
    assert_eq!(cell.text(sql_type).unwrap().unwrap(), text);
}

#[test]
fn a_list_is_no_text() {
    assert_eq!(json("[1]").text("text"), Err("a list or an object is no text"));
    assert!(
        json(r#"["a\u0000"]"#).text("text[]").unwrap_err().starts_with("it has a NUL character")
    );
}

#[rstest]
#[case("", "it is empty")]
#[case("\u{feff}\n", "it is empty")]
#[case("a,b\n1", "line 2 has 1 cell, and the first line has 2")]
#[case("a\n\"b\nc\"\n\"d", "line 4: a quotation mark has no partner")]
#[case("a\n\"b\"c", "line 2: a quotation mark stands inside of `b`")]
#[case("a\n\"b\" ", "line 2: a quotation mark stands inside of `b`")]
#[case("a\nb\"c\"", "line 2: a quotation mark stands inside of `b`")]
#[case("a,a\nb,c", "there are two columns `a`")]
#[case("a,,b\nb,c,d", "column 2 has no name")]
#[case("a;b\nb;c", "its cells are separated by ';'")]
#[case("a,b\nx,y\n1,b\0c", "line 3: `b` has a NUL character, which no text of PostgreSQL may have")]
fn a_csv_that_says_something_else_than_was_meant_is_refused(
    #[case] text: &str,
    #[case] problem: &str,
) {
    assert_eq!(Rows::from_csv(text).unwrap_err().to_string(), problem);
}

#[rstest]
#[case("", "it is empty")]
#[case("{}", "it is no list of objects")]
#[case("[1]", "line 1: `1` is no object")]
#[case("[{\"a\": 1},\n[]]", "line 2: `[]` is no object")]
#[case("[{\"a\": 1},\n{\"a\": 1, \"b\": 2, \"a\": 3}]", "line 2: `a` is there twice")]
#[case(
    "[{\"a\": 1},\n{\"a\": 2, \"b\": 3, \"c\": 4},\n{\"b\": null, \"c\": 5}]",
    "line 1: there are no `b` and `c`, which other rows have\n  line 3: there is no `a`, which other rows have"
)]
#[case("[{\"a\": 1},\n]", "trailing comma at line 2 column 1")]
#[case("[{\"a\": 01}]", "invalid number at line 1 column 9")]
#[case(
    "[{\"a\": \"b\\u0000\"}]",
    "line 1: `a` has a NUL character, which no text of PostgreSQL may have"
)]
#[case("[{\"a\": \"\\ud83d\"}]", "line 1: `a` has half of a character, `\"\\ud83d\"`")]
fn a_json_that_says_something_else_than_was_meant_is_refused(
    #[case] text: &str,
    #[case] problem: &str,
) {
    assert_eq!(Rows::from_json(text).unwrap_err().to_string(), problem);
}
