//! Tests that a script that would fail on the existing database is refused.

use rstest::rstest;

use crate::migration::tests::{odd, refused, written_of};
use crate::{MigrationOutcome, WriteError};

#[rstest]
#[case::table(
    "create_order",
    "a:text",
    "the database already has a table `orders`, the plural of `order`",
    "choose another name, or add columns: make create-migration name=addColumnsToOrders fields=…; \
        or write the script by hand with args=--unwritten"
)]
#[case::join_table(
    "create_join_table_orders_users",
    "",
    "field `order:references(orders)!:cascade` refers to `orders`, which has no `id` of type uuid",
    ""
)]
#[case::target(
    "create_widgets",
    "buyer:references(usr)",
    "field `buyer:references(usr)` refers to the table `usrs`, which does not exist",
    "did you mean buyer:references(users)? Otherwise "
)]
#[case::target(
    "create_widgets",
    "buyer:references(qqq)",
    "field `buyer:references(qqq)` refers to the table `qqqs`, which does not exist",
    "create the table first, in a separate migration; or "
)]
#[case::key(
    "create_widgets",
    "order:references",
    "field `order:references` refers to `orders`, which has no `id` of type uuid",
    "write the script by hand "
)]
#[case::enumeration(
    "create_product_table",
    "size:enum(s,m)",
    "the database already has a table `products`, the plural of `product`",
    ""
)]
#[case::enumeration(
    "add_size_to_products",
    "size:enum(s,m)",
    "the database already has an enum type `product_size`",
    "choose another name, or drop or rename the existing object first; or "
)]
#[case::enumeration(
    "create_product_size_enum",
    "s m",
    "the database already has an enum type `product_size`",
    ""
)]
#[case::no_table(
    "add_name_to_produkt",
    "name:text",
    "the database has no table `produkt` or `produkts`",
    "did you mean `products`? Otherwise "
)]
#[case::no_table(
    "add_check_to_qqq",
    "a > 0",
    "the database has no table `qqq` or `qqqs`",
    "make db-psql shows the existing objects; "
)]
#[case::no_table("rename_widgets_to_gadgets", "", "the database has no table `widgets`", "")]
#[case::no_table("rename_a_to_b_on_widgets", "", "the database has no table `widgets`", "")]
#[case::no_table("add_user_ref_to_widgets", "", "the database has no table `widgets`", "")]
#[case::no_table("create_join_table_widgets_users", "", "the database has no table `widgets`", "")]
#[case::no_target(
    "add_usr_ref_to_products",
    "",
    "field `usr:references` refers to the table `usrs`, which does not exist",
    "did you mean usr:references(users)? Otherwise "
)]
#[case::no_target(
    "create_widgets",
    "pers:references",
    "field `pers:references` refers to the table `pers`, which does not exist",
    "did you mean pers:references(person)? Otherwise "
)]
#[case::column(
    "add_price_to_products",
    "price:integer",
    "`products` already has a column `price`",
    "choose another name, or change the column: make create-migration name=changePriceOnProducts \
        fields='price:TYPE'; "
)]
#[case::column(
    "rename_kind_to_price_on_products",
    "",
    "`products` already has a column `price`",
    ""
)]
#[case::no_column(
    "rename_prize_to_cost_on_products",
    "",
    "`products` has no column `prize`",
    "did you mean `price`? "
)]
#[case::no_column(
    "add_index_to_products_on_price_and_knd",
    "",
    "`products` has no column `knd`",
    "did you mean `kind`? "
)]
#[case::no_column(
    "add_check_to_products_on_prize",
    "prize > 0",
    "`products` has no column `prize`",
    "did you mean `price`? "
)]
#[case::no_column(
    "change_prize_on_products",
    "prize:text",
    "`products` has no column `prize`",
    "did you mean `price`? "
)]
#[case::index(
    "add_index_to_products_on_price",
    "",
    "the database already has an index `products_price_idx`",
    "choose another name, or drop or rename the existing object first; or "
)]
#[case::index(
    "change_price_on_products",
    "price:text:index",
    "the database already has an index `products_price_idx`",
    ""
)]
#[case::check(
    "add_check_to_products_on_kind",
    "true",
    "`products` already has a constraint `products_kind_check`",
    ""
)]
#[case::foreign_key(
    "add_buyer_ref_to_products",
    "buyer:references(users)",
    "`products` already has a constraint `products_buyer_id_fkey`",
    ""
)]
#[case::rename(
    "rename_products_to_order_table",
    "",
    "the database already has a table `orders`, the plural of `order`",
    ""
)]
fn operations_that_would_fail_are_refused(
    #[case] slug: &str,
    #[case] fields: &str,
    #[case] message: &str,
    #[case] hint: &str,
) {
    assert!(!refused(slug, fields, message, hint).is_wrong_use());
}

#[rstest]
#[case("create_widgets", "widget:references user:references size:enum(a,b) price:integer:index")]
#[case("add_name_and_user_to_products", "name:text user:references")]
#[case("rename_kind_to_sort_on_products", "")]
#[case("add_unique_index_to_products_on_kind_and_price", "")]
#[case("add_check_to_products_on_price", "price > 0")]
#[case("create_mood_of_people_enum", "a b")]
fn valid_operations_are_generated(#[case] slug: &str, #[case] fields: &str) {
    let written = written_of(slug, fields, Some(&odd())).unwrap();
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
    let written = written_of(slug, fields, Some(&odd()));
    let Ok(MigrationOutcome::Generated { files, .. }) = written else { panic!("{written:?}") };
    assert!(files[0].text.contains(expected), "{}", files[0].text);
}

#[rstest]
#[case(
    "rename_products_to_product",
    "`rename_products_to_product` changes nothing: the name is already `products`"
)]
#[case(
    "rename_price_to_price_on_products",
    "`rename_price_to_price_on_products` changes nothing: the name is already `price`"
)]
fn a_rename_to_the_same_name_is_refused(#[case] slug: &str, #[case] message: &str) {
    let error = written_of(slug, "", None).unwrap_err();
    assert_eq!(error.to_string(), message);
    assert!(error.is_wrong_use());
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
        let error = written_of(&slug, fields, None).unwrap_err();
        assert!(matches!(error, WriteError::NameTooLong { .. }), "{slug}: {error}");
        assert!(error.is_wrong_use());
    }
}

#[test]
fn drops_and_changes_require_a_database() {
    for (slug, fields) in [("drop_widgets", ""), ("change_a_on_widgets", "a:text")] {
        let error = written_of(slug, fields, None).unwrap_err();
        assert!(matches!(error, WriteError::DatabaseRequired { .. }), "{error}");
        assert!(!error.is_wrong_use());
    }
}
