//! Migrations that are compared with the database.

use std::fs;

use rstest::rstest;
use test_support::assert_snapshot;

use super::{count, create_scripts};
use crate::support::{MIGRATIONS, fail, psql, stderr, stdout, with_database, with_own_server};

const WIDGETS: &str =
    "CREATE TABLE widgets (id uuid PRIMARY KEY, price numeric(10,2) NOT NULL DEFAULT 9.5)";

#[test]
fn down_of_a_generated_drop_recreates_the_columns_as_in_the_database() {
    let checkout = with_own_server(WIDGETS);
    let (_, text) = create_scripts(&checkout, &["dropWidgetTable"]);
    assert!(text.contains(r#"schema.drop_table("widgets").await"#), "{text}");
    let column = r#".col(decimal_len("price", 10, 2).default(Expr::cust("9.5")))"#;
    assert!(text.contains(column), "{text}");
}

#[test]
fn a_script_that_the_database_would_refuse_is_not_written() {
    let checkout = with_database(WIDGETS);
    let commands: [&[&str]; 5] = [
        &["dropWidgits"],
        &["addNameToNope", "--fields", "name:string"],
        &["createWidget", "--fields", "name:string"],
        &["createWidgetsPkeyEnum", "--fields", "a b"],
        &["addPriceToWidgets", "--fields", "price:integer"],
    ];
    let errors = commands.map(|arguments| {
        let (code, error) =
            fail(&mut checkout.seedbed(&[&["create-migration"], arguments].concat()));
        assert_eq!(code, 1);
        assert_eq!(count(&checkout), 0);
        error
    });
    assert_snapshot!("refused_by_the_database", errors.concat());
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
    let other = "`removePaymentIdFromInvoices`";
    assert_eq!(stderr(&output).contains(other), is_noted, "{output:?}");
}

#[test]
fn an_ambiguous_name_writes_nothing_and_each_suggested_name_works() {
    let checkout = with_database(INVOICES);
    let (code, error) =
        fail(&mut checkout.seedbed(&["create-migration", "removeColumnNameFromInvoices"]));
    assert_eq!(code, 1);
    assert_snapshot!("ambiguous_name", error);
    assert_eq!(count(&checkout), 0);

    let (_, hint) = error.split_once("hint: ").unwrap();
    let offered: Vec<&str> = hint.split('`').filter(|word| word.starts_with("remove")).collect();
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
        assert_eq!(code, 1);
        assert!(error.starts_with(&format!("error: {expected}\nhint: ")), "{error}");
    };
    let properties = "a statistics target, compression, grants, options, storage";
    refused(
        "removeNoteFromWidgets",
        &format!("`note` has properties that `down` cannot restore: {properties}"),
    );
    let properties_of_the_column =
        properties.split(", ").map(|property| format!("{property} of note")).collect::<Vec<_>>();
    let all = [
        &["a comment on the index public.widgets_pkey of table public.widgets".to_owned()][..],
        &properties_of_the_column,
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
                "error: the database does not have all migrations: {expected}\nhint: run `seedbed migrate-up`; "
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
    assert_snapshot!("an_unwritten_migration_is_pending", error);
    fs::remove_file(checkout.path(MIGRATIONS).join(name)).unwrap();

    touch("m20250101_000000_create_widgets.rs");
    touch("m20250101_000001_create_names.rs");
    refused("none of the 2 migrations is applied");

    psql(
        &checkout,
        "CREATE TABLE seaql_migrations (version text, applied_at bigint);
        INSERT INTO seaql_migrations VALUES ('m20250101_000000_create_widgets')",
    );
    refused("`m20250101_000001_create_names` is pending");

    // The command generates what follows from the name alone.
    let command = ["create-migration", "addNameToNames", "--fields", "name:string"];
    let output = checkout.seedbed(&command).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_snapshot!("not_compared_with_the_database", stderr(&output));
    fs::remove_file(checkout.path(stdout(&output).trim())).unwrap();

    psql(
        &checkout,
        "INSERT INTO seaql_migrations VALUES ('m20250101_000001_create_names'), ('m1_gone')",
    );
    for (name, fields) in [("dropWidgets", &[][..]), ("addAToWidgets", &["--fields", "a:text"])] {
        let command = [&["create-migration", name], fields].concat();
        let output = checkout.seedbed(&command).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let note = "`m1_gone` is applied, but its file is missing\n";
        assert!(stderr(&output).contains(note), "{output:?}");
        fs::remove_file(checkout.path(stdout(&output).trim())).unwrap();
    }
}

#[test]
fn an_object_of_a_newer_server_is_reported_and_the_command_succeeds() {
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
fn a_value_that_other_objects_prevent_from_being_removed_stays() {
    let checkout = with_database(
        "CREATE TYPE mood AS ENUM ('calm', 'wild');
        CREATE TABLE cats (id uuid PRIMARY KEY, mood mood NOT NULL DEFAULT 'calm' CHECK (mood <> 'wild'));
        CREATE INDEX ON cats (mood); CREATE STATISTICS s ON id, mood FROM cats",
    );
    let remove = ["create-migration", "removeWildFromMoodEnum"];
    let (_, text) = create_scripts(&checkout, &remove[1..]);
    assert!(text.contains(r#"schema.remove_enum_value("mood", "wild")"#), "{text}");
    let mut errors = String::new();
    for create in [
        "VIEW calm AS SELECT mood FROM cats",
        "DOMAIN calm AS mood",
        "FUNCTION calm(mood) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ] {
        let checkout = with_database(&format!(
            "CREATE TYPE mood AS ENUM ('calm', 'wild');
            CREATE TABLE cats (id uuid PRIMARY KEY, mood mood); CREATE {create}"
        ));
        let (code, error) = fail(&mut checkout.seedbed(&remove));
        assert_eq!((code, count(&checkout)), (1, 0), "{create}");
        errors += &error;
    }
    assert_snapshot!("values_that_other_objects_need", errors);
}
