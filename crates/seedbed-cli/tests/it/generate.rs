//! Tests migrations that are generated from their names.

mod database;

use std::fs;

use test_support::{assert_snapshot, snapshot, url_with};

use crate::support::{Checkout, MIGRATIONS, fail, stderr, stdout, succeed, with_database};
use rstest::rstest;

fn count(checkout: &Checkout) -> usize {
    fs::read_dir(checkout.path(MIGRATIONS)).unwrap().count()
}

/// Creates scripts and returns the slugs of the printed paths, and the text of the last one.
fn create_scripts(checkout: &Checkout, arguments: &[&str]) -> (Vec<String>, String) {
    let stdout = succeed(&mut checkout.seedbed(&[&["create-migration"], arguments].concat()));
    // The slug follows the version, as in `m20250101_000000_create_widgets.rs`.
    let name = |path: &str| path.rsplit('/').next().unwrap()[17..].replace(".rs", "");
    let slugs = stdout.lines().map(name).collect();
    let text = fs::read_to_string(checkout.path(stdout.lines().last().unwrap())).unwrap();
    (slugs, text)
}

#[test]
fn a_list_of_fields_writes_the_table() {
    let checkout = Checkout::new();
    let fields = "name:string! organization:references!:cascade";
    let (slugs, text) = create_scripts(&checkout, &["createWidgets", "--fields", fields]);

    assert_eq!(slugs, ["create_widgets"]);
    let expected = r#"                .col(id())
                .col(string("name"))
                .col(uuid("organization_id"))
                .col(created_at())
                .col(updated_at())
"#;
    assert!(text.contains(expected), "{text}");
    assert!(text.contains(r#"schema.drop_table("widgets").await"#), "{text}");
}

#[test]
fn additional_scripts_get_a_free_name_and_an_extension_is_created_once() {
    let checkout = Checkout::new();
    let expected = ["create_citext", "add_a_to_users", "backfill_a_of_users", "require_a_of_users"];
    let (slugs, _) = create_scripts(&checkout, &["addAToUsers", "--fields", "a:citext!"]);
    assert_eq!(slugs, expected);

    let expected = ["add_a_again_to_users", "backfill_a_of_users_2", "require_a_of_users_2"];
    let (slugs, _) = create_scripts(&checkout, &["addAAgainToUsers", "--fields", "a:citext!"]);
    assert_eq!(slugs, expected);
}

#[rstest]
#[case(&["createWidgets"], "the fields `name:string! price:decimal(10,2)`")]
#[case(&["doSomething"], "  addIndexToUsersOnEmail, ")]
fn a_name_without_a_known_meaning_creates_a_template(
    #[case] arguments: &[&str],
    #[case] expected: &str,
) {
    let checkout = Checkout::new();
    let output = checkout.seedbed(&[&["create-migration"], arguments].concat()).output().unwrap();

    assert!(output.status.success(), "{output:?}");
    assert!(stderr(&output).starts_with("note: write `up` and `down` by hand; "), "{output:?}");
    assert!(stderr(&output).contains(expected), "{output:?}");
    let text = fs::read_to_string(checkout.path(stdout(&output).trim())).unwrap();
    assert!(text.contains("schema.not_written(file!())"), "{text}");
}

#[test]
fn a_script_with_a_known_meaning_can_be_written_by_hand() {
    let checkout = Checkout::new();
    let (_, text) = create_scripts(&checkout, &["dropWidgets", "--unwritten"]);
    assert!(text.contains("schema.not_written(file!())"), "{text}");
}

#[test]
fn the_summary_of_each_script_follows_its_path() {
    let checkout = Checkout::new();
    let arguments = ["create-migration", "addAToWidgets", "--fields", "a:string!"];
    let output = checkout.seedbed(&arguments).output().unwrap();
    let text = stderr(&output);
    let summaries: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("    ")).collect();
    assert_eq!(
        summaries,
        [
            "Adds `a` to `widgets`. Step 1 of 3 toward NOT NULL: nullable.",
            "Backfills `a` of `widgets`, step 2 of 3.",
            "Sets `a` of `widgets` to NOT NULL, step 3 of 3."
        ]
    );
    assert!(
        text.contains("\nnote: one `seedbed migrate-up` applies all of these files. "),
        "{text}"
    );
}

#[test]
fn a_value_is_added_only_to_an_enum_without_it() {
    let checkout = with_database("CREATE TYPE invoice_status AS ENUM ('open', 'paid')");
    let (_, text) = create_scripts(&checkout, &["addVoidToInvoiceStatusEnum"]);
    let up = r#"schema.add_enum_value("invoice_status", "void").await"#;
    assert!(text.contains(up), "{text}");
    // A pending script would prevent the next one from being compared with the database.
    for file in fs::read_dir(checkout.path(MIGRATIONS)).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    let errors = ["addPaidToInvoiceStatusEnum", "addVoidedToStatusEnum"].map(|name| {
        let (code, error) = fail(&mut checkout.seedbed(&["create-migration", name]));
        assert_eq!(code, 1);
        error
    });
    assert_snapshot!("refused_enum_values", errors.concat());
    let (_, text) = create_scripts(&checkout, &["removeOpenFromInvoiceStatusEnum"]);
    let down = r#".add_enum_value_before("invoice_status", "open", "paid")"#;
    assert!(text.contains(down), "{text}");
}

#[rstest]
#[case("a:strng", "`a:strng`")]
#[case("xmin:text", "`xmin:text`")]
#[case("a:text a:text", "`a:text`")]
fn an_invalid_field_is_a_usage_error_and_writes_nothing(#[case] fields: &str, #[case] field: &str) {
    let checkout = Checkout::new();
    let arguments = ["create-migration", "createWidgets", "--fields", fields];
    let (code, error) = fail(&mut checkout.seedbed(&arguments));

    assert_eq!(code, 2);
    assert!(error.starts_with(&format!("error: field {field}: ")), "{error}");
    assert_eq!(count(&checkout), 0);
}

#[test]
fn an_unreachable_database_is_reported_without_its_password() {
    let checkout = Checkout::new();
    let mut command = checkout.seedbed(&["create-migration", "dropWidgets"]);
    let url = "postgres://ada:s3cret@127.0.0.1:1/shop";
    let (code, error) = fail(command.env("DATABASE_URL", url));

    assert_eq!(code, 1);

    // Linux and macOS number their errors differently.
    snapshot!("an_unreachable_database_is_reported_without_its_password")
        .replacing("os error 111", "os error [number]")
        .replacing("os error 61", "os error [number]")
        .assert_matches(&error);
    assert!(!error.contains("s3cret"), "{error}");
    assert_eq!(count(&checkout), 0);
}

#[test]
fn a_missing_database_is_named() {
    let checkout = with_database("");
    let mut command = checkout.seedbed(&["create-migration", "dropWidgets"]);
    let url = url_with(checkout.database_url(), "dbname=nowhere");
    let (code, error) = fail(command.env("DATABASE_URL", url));
    assert_eq!(code, 1);
    assert!(error.starts_with("error: the database `nowhere` does not exist at "), "{error}");
    assert!(
        error.contains(
            "\nhint: create the database with `seedbed fresh-start` or `CREATE DATABASE nowhere;`"
        ),
        "{error}"
    );
}

#[test]
fn a_self_explanatory_name_needs_no_database() {
    let checkout = Checkout::new();
    for (name, url, why) in [
        (
            "addNameToWidgets",
            "postgres://ada:s3cret@127.0.0.1:1/shop",
            "failed to connect to `127.0.0.1:1`: ",
        ),
        ("addMoreToWidgets", "mysql://ada:s3cret@db/shop", "the database URL is malformed: "),
    ] {
        let mut command = checkout.seedbed(&["create-migration", name, "--fields", "name:string"]);
        let output = command.env("DATABASE_URL", url).output().unwrap();
        let error = stderr(&output);
        assert!(output.status.success(), "{error}");
        let note = format!("note: the script was not checked against the database: {why}");
        assert!(error.starts_with(&note), "{error}");
        assert!(!error.contains("s3cret"), "{error}");
    }
    assert_eq!(count(&checkout), 2);

    let command = ["create-migration", "addAgeToWidgets", "--fields", "age:integer"];
    let output = checkout.seedbed(&command).output().unwrap();
    let expected = "    Adds `age` to `widgets`.\n";
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), expected));
    assert!(!checkout.path(".postgres").exists(), "a server was started");
}
