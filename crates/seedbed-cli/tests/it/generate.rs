//! Tests migrations that are generated from their names.

use std::fs;

use test_support::snapshot;

use crate::support::{
    Checkout, MIGRATIONS, fail, psql, stderr, stdout, succeed, with_database, with_own_server,
};
use rstest::rstest;

fn count(checkout: &Checkout) -> usize {
    fs::read_dir(checkout.path(MIGRATIONS)).unwrap().count()
}

/// Creates scripts and returns the slugs of the printed paths, and the text of the last one.
fn create_scripts(checkout: &Checkout, arguments: &[&str]) -> (Vec<String>, String) {
    let printed = succeed(&mut checkout.seedbed(&[&["create-migration"], arguments].concat()));
    let name = |path: &str| path.rsplit('/').next().unwrap()[17..].replace(".rs", "");
    let slugs = printed.lines().map(name).collect();
    let text = fs::read_to_string(checkout.path(printed.lines().last().unwrap())).unwrap();
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
#[case(&["createWidgets"], "fields='name:string! price:decimal(10,2)'")]
#[case(&["doSomething"], "  addIndexToUsersOnEmail, ")]
fn a_name_without_a_known_meaning_creates_a_template(
    #[case] arguments: &[&str],
    #[case] expected: &str,
) {
    let checkout = Checkout::new();
    let output = checkout.seedbed(&[&["create-migration"], arguments].concat()).output().unwrap();

    assert!(output.status.success(), "{output:?}");
    assert!(stderr(&output).starts_with("note: write up and down by hand: "), "{output:?}");
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
    assert!(text.contains("\nnote: one `make migrate-up` applies all of these files. "), "{text}");
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
    let refused = |name: &str, expected: &str| {
        let (code, error) = fail(&mut checkout.seedbed(&["create-migration", name]));
        assert_eq!(code, 1);
        assert!(error.starts_with(expected), "{error}");
    };
    refused(
        "addPaidToInvoiceStatusEnum",
        "error: enum type `invoice_status` already has a value `paid`\nhint: ",
    );
    refused(
        "addVoidedToStatusEnum",
        "error: the database has no enum type `status`\nhint: did you mean `invoice_status`? ",
    );
    let (_, text) = create_scripts(&checkout, &["removeOpenFromInvoiceStatusEnum"]);
    let down = r#".add_enum_value_before("invoice_status", "open", "paid")"#;
    assert!(text.contains(down), "{text}");
}

#[rstest]
#[case("a:strng", "error: field `a:strng`: unknown type `strng`\nhint: did you mean string?")]
#[case("xmin:text", "error: field `xmin:text`: `xmin` is a system column of PostgreSQL\nhint: ")]
#[case("a:text a:text", "error: field `a:text`: another field has the same name\nhint: ")]
fn an_invalid_field_is_a_usage_error_and_writes_nothing(
    #[case] fields: &str,
    #[case] expected: &str,
) {
    let checkout = Checkout::new();
    let arguments = ["create-migration", "createWidgets", "--fields", fields];
    let (code, error) = fail(&mut checkout.seedbed(&arguments));

    assert_eq!(code, 2);
    assert!(error.starts_with(expected), "{error}");
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
    let url = format!("{}&dbname=nowhere", checkout.database_url());
    let (code, error) = fail(command.env("DATABASE_URL", url));
    assert_eq!(code, 1);
    assert!(error.starts_with("error: the database `nowhere` does not exist at "), "{error}");
    assert!(
        error.contains("\nhint: `make fresh-start` or `CREATE DATABASE nowhere;` creates it"),
        "{error}"
    );
}

const WIDGETS: &str =
    "CREATE TABLE widgets (id uuid PRIMARY KEY, price numeric(10,2) NOT NULL DEFAULT 9.5)";

#[test]
fn down_restores_what_the_database_has() {
    let checkout = with_own_server(WIDGETS);
    let (_, text) = create_scripts(&checkout, &["dropWidgetTable"]);
    assert!(text.contains(r#"schema.drop_table("widgets").await"#), "{text}");
    let column = r#".col(decimal_len("price", 10, 2).default(Expr::cust("9.5")))"#;
    assert!(text.contains(column), "{text}");
}

#[test]
fn a_script_that_the_database_would_refuse_is_not_written() {
    let checkout = with_database(WIDGETS);
    let refused = |arguments: &[&str], expected: &str| {
        let (code, error) =
            fail(&mut checkout.seedbed(&[&["create-migration"], arguments].concat()));
        assert_eq!(code, 1);
        assert!(error.starts_with(expected), "{error}");
        assert_eq!(count(&checkout), 0);
    };
    refused(
        &["dropWidgits"],
        "error: the database has no table `widgits`\nhint: did you mean `widgets`? Otherwise write the script by hand with args=--unwritten\n",
    );
    refused(
        &["addNameToNope", "--fields", "name:string"],
        "error: the database has no table `nope` or `nopes`\nhint: make db-psql shows the existing objects; ",
    );
    refused(
        &["createWidget", "--fields", "name:string"],
        "error: the database already has a table `widgets`, the plural of `widget`\nhint: ",
    );
    refused(
        &["createWidgetsPkeyEnum", "--fields", "a b"],
        "error: the database already has an index `widgets_pkey`\nhint: ",
    );
    refused(
        &["addPriceToWidgets", "--fields", "price:integer"],
        "error: `widgets` already has a column `price`\nhint: ",
    );
}

const INVOICES: &str = "CREATE TABLE payments (id uuid PRIMARY KEY);
    CREATE TABLE invoices (id uuid PRIMARY KEY, payment_id uuid REFERENCES payments, payment_reference text,
        git_ref text, column_name text, name text)";

#[rstest]
#[case("removePaymentReferenceFromInvoices", "payment_reference", true)]
#[case("dropPaymentReferenceFromInvoices", "payment_reference", true)]
#[case("removePaymentReferenceColumnFromInvoices", "payment_reference", false)]
#[case("removeGitRefFromInvoices", "git_ref", false)]
fn a_column_with_exactly_the_typed_name_is_removed(
    #[case] name: &str,
    #[case] column: &str,
    #[case] is_noted: bool,
) {
    let checkout = with_database(INVOICES);
    let output = checkout.seedbed(&["create-migration", name]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = fs::read_to_string(checkout.path(stdout(&output).trim())).unwrap();
    let up = format!(r#"schema.remove_column("invoices", "{column}").await"#);
    assert!(text.contains(&up), "{text}");
    assert_eq!(text.matches("remove_column").count(), 1, "{text}");
    let note = "note: the name can also mean the column `payment_id` of `invoices`: name=removePaymentIdFromInvoices\n";
    assert_eq!(stderr(&output).contains(note), is_noted, "{output:?}");
}

#[test]
fn an_ambiguous_name_writes_nothing_and_each_suggested_name_works() {
    let checkout = with_database(INVOICES);
    let (code, error) =
        fail(&mut checkout.seedbed(&["create-migration", "removeColumnNameFromInvoices"]));
    let expected = "error: `remove_column_name_from_invoices` can mean the column `column_name` of `invoices` or the \
        column `name` of `invoices`\nhint: make create-migration name=removeColumnColumnNameFromInvoices for the column \
        `column_name` of `invoices`, or name=removeNameFromInvoices for the column `name` of `invoices`; or write the \
        script by hand with args=--unwritten\n";
    assert_eq!((code, error.as_str()), (1, expected));
    assert_eq!(count(&checkout), 0);

    let offered: Vec<&str> =
        error.split("name=").skip(1).map(|rest| rest.split(' ').next().unwrap()).collect();
    let columns = ["column_name", "name"];
    assert_eq!(offered.len(), columns.len());
    for (name, column) in offered.into_iter().zip(columns) {
        let (_, text) = create_scripts(&checkout, &[name]);
        assert!(text.contains(&format!(r#"remove_column("invoices", "{column}")"#)), "{text}");
        // A pending script would prevent the next one from being compared with the database.
        for file in fs::read_dir(checkout.path(MIGRATIONS)).unwrap() {
            fs::remove_file(file.unwrap().path()).unwrap();
        }
    }
}

#[test]
fn removing_an_object_that_down_cannot_restore_is_refused() {
    let checkout = with_database(
        "CREATE TABLE widgets (id uuid PRIMARY KEY, note text, size integer);
        ALTER TABLE widgets ALTER note SET STORAGE external, ALTER note SET STATISTICS 7,
            ALTER note SET (n_distinct = 5), ALTER note SET COMPRESSION pglz;
        GRANT SELECT (note) ON widgets TO PUBLIC;
        COMMENT ON INDEX widgets_pkey IS 'the key'",
    );
    let refused = |name, expected: &str| {
        let (code, error) = fail(&mut checkout.seedbed(&["create-migration", name]));
        let expected = format!(
            "error: {expected}\nhint: remove these properties in a migration before this one, "
        );
        assert_eq!(code, 1);
        assert!(error.starts_with(&expected), "{error}");
    };
    let column = "a statistics target, compression, grants, options, storage";
    refused(
        "removeNoteFromWidgets",
        &format!("`note` has properties that `down` cannot restore: {column}"),
    );
    let of_note = column.split(", ").map(|what| format!("{what} of note")).collect::<Vec<_>>();
    let all = [
        &["a comment on the index public.widgets_pkey of table public.widgets".to_owned()][..],
        &of_note,
    ]
    .concat();
    let expected =
        format!("`widgets` has properties that `down` cannot restore: {}", all.join(", "));
    refused("dropWidgets", &expected);
    create_scripts(&checkout, &["removeSizeFromWidgets"]);
}

#[test]
fn a_database_with_pending_migrations_is_not_used() {
    let checkout = with_database(WIDGETS);
    let touch = |name: &str| {
        let text = "pub async fn up(_: &Schema<'_>) -> Result { Ok(()) }";
        fs::write(checkout.path(MIGRATIONS).join(name), text).unwrap();
    };
    let refused = |expected: &str| {
        let before = count(&checkout);
        for command in
            [&["create-migration", "dropWidgets"][..], &["create-seed", "a", "--table", "widgets"]]
        {
            let (code, error) = fail(&mut checkout.seedbed(command));
            let expected = format!(
                "error: the database does not have all migrations: {expected}\nhint: `make migrate-up`; "
            );
            assert_eq!(code, 1);
            assert!(error.starts_with(&expected), "{error}");
        }
        assert_eq!(count(&checkout), before);
    };
    let name = "m20241231_000000_begun.rs";
    let text = "pub async fn up(schema: &Schema<'_>) -> Result { schema.not_written(file!()) }";
    fs::write(checkout.path(MIGRATIONS).join(name), text).unwrap();
    let (_, error) = fail(&mut checkout.seedbed(&["create-migration", "dropWidgets"]));
    let expected = "m20241231_000000_begun is pending\nhint: write up and down of m20241231_000000_begun, \
        then `make migrate-up`; to write the script by hand: args=--unwritten\n";
    assert!(error.ends_with(expected), "{error}");
    fs::remove_file(checkout.path(MIGRATIONS).join(name)).unwrap();

    touch("m20250101_000000_create_widgets.rs");
    touch("m20250101_000001_create_names.rs");
    refused("none of the 2 migrations is applied");

    psql(
        &checkout,
        "CREATE TABLE seaql_migrations (version text, applied_at bigint);
        INSERT INTO seaql_migrations VALUES ('m20250101_000000_create_widgets')",
    );
    refused("m20250101_000001_create_names is pending");

    // The command generates what follows from the name alone.
    let command = ["create-migration", "addNameToNames", "--fields", "name:string"];
    let output = checkout.seedbed(&command).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let note = "note: the script was not compared with the database: m20250101_000001_create_names is pending \
        (`make migrate-up`)\n    Adds `name` to `names`.\n";
    assert_eq!(stderr(&output), note);
    fs::remove_file(checkout.path(stdout(&output).trim())).unwrap();

    psql(
        &checkout,
        "INSERT INTO seaql_migrations VALUES ('m20250101_000001_create_names'), ('m1_gone')",
    );
    for (name, fields) in [("dropWidgets", &[][..]), ("addAToWidgets", &["--fields", "a:text"])] {
        let command = [&["create-migration", name], fields].concat();
        let output = checkout.seedbed(&command).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let note = "note: the database may have more than the migrations: m1_gone is applied, and its file is missing\n";
        assert!(stderr(&output).starts_with(note), "{output:?}");
        fs::remove_file(checkout.path(stdout(&output).trim())).unwrap();
    }
}

#[test]
fn an_object_of_a_newer_server_is_reported_and_does_not_fail() {
    let checkout = with_database(
        "CREATE TABLE widgets (id integer PRIMARY KEY, name text);
         UPDATE pg_attribute SET attoptions = '{pg_attver=7,something_new=1}'
         WHERE attrelid = 'widgets'::regclass AND attname = 'name'",
    );
    let command = ["create-migration", "removeNameFromWidgets"];
    let output = checkout.seedbed(&command).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let note = "note: this version of Seedbed does not support an object of PostgreSQL, and no script restores it: \
        option something_new of column public.widgets.name\n";
    assert!(stderr(&output).starts_with(note), "{output:?}");
    assert!(!stderr(&output).contains("pg_attver"), "{output:?}");
}

#[test]
fn a_self_explanatory_name_needs_no_database() {
    let checkout = Checkout::new();
    for (name, url, why) in [
        (
            "addNameToWidgets",
            "postgres://ada:s3cret@127.0.0.1:1/shop",
            "could not connect to `127.0.0.1:1`: ",
        ),
        ("addMoreToWidgets", "mysql://ada:s3cret@db/shop", "the database URL is malformed: "),
    ] {
        let mut command = checkout.seedbed(&["create-migration", name, "--fields", "name:string"]);
        let output = command.env("DATABASE_URL", url).output().unwrap();
        let error = stderr(&output);
        assert!(output.status.success(), "{error}");
        let note = format!("note: the script was not compared with the database: {why}");
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
