//! Tests values that a column refuses or changes.

use test_support::assert_snapshot;

use crate::seed::{refusals, seed};
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
    let cases = [
        "code,price\na,1.234",
        "code,two\na,abc",
        "code,three\na,abcd",
        "code,bits\na,1011",
        "code,short\na,abcd",
        "code,codes\na,{abc}",
    ];
    assert_snapshot!("changed_values", refusals(&checkout, "things", &cases));
}

#[test]
fn a_value_that_a_column_refuses_is_reported_with_its_line() {
    let checkout = with_database(THINGS);
    let cases = [
        "code,mood\na,sad\nb,it's ok\nc,happy\n",
        "code,positive\na,0",
        "code,tags\na,b",
        "code,at\na,b",
        "code,day\na,31.3.2025",
        "code,price,sold,ref,day\na,\"\",,,\nb,,,,\"\"",
        "code,sold\na,\"\"",
        "code,ref\na,\"\"",
        "code,data\na,text",
        r#"[{"code": "a", "data": "\u0000"}]"#,
        r#"[{"code": "a", "data": {"b": "\u0000"}}]"#,
        r#"[{"code": [1]}]"#,
    ];
    assert_snapshot!("refused_values", refusals(&checkout, "things", &cases));
}

#[test]
fn a_value_that_the_type_name_truncates_is_reported_with_its_line() {
    let checkout = with_database(
        "CREATE DOMAIN grantee AS name; CREATE TABLE grants (id uuid PRIMARY KEY,
            code text NOT NULL UNIQUE, role name, grantee grantee, roles name[])",
    );
    let (fits, long) = ("é".repeat(31), "é".repeat(32));
    let cases = [
        ("role", fits.clone(), long.clone()),
        ("grantee", fits.clone(), long.clone()),
        ("roles", format!("{{{fits}}}"), format!("{{{long}}}")),
    ];
    let mut errors = Vec::new();
    for (column, fits, long) in &cases {
        let rows = format!("code,{column}\na,{fits}\nb,\nc,{long}");
        errors.push(refusals(&checkout, "grants", &[&rows]));
        seed(&checkout, "grants", "rows.csv", &format!("code,{column}\na,{fits}\nb,")).unwrap();
    }
    assert_snapshot!("truncated_names", errors.join("\n"));
}
