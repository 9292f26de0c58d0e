//! What the database has, and what a script would stumble over.

use rstest::rstest;

use crate::write::tests::{odd, refused, written_of};
use crate::{WriteError, Written};

#[rstest]
#[case::table(
    "create_order",
    "a:text",
    "the database has a table `orders` already, which is what `order` becomes",
    "choose another name, or add to it: make create-migration name=addColumnsToOrders fields=…; to write it by hand: args=--unwritten"
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
    "field `buyer:references(usr)` refers to `usrs`, and the database has no such table",
    "did you mean buyer:references(users)? Otherwise "
)]
#[case::target(
    "create_widgets",
    "buyer:references(qqq)",
    "field `buyer:references(qqq)` refers to `qqqs`, and the database has no such table",
    "create that first, in a migration of its own; "
)]
#[case::key(
    "create_widgets",
    "order:references",
    "field `order:references` refers to `orders`, which has no `id` of type uuid",
    "to write it by hand: "
)]
#[case::enumeration(
    "create_product_table",
    "size:enum(s,m)",
    "the database has a table `products` already, which is what `product` becomes",
    ""
)]
#[case::enumeration(
    "add_size_to_products",
    "size:enum(s,m)",
    "the database has an enum type `product_size` already",
    "choose another name, or drop or rename that first; "
)]
#[case::enumeration(
    "create_product_size_enum",
    "s m",
    "the database has an enum type `product_size` already",
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
    "make db-psql shows what there is; "
)]
#[case::no_table("rename_widgets_to_gadgets", "", "the database has no table `widgets`", "")]
#[case::no_table("rename_a_to_b_on_widgets", "", "the database has no table `widgets`", "")]
#[case::no_table("add_user_ref_to_widgets", "", "the database has no table `widgets`", "")]
#[case::no_table("create_join_table_widgets_users", "", "the database has no table `widgets`", "")]
#[case::no_target(
    "add_usr_ref_to_products",
    "",
    "field `usr:references` refers to `usrs`, and the database has no such table",
    "did you mean usr:references(users)? Otherwise "
)]
#[case::no_target(
    "create_widgets",
    "pers:references",
    "field `pers:references` refers to `pers`, and the database has no such table",
    "did you mean pers:references(person)? Otherwise "
)]
#[case::column(
    "add_price_to_products",
    "price:integer",
    "`products` has a column `price` already",
    "choose another name, or change it: make create-migration name=changePriceOnProducts fields='price:TYPE'; "
)]
#[case::column(
    "rename_kind_to_price_on_products",
    "",
    "`products` has a column `price` already",
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
    "the database has an index `products_price_idx` already",
    "choose another name, or drop or rename that first; "
)]
#[case::index(
    "change_price_on_products",
    "price:text:index",
    "the database has an index `products_price_idx` already",
    ""
)]
#[case::check(
    "add_check_to_products_on_kind",
    "true",
    "the database has a constraint of `products` `products_kind_check` already",
    ""
)]
#[case::foreign_key(
    "add_buyer_ref_to_products",
    "buyer:references(users)",
    "the database has a constraint of `products` `products_buyer_id_fkey` already",
    ""
)]
#[case::rename(
    "rename_products_to_order_table",
    "",
    "the database has a table `orders` already, which is what `order` becomes",
    ""
)]
fn what_would_fail_is_refused(
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
fn what_works_is_written(#[case] slug: &str, #[case] fields: &str) {
    let written = written_of(slug, fields, Some(&odd())).unwrap();
    assert!(matches!(written, Written::Files { .. }), "{written:?}");
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
fn a_table_in_the_singular_keeps_its_name(
    #[case] slug: &str,
    #[case] fields: &str,
    #[case] expected: &str,
) {
    let written = written_of(slug, fields, Some(&odd()));
    let Ok(Written::Files { files, .. }) = written else { panic!("{written:?}") };
    assert!(files[0].text.contains(expected), "{}", files[0].text);
}

#[rstest]
#[case(
    "rename_products_to_product",
    "`rename_products_to_product` changes nothing: `products` is called that already"
)]
#[case(
    "rename_price_to_price_on_products",
    "`rename_price_to_price_on_products` changes nothing: `price` is called that already"
)]
fn what_is_renamed_gets_another_name(#[case] slug: &str, #[case] message: &str) {
    let error = written_of(slug, "", None).unwrap_err();
    assert_eq!(error.to_string(), message);
    assert!(error.is_wrong_use());
}

#[test]
fn a_name_that_postgresql_would_cut_is_refused() {
    let long = "x".repeat(64);
    for (slug, fields) in [
        (format!("create_{long}_table"), "a:text"),
        (format!("create_{long}_enum"), "a b"),
        (format!("rename_products_to_{long}"), ""),
        (format!("rename_price_to_{long}_on_products"), ""),
    ] {
        let error = written_of(&slug, fields, None).unwrap_err();
        assert!(matches!(error, WriteError::LongName { .. }), "{slug}: {error}");
        assert!(error.is_wrong_use());
    }
}

#[test]
fn what_goes_or_changes_is_not_written_without_the_database() {
    for (slug, fields) in [("drop_widgets", ""), ("change_a_on_widgets", "a:text")] {
        let error = written_of(slug, fields, None).unwrap_err();
        assert!(matches!(error, WriteError::NotAsked { .. }), "{error}");
        assert!(!error.is_wrong_use());
    }
}
