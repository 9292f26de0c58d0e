//! Tests the dry run of a generated script, before it is written.

use std::fs;

use test_support::assert_snapshot;

use crate::support::{Checkout, MIGRATIONS, fail, succeed, with_database};

fn widgets() -> Checkout {
    with_database(
        "CREATE TABLE widgets (id uuid PRIMARY KEY, name text, size integer CHECK (size > 0));
        CREATE INDEX ON widgets (lower(name))",
    )
}

fn assert_refused(checkout: &Checkout, name: &str, fields: &str, expected: &str) {
    let command = ["create-migration", name, "--fields", fields];
    let (code, error) = fail(&mut checkout.seedbed(&command));
    let expected = format!("error: PostgreSQL rejects {expected}\nhint: correct the fields; ");
    assert_eq!(code, 1);
    assert!(error.starts_with(&expected), "{error}");
    assert_eq!(fs::read_dir(checkout.path(MIGRATIONS)).unwrap().count(), 0);
}

/// Fails if the dry run has left a table, an enum type or an extension in the database.
fn assert_nothing_is_left(checkout: &Checkout) {
    let left = "SELECT (SELECT count(*) FROM pg_class WHERE relkind = 'r' AND oid >= 16384 AND relname <> 'widgets') \
        + (SELECT count(*) FROM pg_type WHERE typtype = 'e') + (SELECT count(*) FROM pg_extension WHERE extname = 'citext')";
    assert_eq!(succeed(&mut checkout.seedbed(&["db-psql", "-XAtqc", left])), "0\n");
}

#[test]
fn a_field_that_postgresql_refuses_is_not_written() {
    let checkout = widgets();
    for (field, why) in [
        ("a:date=2024-13-45", "date/time field value out of range: \"2024-13-45\""),
        ("a:smallint=99999", "smallint out of range"),
        ("a:varchar(2)=abc", "value too long for type character varying(2)"),
        (
            "a:decimal(4,2)=100",
            "numeric field overflow\n  detail: A field with precision 4, scale 2 must round to an absolute \
                value less than 10^2.",
        ),
        ("a:inet=here", "invalid input syntax for type inet: \"here\""),
        ("a:integer[]={x}", "invalid input syntax for type integer: \"x\""),
        ("a:enum(on,off)[]={dim}", "invalid input value for enum \"type of a\": \"dim\""),
        ("a:text=nothing()", "function nothing() does not exist"),
        ("a:custom(geometry)", "type \"geometry\" does not exist"),
    ] {
        let fields = format!("fine:citext=x other:date=2024-02-29 {field}");
        assert_refused(
            &checkout,
            "addMoreToWidgets",
            &fields,
            &format!("the field `{field}`: {why}"),
        );
        assert_refused(&checkout, "createGadgets", &fields, &format!("the field `{field}`: {why}"));
    }
    for (field, why) in [
        ("a:text!:fill(nobody)", "column \"nobody\" does not exist"),
        ("a:varchar(2)!:fill('abc')", "value too long for type character varying(2)"),
    ] {
        assert_refused(
            &checkout,
            "addMoreToWidgets",
            field,
            &format!("the field `{field}`: {why}"),
        );
    }
    assert_nothing_is_left(&checkout);
}

#[test]
fn the_hint_of_postgresql_follows_the_hint_of_seedbed() {
    let checkout = widgets();
    let command = ["create-migration", "addAToWidgets", "--fields", "a:text=nothing()"];
    let (_, error) = fail(&mut checkout.seedbed(&command));
    assert_snapshot!("the_hint_of_postgresql_follows_the_hint_of_seedbed", error);
}

#[test]
fn a_condition_or_a_change_that_postgresql_refuses_is_not_written() {
    let checkout = widgets();
    for (condition, why) in [
        ("sise > 0", "column \"sise\" does not exist"),
        ("size >", "syntax error at or near \")\""),
        ("order > 0", "syntax error at or near \"order\""),
        ("size", "argument of CHECK must be type boolean, not type integer"),
        ("size > (SELECT 1)", "cannot use subquery in check constraint"),
        ("size > 0 \\! touch /tmp/never", "syntax error at or near \"\\\""),
    ] {
        assert_refused(
            &checkout,
            "addCheckToWidgets",
            condition,
            &format!("the condition `{condition}`: {why}"),
        );
    }
    for (name, field, why) in [
        ("changeNameOnWidgets", "name:bytea", "function lower(bytea) does not exist"),
        ("changeSizeOnWidgets", "size:date", "operator does not exist: date > integer"),
    ] {
        assert_refused(&checkout, name, field, &format!("the field `{field}`: {why}"));
    }
    assert_nothing_is_left(&checkout);
}

#[test]
fn an_accepted_script_is_written_and_the_dry_run_leaves_nothing() {
    let checkout = widgets();
    for (name, fields) in [
        ("addCheckToWidgets", "size > 0 AND name <> 'a--b; \\'"),
        ("addMoreToWidgets", "a:text!:fill(id || name) b:date=now()"),
        ("changeSizeOnWidgets", "size:bigint"),
    ] {
        let command = ["create-migration", name, "--fields", fields];
        for file in succeed(&mut checkout.seedbed(&command)).lines() {
            fs::remove_file(checkout.path(file)).unwrap();
        }
    }
    assert_nothing_is_left(&checkout);
}

#[test]
fn a_condition_that_is_not_one_expression_is_a_usage_error() {
    let checkout = Checkout::new();
    for (condition, why) in [
        ("a > 0 -- b", "a comment would hide the rest of the statement"),
        ("a > 0 /* b", "a comment would hide the rest of the statement"),
        ("a > 0); DROP TABLE b; SELECT (1", "unbalanced closing parenthesis"),
        ("a > 0; b", "a semicolon would end the statement"),
        ("a = 'b", "unbalanced quotation mark"),
    ] {
        let command = ["create-migration", "addCheckToWidgets", "--fields", condition];
        let (code, error) = fail(&mut checkout.seedbed(&command));
        assert_eq!(code, 2);
        let expected = format!("error: invalid condition `{condition}`: {why}\nhint: ");
        assert!(error.starts_with(&expected), "{error}");
    }
}
