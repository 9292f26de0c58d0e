//! Tests values that a column refuses or changes.

use crate::seed::{assert_refused, seed};
use crate::support::with_database;

const THINGS: &str =
    "CREATE TYPE mood AS ENUM ('sad', 'it''s ok'); CREATE DOMAIN short AS varchar(3);
    CREATE DOMAIN positive AS int CHECK (value > 0);
    CREATE TABLE things (id uuid PRIMARY KEY, code text NOT NULL UNIQUE, price numeric(10,2),
        two char(2), three varchar(3), bits bit(3), short short, positive positive, tags text[],
        data jsonb, mood mood, at timestamptz, day date, sold boolean, ref uuid, codes varchar(2)[])";

#[test]
fn a_value_that_a_column_would_change_is_reported_with_its_line() {
    let checkout = with_database(THINGS);
    assert_refused(
        &checkout,
        "things",
        &[
            (
                "code,price\na,1.234",
                "line 2: `1.234` would be stored as `1.23`, because `price` is numeric(10,2)",
                "use a value that fits, or widen the column in a migration",
            ),
            (
                "code,two\na,abc",
                "line 2: `abc` would be stored as `ab`, because `two` is character(2)",
                "",
            ),
            (
                "code,three\na,abcd",
                "line 2: `abcd` would be stored as `abc`, because `three` is ",
                "",
            ),
            (
                "code,bits\na,1011",
                "line 2: `1011` would be stored as `101`, because `bits` is bit(3)",
                "",
            ),
            (
                "code,short\na,abcd",
                "line 2: `abcd` would be stored as `abc`, because `short` is short",
                "",
            ),
            (
                "code,codes\na,{abc}",
                "line 2: `{abc}` would be stored as `{ab}`, because `codes` is ",
                "",
            ),
        ],
    );
}

#[test]
fn a_value_that_a_column_refuses_is_reported_with_its_line() {
    let checkout = with_database(THINGS);
    assert_refused(
        &checkout,
        "things",
        &[
            (
                "code,mood\na,sad\nb,it's ok\nc,happy\n",
                "line 4: `happy` is not a valid mood for `mood`",
                "use one of `sad` and `it's ok`",
            ),
            (
                "code,positive\na,0",
                "line 2: `0` is not a valid positive for `positive`",
                "the database reports: value for domain positive violates check constraint",
            ),
            (
                "code,tags\na,b",
                "line 2: `b` is not a valid text[] for `tags`",
                "write a list as `{a,b}` in a `.csv`",
            ),
            (
                "code,at\na,b",
                "line 2: `b` is not a valid timestamp with time zone for `at`",
                "write a time as ",
            ),
            (
                "code,day\na,31.3.2025",
                "line 2: `31.3.2025` is not a valid date",
                "write a day as `2025-",
            ),
            (
                "code,price,sold,ref,day\na,\"\",,,\nb,,,,\"\"",
                "line 2: an empty string is not a valid numeric(10,2) for `price`\n  line 3: an empty string is not a valid date for `day`",
                "leave the cell empty for null",
            ),
            (
                "code,sold\na,\"\"",
                "line 2: an empty string is not a valid boolean for `sold`",
                "leave the cell empty for null",
            ),
            (
                "code,ref\na,\"\"",
                "line 2: an empty string is not a valid uuid for `ref`",
                "leave the cell empty for null",
            ),
            (
                "code,data\na,text",
                "line 2: `text` is not a valid jsonb for `data`",
                "write JSON in a `.csv` file",
            ),
            (r#"[{"code": "a", "data": "\u0000"}]"#, "line 1: `data` contains a NUL character", ""),
            (r#"[{"code": "a", "data": {"b": "\u0000"}}]"#, "line 1: `{\"b\":\"\\u0000\"}` is", ""),
            (
                r#"[{"code": [1]}]"#,
                "line 1: `code`: a list or an object is not text",
                "put the value ",
            ),
        ],
    );
}

#[test]
fn a_value_that_the_type_name_truncates_is_reported_with_its_line() {
    let checkout = with_database(
        "CREATE DOMAIN grantee AS name; CREATE TABLE grants (id uuid PRIMARY KEY,
            code text NOT NULL UNIQUE, role name, grantee grantee, roles name[])",
    );
    let (fits, long) = ("é".repeat(31), "é".repeat(32));
    let cases = [
        ("role", fits.clone(), long.clone(), "name"),
        ("grantee", fits.clone(), long.clone(), "grantee"),
        ("roles", format!("{{{fits}}}"), format!("{{{long}}}"), "name[]"),
    ];
    for (column, fits, long, sql_type) in &cases {
        let rows = format!("code,{column}\na,{fits}\nb,\nc,{long}");
        let expected = format!(
            "line 4: `{long}` would be stored as `{fits}`, because `{column}` is {sql_type}\n"
        );
        assert_refused(&checkout, "grants", &[(&rows, &expected, "use a value that fits")]);
        seed(&checkout, "grants", "rows.csv", &format!("code,{column}\na,{fits}\nb,")).unwrap();
    }
}
