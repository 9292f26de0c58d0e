//! What is written, and the exact words where nothing is. The texts themselves are compiled and run by
//! `crates/acceptance`.

mod told;

use rstest::rstest;

use super::*;
use crate::intent::Readings;

pub(super) fn written_of(
    slug: &str,
    fields: &str,
    present: Option<&Present>,
) -> Result<Written, WriteError> {
    let chosen = Readings::parse(slug).choose(Some(fields), present)?;
    write(&Request {
        slug,
        intent: &chosen.intent,
        fields: Some(fields),
        present,
        extensions: &BTreeSet::from(["ltree".to_owned()]),
    })
}

pub(super) fn refused(slug: &str, fields: &str, message: &str, hint: &str) -> WriteError {
    let error = written_of(slug, fields, Some(&odd())).unwrap_err();
    assert_eq!(error.to_string(), message);
    assert!(error.hint().starts_with(hint), "{}", error.hint());
    error
}

fn files_of(slug: &str, fields: &str) -> (Vec<GeneratedFile>, Vec<String>) {
    match written_of(slug, fields, None) {
        Ok(Written::Files { files, notes, .. }) => (files, notes),
        other => panic!("{other:?}"),
    }
}

fn slugs(slug: &str, fields: &str) -> Vec<String> {
    files_of(slug, fields).0.into_iter().map(|file| file.slug).collect()
}

/// A database with some tables, in which nothing is as it usually is.
pub(super) fn odd() -> Present {
    Present::read(&odd_text()).unwrap()
}

fn odd_text() -> String {
    let table = r#"{
        "name": "products", "comment": null, "triggers": [],
        "columns": [
            {"name": "id", "sql_type": "integer", "is_enum": false, "not_null": true, "default": null,
             "generated": null, "identity": "ALWAYS", "serial": false, "collation": null, "comment": null, "beyond": []},
            {"name": "price", "sql_type": "integer", "is_enum": false, "not_null": false, "default": "1",
             "generated": null, "identity": null, "serial": false, "collation": null, "comment": null, "beyond": []},
            {"name": "kind", "sql_type": "product_kind", "is_enum": true, "not_null": false, "default": null,
             "generated": null, "identity": null, "serial": false, "collation": null, "comment": null, "beyond": []}
        ],
        "constraints": [
            {"name": "one", "kind": "c", "definition": "CHECK (price > 0)", "comment": null, "columns": ["price"]},
            {"name": "two", "kind": "c", "definition": "CHECK (price < 9)", "comment": null, "columns": ["price"]},
            {"name": "products_kind_key", "kind": "u", "definition": "UNIQUE (kind)", "comment": null, "columns": ["kind"]},
            {"name": "products_kind_check", "kind": "c", "definition": "CHECK (true)", "comment": null, "columns": []},
            {"name": "products_buyer_id_fkey", "kind": "f", "definition": "", "comment": null, "columns": ["price"]}
        ],
        "indexes": [], "needed_by": [], "beyond": ["grants", "row security"]
    }"#;
    let needed = table
        .replace("\"products\"", "\"orders\"")
        .replace("\"needed_by\": []", "\"needed_by\": [\"the view paid\"]");
    let singular = table.replace("\"products\"", "\"person\"");
    let users = table.replace("\"products\"", "\"users\"");
    let others = [
        ("orders", "table", "\"integer\""),
        ("person", "table", "\"uuid\""),
        ("products", "table", "\"integer\""),
        ("users", "table", "\"uuid\""),
        ("products_price_idx", "index", "null"),
        ("product_size", "enum type", "null"),
    ]
    .map(|(name, kind, key)| format!(r#"{{"name": "{name}", "kind": "{kind}", "key": {key}}}"#))
    .join(", ");
    format!(
        r#"{{"tables": [{table}, {needed}, {singular}, {users}],
            "enums": [{{"name": "mood", "values": ["calm"], "used_by": ["mood of users"]}}], "others": [{others}]}}"#
    )
}

/// The same, with nothing that keeps a table from being dropped.
fn odd_without_what_is_beyond() -> Present {
    let text = odd_text().replace(r#""beyond": ["grants", "row security"]"#, r#""beyond": []"#);
    Present::read(&text).unwrap()
}

#[rstest]
#[case("create_widgets", "a:citext b:ltree", &["create_citext", "create_widgets"])]
#[case("add_a_to_widgets", "a:string=x b:integer!=0", &["add_a_to_widgets"])]
#[case("add_a_to_widgets", "a:string!", &["add_a_to_widgets", "backfill_a_of_widgets", "require_a_of_widgets"])]
#[case("add_a_to_widgets", "a:string! b:references!", &["add_a_to_widgets", "backfill_a_of_widgets", "backfill_b_id_of_widgets", "require_a_and_b_id_of_widgets", "index_b_id_of_widgets"])]
#[case("add_a_to_widgets", "a:bigserial!:unique", &["add_a_to_widgets", "index_a_of_widgets"])]
#[case("add_team_ref_to_widgets", "", &["add_team_ref_to_widgets", "index_team_id_of_widgets"])]
#[case("add_check_to_widgets_on_a", "a > 0", &["add_check_to_widgets_on_a", "validate_widgets_a_check"])]
fn as_many_scripts_are_written_as_are_safe(
    #[case] slug: &str,
    #[case] fields: &str,
    #[case] expected: &[&str],
) {
    assert_eq!(slugs(slug, fields), expected);
}

#[test]
fn what_the_rows_of_old_get_is_said() {
    let (_, notes) = files_of("add_a_to_widgets", "a:string! b:references! c:boolean!:fill(a = b)");
    assert_eq!(
        notes,
        [
            "the rows that `widgets` has get '' as `a`, in backfill_a_and_c_of_widgets; another value is \
             given by :fill(SQL) behind the type",
            "what the rows that `widgets` has get as `b_id` is yours to write, in backfill_b_id_of_widgets; \
             or give it by :fill(SQL) behind the type",
            "one `make migrate-up` applies all of these. In production deploy the first alone, by \
             `migrate-up --to add_a_to_widgets` (with make: to=), with an application that writes `a`, `b_id` \
             and `c`, and then the others"
        ]
    );
}

#[rstest]
#[case("a:uuid=uuid_generate_v4()", 1)]
#[case("a:serial", 1)]
#[case("a:timestamptz=now()", 0)]
#[case("a:string='x()'", 0)]
fn a_column_for_which_the_table_is_written_anew_is_noted(
    #[case] field: &str,
    #[case] notes: usize,
) {
    assert_eq!(files_of("add_a_to_widgets", field).1.len(), notes);
}

#[test]
fn rows_without_a_key_to_go_through_them_by_are_left_to_be_filled_in() {
    let written = written_of("add_a_to_products", "a:string!:fill('x')", Some(&odd()));
    let Ok(Written::Files { files, notes, .. }) = written else { panic!("{written:?}") };
    assert!(files[1].text.contains("schema.not_written(file!())"), "{}", files[1].text);
    assert_eq!(
        notes,
        [
            "what the rows that `products` has get as `a` is yours to write, in backfill_a_of_products; it has \
          no key of one uuid or integer to go through them by",
            "one `make migrate-up` applies all of these. In production deploy the first alone, by \
             `migrate-up --to add_a_to_products` (with make: to=), with an application that writes `a`, and then \
             the others"
        ]
    );
}

#[test]
fn one_value_for_all_rows_is_no_answer_where_each_is_unique() {
    let (files, _) = files_of("add_a_to_widgets", "a:string!:unique");
    assert!(files[1].text.contains("schema.not_written(file!())"), "{}", files[1].text);
}

#[rstest]
#[case(
    "create_widgets",
    "with a list of fields it is written by itself: fields='name:string! price:decimal(10,2)'"
)]
#[case(
    "change_price_on_products",
    "with a list of fields it is written by itself: fields='price:string(100)'"
)]
#[case(
    "do_something",
    "not among the names that write the migration by themselves:\n  createWidgets "
)]
fn what_cannot_be_derived_is_left_to_be_written(#[case] slug: &str, #[case] expected: &str) {
    let written = written_of(slug, " ", None);
    let Ok(Written::Unwritten { why }) = written else { panic!("{written:?}") };
    assert!(why.starts_with(expected), "{why}");
}

#[rstest]
#[case(
    "do_something",
    "a:string",
    "there are fields, and `do_something` is not among the names that take them",
    "the names are:"
)]
#[case("drop_widgets", "a:string", "`drop_widgets` takes no fields", "leave fields= out")]
#[case(
    "add_team_ref_to_widgets",
    "user:references",
    "`add_team_ref_to_widgets` is about `team`, and the field is another one",
    "fields='team:TYPE'"
)]
#[case(
    "change_price_on_products",
    "name:text",
    "`change_price_on_products` is about `price`, and the field is another one",
    "fields='price:TYPE'"
)]
#[case(
    "create_widgets",
    "a:strin",
    "field `a:strin`: there is no type `strin`",
    "did you mean string?"
)]
#[case(
    "drop_widget",
    "",
    "the database has no table `widget` or `widgets`",
    "make db-psql shows what there is; to write it by hand: args=--unwritten"
)]
#[case(
    "drop_product_table",
    "",
    "`products` has what `down` would not restore: grants, row security",
    "take that away in a migration before this one, whose down puts it back; to write it by hand: args=--unwritten"
)]
#[case(
    "drop_orders",
    "",
    "`orders` cannot go while something needs it: the view paid",
    "drop that first"
)]
#[case(
    "drop_mood_enum",
    "",
    "`mood` cannot go while something needs it: mood of users",
    "drop that first"
)]
#[case(
    "drop_temper_enum",
    "",
    "the database has no enum type `temper`",
    "make db-psql shows what there is"
)]
#[case(
    "drop_size_enum",
    "",
    "the database has no enum type `size`",
    "did you mean `product_size`? Otherwise to write it by hand"
)]
#[case(
    "add_void_to_temper_enum",
    "",
    "the database has no enum type `temper`",
    "make db-psql shows what there is"
)]
#[case(
    "add_calm_to_mood_enum",
    "",
    "enum type `mood` has a value `calm` already",
    "choose another one"
)]
#[case(
    "add_void_to_mood_enum",
    "vacant",
    "`add_void_to_mood_enum` is about `void`, and fields= about `vacant`",
    "leave fields= out"
)]
#[case(
    "remove_void_from_mood_enum",
    "",
    "enum type `mood` has no value `void`; its values are calm",
    "fields='in-progress' says how a value is spelt"
)]
#[case(
    "rename_void_to_paid_on_mood_enum",
    "",
    "enum type `mood` has no value `void`; its values are calm",
    "fields="
)]
#[case(
    "rename_calm_to_calm_on_mood_enum",
    "",
    "`rename_calm_to_calm_on_mood_enum` changes nothing: `calm` is called that already",
    "say in name="
)]
#[case(
    "add_colour_to_products",
    "color:string!",
    "`add_colour_to_products` is about `colour`, and fields= about `color`",
    "fields='colour:string!', or name=add_color_to_products"
)]
#[case(
    "add_x_and_y_to_products",
    "a:string b:integer",
    "`add_x_and_y_to_products` is about `x` and `y`, and fields= about `a` and `b`",
    "fields='x:string y:integer', or name=add_a_and_b_to_products"
)]
#[case(
    "remove_prices_from_products",
    "",
    "`products` has no column `prices`",
    "did you mean `price`? Otherwise to write it by hand"
)]
#[case(
    "remove_price_from_product_kinds",
    "",
    "the database has no table `product_kinds`",
    "did you mean `products`?"
)]
#[case(
    "remove_index_from_products_on_price",
    "",
    "`products` has no index on `price`",
    "make db-psql"
)]
#[case(
    "remove_index_from_products_on_kind",
    "",
    "`products` has no index on `kind`, but the constraint `products_kind_key`",
    "make db-psql"
)]
#[case(
    "remove_check_from_products_on_price",
    "",
    "`products` has several that could be meant: one, two",
    "the name does not say which"
)]
#[case(
    "remove_check_from_products",
    "",
    "`products` has no check `products_check`",
    "make db-psql"
)]
#[case(
    "change_price_on_products",
    "price:integer=1",
    "`price` of `products` is like that already",
    "say in fields="
)]
#[case(
    "change_id_on_products",
    "id_:integer",
    "`change_id_on_products` is about `id`, and the field is another one",
    "fields="
)]
#[case(
    "change_kind_on_products",
    "kind:enum(a)",
    "`kind` of `products`: it has an enum type already, and names such as addVoidToStatusEnum change its values",
    "add a new column"
)]
#[case(
    "change_price_on_products",
    "price:references",
    "`price` of `products`: that would be another column and a foreign key",
    "add a new column"
)]
#[case(
    "change_price_on_products",
    "price:integer!",
    "`price` of `products`: it has rows to fill in, and no key of one uuid or integer to do that by, batch after batch",
    "add a new column"
)]
fn nothing_is_written_and_why_is_told(
    #[case] slug: &str,
    #[case] fields: &str,
    #[case] message: &str,
    #[case] hint: &str,
) {
    refused(slug, fields, message, hint);
}

#[test]
fn an_index_of_a_long_name_says_the_name_that_postgresql_keeps() {
    let (files, _) = files_of("add_index_to_widgets_on_a", "");
    assert!(files[0].text.contains("index(\"widgets\", [\"a\"]).concurrently()"));
    let column = "c".repeat(60);
    let (files, _) = files_of(&format!("add_index_to_widgets_on_{column}"), "");
    let name = format!("widgets_{}_3426ca33_idx", "c".repeat(42));
    assert!(files[0].text.contains(&format!(".name(\"{name}\")")), "{}", files[0].text);
    assert!(files[0].text.contains(&format!("remove_index_concurrently(\"{name}\")")));
}
