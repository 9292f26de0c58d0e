//! Tests of each operation's names, and of similar names without a meaning.

use rstest::rstest;

use super::*;

fn parse(slug: &str) -> Operation {
    Interpretations::parse(slug).likeliest().clone()
}

fn table(input: &str) -> TableName {
    TableName::new(input)
}

fn columns(names: &[&str]) -> Columns {
    Columns(names.iter().map(|name| (*name).to_owned()).collect())
}

#[rstest]
#[case("create_widgets", "widgets")]
#[case("create_widget", "widgets")]
#[case("create_user_table", "users")]
#[case("create_users_table", "users")]
#[case("create_table_users", "users")]
#[case("create_user_profiles", "user_profiles")]
#[case("create_category", "categories")]
#[case("create_widgets_again", "widgets")]
#[case("create_people", "people")]
fn a_created_table_has_a_plural_name(#[case] slug: &str, #[case] expected: &str) {
    let Operation::CreateTable(table) = parse(slug) else {
        panic!("{:?}", parse(slug));
    };
    assert_eq!(table.plural, expected);
}

#[rstest]
#[case("drop_widgets", Operation::DropTable(table("widgets")))]
#[case("drop_user_table", Operation::DropTable(table("user")))]
#[case("drop_join_table_users_roles", Operation::DropTable(table("users_roles")))]
#[case("rename_organizations_to_accounts", Operation::RenameTable { from: table("organizations"), to: table("accounts") })]
#[case("rename_user_table_to_account_table", Operation::RenameTable { from: table("user"), to: table("account") })]
#[case("add_stripe_customer_id_to_organizations", Operation::AddColumns(table("organizations"), columns(&["stripe_customer_id"])))]
#[case("add_name_and_price_to_products", Operation::AddColumns(table("products"), columns(&["name", "price"])))]
#[case("add_reply_to_to_messages", Operation::AddColumns(table("messages"), columns(&["reply_to"])))]
#[case("remove_name_from_products", Operation::RemoveColumns(table("products"), columns(&["name"])))]
#[case("remove_name_and_price_from_products", Operation::RemoveColumns(table("products"), columns(&["name", "price"])))]
#[case("remove_organization_ref_from_widgets", Operation::RemoveColumns(table("widgets"), columns(&["organization_ref"])))]
#[case("rename_name_to_title_on_products", Operation::RenameColumn { table: table("products"), from: "name".to_owned(), to: "title".to_owned() })]
#[case("rename_name_to_title_in_products", Operation::RenameColumn { table: table("products"), from: "name".to_owned(), to: "title".to_owned() })]
#[case("change_price_on_products", Operation::ChangeColumn(table("products"), "price".to_owned()))]
#[case("change_price_of_products", Operation::ChangeColumn(table("products"), "price".to_owned()))]
#[case("add_index_to_users_on_email", Operation::AddIndex(table("users"), columns(&["email"]), Uniqueness::Any))]
#[case("add_unique_index_to_members_on_team_id_and_user_id", Operation::AddIndex(table("members"), columns(&["team_id", "user_id"]), Uniqueness::Unique))]
#[case("remove_index_from_users_on_email", Operation::RemoveIndex(table("users"), columns(&["email"]), Uniqueness::Any))]
#[case("remove_unique_index_from_users_on_email", Operation::RemoveIndex(table("users"), columns(&["email"]), Uniqueness::Unique))]
#[case("add_organization_ref_to_widgets", Operation::AddReference { table: table("widgets"), to: "organization".to_owned() })]
#[case("add_organization_reference_to_widgets", Operation::AddReference { table: table("widgets"), to: "organization".to_owned() })]
#[case("create_join_table_users_roles", Operation::CreateJoinTable(table("users"), table("roles")))]
#[case("create_join_table_user_role", Operation::CreateJoinTable(table("user"), table("role")))]
#[case(
    "create_join_table_user_profiles_roles",
    Operation::CreateJoinTable(table("user_profiles"), table("roles"))
)]
#[case(
    "create_join_table_user_profile_and_auth_role",
    Operation::CreateJoinTable(table("user_profile"), table("auth_role"))
)]
#[case("add_check_to_products_on_price", Operation::AddCheck(table("products"), Some("price".to_owned())))]
#[case("add_check_to_products", Operation::AddCheck(table("products"), None))]
#[case("remove_check_from_products_on_price", Operation::RemoveCheck(table("products"), Some("price".to_owned())))]
#[case("create_status_enum", Operation::CreateEnum("status".to_owned()))]
#[case("drop_status_enum", Operation::DropEnum("status".to_owned()))]
#[case("create_enum_status", Operation::CreateEnum("status".to_owned()))]
#[case("create_users_roles_join_table", Operation::CreateJoinTable(table("users"), table("roles")))]
#[case("drop_name_from_products", Operation::RemoveColumns(table("products"), columns(&["name"])))]
#[case("drop_index_from_users_on_email", Operation::RemoveIndex(table("users"), columns(&["email"]), Uniqueness::Any))]
#[case("add_column_color_to_products", Operation::AddColumns(table("products"), columns(&["color"])))]
#[case("remove_column_name_from_products", Operation::RemoveColumns(table("products"), columns(&["column_name"])))]
#[case("rename_column_name_to_title_on_products", Operation::RenameColumn { table: table("products"), from: "name".to_owned(), to: "title".to_owned() })]
#[case("alter_price_on_products", Operation::ChangeColumn(table("products"), "price".to_owned()))]
#[case("add_void_to_status_enum", Operation::AddEnumValues("status".to_owned(), columns(&["void"])))]
#[case("add_value_void_to_status_enum", Operation::AddEnumValues("status".to_owned(), columns(&["void"])))]
#[case("add_void_value_to_status_enum", Operation::AddEnumValues("status".to_owned(), columns(&["void"])))]
#[case("add_values_void_and_in_trial_to_status_enum", Operation::AddEnumValues("status".to_owned(), columns(&["void", "in_trial"])))]
#[case("remove_void_from_status_enum", Operation::RemoveEnumValues("status".to_owned(), columns(&["void"])))]
#[case("rename_void_to_canceled_on_status_enum", Operation::RenameEnumValue { name: "status".to_owned(), from: "void".to_owned(), to: "canceled".to_owned() })]
#[case("rename_void_to_canceled_in_status_enum", Operation::RenameEnumValue { name: "status".to_owned(), from: "void".to_owned(), to: "canceled".to_owned() })]
fn a_name_is_parsed_into_its_operation(#[case] slug: &str, #[case] expected: Operation) {
    assert_eq!(parse(slug), expected);
}

#[rstest]
#[case("widgets")]
#[case("create")]
#[case("create_table")]
#[case("create_index_on_users")]
#[case("create_extension_citext")]
#[case("create_join_table_users")]
#[case("create_join_table_auth_user_team_role")]
#[case("add_index_to_users")]
#[case("remove_index_from_users")]
#[case("rename_a_to_b_to_c")]
#[case("add_foreign_key_to_products")]
#[case("add_not_null_to_price_on_products")]
#[case("remove_primary_key_from_products")]
#[case("rename_status_enum_to_mood_enum")]
#[case("rename_name_on_products")]
#[case("change_everything")]
#[case("backfill_display_name_of_users")]
#[case("index_stripe_customer_id_of_organizations")]
fn a_name_that_matches_no_known_pattern_has_no_operation(#[case] slug: &str) {
    assert_eq!(parse(slug), Operation::Other);
}

#[test]
fn a_list_of_words_is_one_column_if_the_table_has_it() {
    let columns = Columns::parse("terms_and_conditions");
    assert_eq!(columns.resolve(|name| name == "terms_and_conditions"), ["terms_and_conditions"]);
    assert_eq!(columns.resolve(|_| false), ["terms", "conditions"]);
}

#[test]
fn every_example_has_an_operation() {
    for example in EXAMPLES {
        for name in example.split(", ") {
            let name = name.split_whitespace().next().unwrap_or_default();
            let slug = heck::ToSnakeCase::to_snake_case(name);
            assert_ne!(parse(&slug), Operation::Other, "{name}");
        }
    }
}

#[rstest]
#[case("change_price_on_gadgets_again", "change_price_on_gadgets")]
#[case("add_index_to_users_on_email_again", "add_index_to_users_on_email")]
#[case("add_check_to_gadgets_on_price_again", "add_check_to_gadgets_on_price")]
fn the_suffix_again_does_not_change_the_operation(#[case] slug: &str, #[case] first: &str) {
    assert_eq!(parse(slug), parse(first));
    assert_ne!(parse(slug), Operation::Other);
}
