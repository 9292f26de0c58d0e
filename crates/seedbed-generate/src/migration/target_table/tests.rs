//! Tests that a script that would fail on the existing database is refused.

use rstest::rstest;
use test_support::assert_snapshot;

use crate::migration::tests::{generate, generation_error, generation_error_text, odd};
use crate::{MigrationOutcome, WriteError};

#[test]
fn operations_that_would_fail_are_refused() {
    let requests = [
        ("create_order", "a:text"),
        ("create_join_table_orders_users", ""),
        ("create_widgets", "buyer:references(usr)"),
        ("create_widgets", "buyer:references(qqq)"),
        ("create_widgets", "order:references"),
        ("create_product_table", "size:enum(s,m)"),
        ("add_size_to_products", "size:enum(s,m)"),
        ("create_product_size_enum", "s m"),
        ("add_name_to_produkt", "name:text"),
        ("add_check_to_qqq", "a > 0"),
        ("rename_widgets_to_gadgets", ""),
        ("rename_a_to_b_on_widgets", ""),
        ("add_user_ref_to_widgets", ""),
        ("create_join_table_widgets_users", ""),
        ("add_usr_ref_to_products", ""),
        ("create_widgets", "pers:references"),
        ("add_price_to_products", "price:integer"),
        ("rename_kind_to_price_on_products", ""),
        ("rename_prize_to_cost_on_products", ""),
        ("add_index_to_products_on_price_and_knd", ""),
        ("add_check_to_products_on_prize", "prize > 0"),
        ("change_prize_on_products", "prize:text"),
        ("add_index_to_products_on_price", ""),
        ("change_price_on_products", "price:text:index"),
        ("add_check_to_products_on_kind", "true"),
        ("add_buyer_ref_to_products", "buyer:references(users)"),
        ("rename_products_to_order_table", ""),
    ];
    let report = requests.map(|(slug, fields)| {
        assert!(!generation_error(slug, fields).is_wrong_use(), "{slug}");
        generation_error_text(slug, fields)
    });
    assert_snapshot!("operations_that_would_fail", report.join("\n"));
}

#[rstest]
#[case("create_widgets", "widget:references user:references size:enum(a,b) price:integer:index")]
#[case("add_name_and_user_to_products", "name:text user:references")]
#[case("rename_kind_to_sort_on_products", "")]
#[case("add_unique_index_to_products_on_kind_and_price", "")]
#[case("add_check_to_products_on_price", "price > 0")]
#[case("create_mood_of_people_enum", "a b")]
fn valid_operations_are_generated(#[case] slug: &str, #[case] fields: &str) {
    let written = generate(slug, fields, Some(&odd())).unwrap();
    assert!(matches!(written, MigrationOutcome::Generated { .. }), "{written:?}");
}

#[rstest]
#[case("add_name_to_person", "name:text", "add_column(\"person\"")]
#[case(
    "create_widgets",
    "owner:references(person)",
    "foreign_key(\"widgets\", \"owner_id\", \"person\")"
)]
#[case("rename_person_to_people", "", "rename_table(\"person\", \"people\")")]
#[case(
    "create_join_table_person_users",
    "",
    "foreign_key(\"people_users\", \"person_id\", \"person\")"
)]
fn a_table_with_a_singular_name_is_found(
    #[case] slug: &str,
    #[case] fields: &str,
    #[case] expected: &str,
) {
    let written = generate(slug, fields, Some(&odd()));
    let Ok(MigrationOutcome::Generated { files, .. }) = written else { panic!("{written:?}") };
    assert!(files[0].text.contains(expected), "{}", files[0].text);
}

#[test]
fn a_rename_to_the_same_name_is_refused() {
    let slugs = ["rename_products_to_product", "rename_price_to_price_on_products"];
    let errors = slugs.map(|slug| {
        let error = generate(slug, "", None).unwrap_err();
        assert!(error.is_wrong_use());
        error.to_string()
    });
    assert_snapshot!("renames_to_the_same_name", errors.join("\n"));
}

#[test]
fn a_name_that_postgresql_would_truncate_is_refused() {
    let long = "x".repeat(64);
    for (slug, fields) in [
        (format!("create_{long}_table"), "a:text"),
        (format!("create_{long}_enum"), "a b"),
        (format!("rename_products_to_{long}"), ""),
        (format!("rename_price_to_{long}_on_products"), ""),
    ] {
        let error = generate(&slug, fields, None).unwrap_err();
        assert!(matches!(error, WriteError::NameTooLong { .. }), "{slug}: {error}");
        assert!(error.is_wrong_use());
    }
}

#[test]
fn drops_and_changes_require_a_database() {
    for (slug, fields) in [("drop_widgets", ""), ("change_a_on_widgets", "a:text")] {
        let error = generate(slug, fields, None).unwrap_err();
        assert!(matches!(error, WriteError::DatabaseRequired { .. }), "{error}");
        assert!(!error.is_wrong_use());
    }
}
