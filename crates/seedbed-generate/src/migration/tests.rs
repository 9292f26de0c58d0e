//! Tests of the generated files and of the error messages. `crates/acceptance` compiles the files
//! and runs them.

mod notes;

use rstest::rstest;
use test_support::assert_snapshot;

use seedbed_schema::model::{
    ConstraintKind, DependencyKind, Grant, Object, ObjectKind, PartKind, Table,
};

use super::*;
use crate::operation::Interpretations;
use crate::test_schema::{
    self, add_constraint, add_enum, add_index, column, enum_column, public, required, with_default,
};

/// Generates the migration with the given name and fields. The extension `ltree` exists, and no other one.
pub(super) fn generate(
    slug: &str,
    fields: &str,
    schema: Option<&DatabaseSchema>,
) -> Result<MigrationOutcome, WriteError> {
    let chosen = Interpretations::parse(slug).choose(Some(fields), schema)?;
    write_migration(&MigrationRequest {
        slug,
        operation: &chosen.operation,
        fields: Some(fields),
        schema,
        extensions: &BTreeSet::from(["ltree".to_owned()]),
    })
}

pub(super) fn generation_error(slug: &str, fields: &str) -> WriteError {
    generate(slug, fields, Some(&odd())).unwrap_err()
}

/// Returns the command, the message of the error and its hint as one text.
pub(super) fn generation_error_text(slug: &str, fields: &str) -> String {
    let error = generation_error(slug, fields);
    format!("{slug} {fields}\n  {error}\n  hint: {}", error.hint())
}

/// Returns the files and the notes that are generated without a database.
fn generated_files_and_notes(slug: &str, fields: &str) -> (Vec<GeneratedFile>, Vec<String>) {
    match generate(slug, fields, None) {
        Ok(MigrationOutcome::Generated { files, notes, .. }) => (files, texts(&notes)),
        other => panic!("{other:?}"),
    }
}

/// Returns the notes as text. A suggested command is written as `migrator …`, not as `make …`.
fn texts(notes: &[Hint]) -> Vec<String> {
    notes.iter().map(Hint::to_string).collect()
}

fn slugs(slug: &str, fields: &str) -> Vec<String> {
    generated_files_and_notes(slug, fields).0.into_iter().map(|file| file.slug).collect()
}

/// Returns a database whose tables differ from the conventions.
pub(super) fn odd() -> DatabaseSchema {
    let mut schema = odd_and_restorable();
    for table in schema.tables.values_mut() {
        table.privileges = vec![Grant::RevokedFromPublic];
        table.row_security.enabled = true;
    }
    schema
}

/// Returns the same database without anything that `down` could not restore.
fn odd_and_restorable() -> DatabaseSchema {
    let tables = [
        odd_table("orders", "integer"),
        odd_table("person", "uuid"),
        odd_table("products", "integer"),
        odd_table("users", "uuid"),
    ];
    let mut schema = test_schema::schema(tables);
    let size = enum_column("size", "product_size");
    schema.tables.insert(public("sizes"), test_schema::table("sizes", [size]));
    let products = schema.tables.get_mut(&public("products")).unwrap();
    add_index(products, "products_price_idx", &["kind", "price"], false);
    add_enum(&mut schema, "mood", &["calm"]);
    add_enum(&mut schema, "product_size", &["s"]);
    let paid = Object::qualified(ObjectKind::View, &public("paid"));
    let orders = Object::qualified(ObjectKind::Table, &public("orders"));
    schema.add_dependency(paid, orders, DependencyKind::Normal);
    let mood = Object::qualified(ObjectKind::Type, &public("mood"));
    let users = Object::qualified(ObjectKind::Table, &public("users"));
    schema.add_dependency(users.part(PartKind::Column, "mood"), mood, DependencyKind::Normal);
    schema
}

/// Returns a table whose constraints have the names that new objects would get, and two checks on `price`.
fn odd_table(name: &str, key: &str) -> Table {
    let price = with_default(column("price", "integer"), "1");
    let columns = [required(column("id", key)), price, enum_column("kind", "product_kind")];
    let mut table = test_schema::table(name, columns);
    for (constraint, kind, columns, definition) in [
        ("one", ConstraintKind::Check, &["price"][..], "CHECK (price > 0)"),
        ("two", ConstraintKind::Check, &["price"], "CHECK (price < 9)"),
        ("products_kind_key", ConstraintKind::Unique, &["kind"], "UNIQUE (kind)"),
        ("products_kind_check", ConstraintKind::Check, &[], "CHECK (true)"),
        ("products_buyer_id_fkey", ConstraintKind::Check, &[], "CHECK (true)"),
    ] {
        add_constraint(&mut table, constraint, kind, columns, definition);
    }
    table
}

#[rstest]
#[case("create_widgets", "a:citext b:ltree", &["create_citext", "create_widgets"])]
#[case("add_a_to_widgets", "a:string=x b:integer!=0", &["add_a_to_widgets"])]
#[case("add_a_to_widgets", "a:string!", &["add_a_to_widgets", "backfill_a_of_widgets", "require_a_of_widgets"])]
#[case("add_a_to_widgets", "a:string! b:references!", &["add_a_to_widgets", "backfill_a_of_widgets", "backfill_b_id_of_widgets", "require_a_and_b_id_of_widgets", "index_b_id_of_widgets"])]
#[case("add_a_to_widgets", "a:bigserial!:unique", &["add_a_to_widgets", "index_a_of_widgets"])]
#[case("add_team_ref_to_widgets", "", &["add_team_ref_to_widgets", "index_team_id_of_widgets"])]
#[case("add_check_to_widgets_on_a", "a > 0", &["add_check_to_widgets_on_a", "validate_widgets_a_check"])]
fn unsafe_operations_are_split_into_several_scripts(
    #[case] slug: &str,
    #[case] fields: &str,
    #[case] expected: &[&str],
) {
    assert_eq!(slugs(slug, fields), expected);
}

#[test]
fn notes_name_the_backfilled_values() {
    let (_, notes) = generated_files_and_notes(
        "add_a_to_widgets",
        "a:string! b:references! c:boolean!:fill(a = b)",
    );
    assert_snapshot!("backfill_notes", notes.join("\n"));
}

#[rstest]
#[case("a:uuid=uuid_generate_v4()", 1)]
#[case("a:serial", 1)]
#[case("a:timestamptz=now()", 0)]
#[case("a:string='x()'", 0)]
fn a_table_rewrite_is_noted(#[case] field: &str, #[case] notes: usize) {
    assert_eq!(generated_files_and_notes("add_a_to_widgets", field).1.len(), notes);
}

#[test]
fn a_table_without_a_batch_key_gets_a_manual_backfill() {
    let written = generate("add_a_to_products", "a:string!:fill('x')", Some(&odd()));
    let Ok(MigrationOutcome::Generated { files, notes, .. }) = written else {
        panic!("{written:?}")
    };
    assert!(files[1].text.contains("schema.not_written(file!())"), "{}", files[1].text);
    assert_snapshot!("notes_without_a_batch_key", texts(&notes).join("\n"));
}

#[test]
fn a_unique_column_gets_a_manual_backfill() {
    let (files, _) = generated_files_and_notes("add_a_to_widgets", "a:string!:unique");
    assert!(files[1].text.contains("schema.not_written(file!())"), "{}", files[1].text);
}

#[test]
fn a_migration_whose_name_says_too_little_is_left_to_write_by_hand() {
    let slugs = ["create_widgets", "change_price_on_products", "do_something"];
    let report = slugs.map(|slug| {
        let written = generate(slug, " ", None);
        let Ok(MigrationOutcome::Manual { reason }) = written else { panic!("{written:?}") };
        format!("{slug}\n  {reason}")
    });
    assert_snapshot!("written_by_hand", report.join("\n"));
}

#[test]
fn invalid_requests_are_refused_with_a_message_and_a_hint() {
    let requests = [
        ("do_something", "a:string"),
        ("drop_widgets", "a:string"),
        ("add_team_ref_to_widgets", "user:references"),
        ("change_price_on_products", "name:text"),
        ("create_widgets", "a:strin"),
        ("drop_widget", ""),
        ("drop_product_table", ""),
        ("drop_orders", ""),
        ("drop_mood_enum", ""),
        ("drop_temper_enum", ""),
        ("drop_size_enum", ""),
        ("add_void_to_temper_enum", ""),
        ("add_calm_to_mood_enum", ""),
        ("add_void_to_mood_enum", "vacant"),
        ("remove_void_from_mood_enum", ""),
        ("rename_void_to_paid_on_mood_enum", ""),
        ("rename_calm_to_calm_on_mood_enum", ""),
        ("add_colour_to_products", "color:string!"),
        ("add_x_and_y_to_products", "a:string b:integer"),
        ("remove_prices_from_products", ""),
        ("remove_price_from_product_kinds", ""),
        ("remove_index_from_products_on_price", ""),
        ("remove_index_from_products_on_kind", ""),
        ("remove_check_from_products_on_price", ""),
        ("remove_check_from_products", ""),
        ("change_price_on_products", "price:integer=1"),
        ("change_id_on_products", "id_:integer"),
        ("change_kind_on_products", "kind:enum(a)"),
        ("change_price_on_products", "price:references"),
        ("change_price_on_products", "price:integer!"),
    ];
    let report = requests.map(|(slug, fields)| generation_error_text(slug, fields));
    assert_snapshot!("invalid_requests", report.join("\n"));
}

#[test]
fn a_long_index_name_is_shortened_explicitly() {
    let (files, _) = generated_files_and_notes("add_index_to_widgets_on_a", "");
    assert!(files[0].text.contains("index(\"widgets\", [\"a\"]).concurrently()"));
    let column = "c".repeat(60);
    let (files, _) = generated_files_and_notes(&format!("add_index_to_widgets_on_{column}"), "");
    let name = format!("widgets_{}_3426ca33_idx", "c".repeat(42));
    assert!(files[0].text.contains(&format!(".name(\"{name}\")")), "{}", files[0].text);
    assert!(files[0].text.contains(&format!("remove_index_concurrently(\"{name}\")")));
}
