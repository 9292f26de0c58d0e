use std::collections::BTreeMap;

use rstest::rstest;
use seedbed_config::EntityOptions;
use seedbed_schema::DatabaseSchema;
use seedbed_schema::model::{
    BaseType, Column, ColumnValue, ConstraintKind, DataType, GeneratedStorage, QualifiedName, Table,
};
use test_support::assert_snapshot;

use super::*;
use crate::test_schema::{
    add_constraint, add_enum, column, enum_column, public, required, schema, table, with_default,
};

/// Returns the widgets, whose key is the given column.
fn widgets(key: Column) -> Table {
    let name = key.name.clone();
    let mut widgets = table(
        "widgets",
        [
            key,
            required(column("name", "text")),
            required(column("slug", "text")),
            required(column("organization_id", "uuid")),
            required(enum_column("mood", "mood")),
            column("color", "text"),
            required(with_default(column("created_at", "timestamp with time zone"), "now()")),
        ],
    );
    widgets.comment = Some("products that an organization makes.\nAnd sells.".to_owned());
    add_constraint(&mut widgets, "pkey", ConstraintKind::PrimaryKey, &[&name], "");
    add_constraint(&mut widgets, "key", ConstraintKind::Unique, &["slug"], "");
    let both = ["name", "organization_id"];
    add_constraint(&mut widgets, "both_key", ConstraintKind::Unique, &both, "");
    widgets
}

/// Returns the key of a table whose rows get their keys from the database.
fn id() -> Column {
    required(with_default(column("id", "uuid"), "gen_random_uuid()"))
}

/// Returns the table `widgets` after a change of one of its columns.
fn widgets_with(name: &str, change: impl Fn(&mut Column)) -> Table {
    let mut widgets = widgets(id());
    change(widgets.columns.iter_mut().find(|column| column.name == name).unwrap());
    widgets
}

fn write(table: Table, options: &EntityOptions) -> Result<GeneratedModel, ModelError> {
    let name = table.name.name.clone();
    let mut schema: DatabaseSchema = schema([table]);
    add_enum(&mut schema, "mood", &["glad", "sad"]);
    let described = seedbed_entities::describe(&schema, options, &BTreeMap::new(), &name);
    write_model(&described.unwrap().expect("the table has an entity"))
}

fn written(table: Table) -> GeneratedModel {
    write(table, &EntityOptions::default()).unwrap()
}

fn assert_parts(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn create_takes_the_required_columns() {
    let written = written(widgets(id()));
    assert_parts(
        &written.model,
        &[
            "//! Widgets: products that an organization makes.\n\nuse",
            "use entity::widget::{ActiveModel, Entity, Model, Mood};",
            "/// Returns [`Error::Taken`] if another widget has the slug.",
            "create(db: &impl ConnectionTrait, name: &str, slug: &str, organization_id: Uuid, mood: Mood)",
            "slug: Set(slug.to_owned()), organization_id: Set(organization_id), mood: Set(mood), ..",
            "Error::taken(error, \"slug\", slug)",
            "pub async fn get(db: &impl ConnectionTrait, id: Uuid)",
            "Error::not_found(\"widget\", id)",
        ],
    );
    assert!(written.test.contains("async fn a_missing_widget_is_reported()"));
}

#[test]
fn an_entity_without_a_supported_key_is_refused() {
    let open_enum = "[entities.enums.mood]\nother = true";
    let open_enum = seedbed_config::ProjectFile::parse(open_enum).unwrap().entities;
    let defaults = EntityOptions::default();
    let report = [
        write(widgets(required(column("id", "jsonb"))), &defaults),
        write(widgets(required(column("id", "daterange"))), &defaults),
        write(widgets(required(enum_column("id", "mood"))), &open_enum),
    ]
    .map(|written| {
        let error = written.unwrap_err();
        format!("{error}\n  hint: {}", error.hint())
    });
    assert_snapshot!("unsupported_keys", report.join("\n"));
}

#[test]
fn a_crate_path_in_a_column_type_is_written_as_entity_in_the_model() {
    let types = "[entities.tables.widgets.columns]\nname.type = \"crate::Money\"
        slug.type = \"Vec<crate::money::Cents>\"\ncolor.type = \"Time\"
        organization_id.type = \"my_crate::Key<crate_of::Id>\"";
    let options = seedbed_config::ProjectFile::parse(types).unwrap().entities;
    let create = "name: entity::Money, slug: Vec<entity::money::Cents>, \
                  organization_id: my_crate::Key<crate_of::Id>, mood: Mood)";
    assert_parts(&write(widgets(id()), &options).unwrap().model, &[create]);
}

#[test]
fn a_key_without_a_default_is_an_argument_of_create() {
    let mut widgets = widgets(required(column("code", "text")));
    widgets.constraints.remove("key");
    assert_parts(
        &written(widgets).model,
        &[
            "create(db: &impl ConnectionTrait, code: &str, name: &str,",
            "code: Set(code.to_owned()), ",
            "/// Returns [`Error::Taken`] if it already exists.",
            "Error::taken(error, \"widget\", code)",
            "find_by_id(code.to_owned())",
        ],
    );
}

#[test]
fn a_composite_key_keeps_the_order_of_its_columns() {
    let columns = [column("user_id", "uuid"), enum_column("mood", "mood"), citext("db")];
    let mut users_roles = table("users_roles", columns.map(required));
    let key = ["user_id", "mood", "db"];
    add_constraint(&mut users_roles, "pkey", ConstraintKind::PrimaryKey, &key, "");
    let written = written(users_roles);
    assert_parts(
        &written.model,
        &[
            "//! User roles.\n",
            "use entity::users_role::{ActiveModel, Entity, Model, Mood};",
            "create(db: &impl ConnectionTrait, user_id: Uuid, mood: Mood, db_value: &str)",
            "db: Set(db_value.to_owned()), ",
            "/// Returns the user role with the given user id, mood and db.",
            "get(db: &impl ConnectionTrait, user_id: Uuid, mood: Mood, db_value: &str)",
            "find_by_id((user_id, mood, db_value.to_owned()))",
            "Error::not_found(\"user role\", format!(\"{user_id} {mood:?} {db_value}\"))",
        ],
    );
    assert_parts(
        &written.test,
        &[
            "use entity::users_role::Mood;\n",
            "use sea_orm::entity::prelude::Uuid;\n",
            "let user_id = Uuid::nil();\nlet mood = Mood::iter().next().context(\"`Mood` has no values\")?;\n",
            "users_role::get(db, user_id, mood, db_value).await",
            "there is no user role `{user_id} {mood:?} {db_value}`",
        ],
    );
}

/// Returns a `citext` column. Such a type is read and written as text and, unlike most of these types, accepts any text.
fn citext(name: &str) -> Column {
    let base = BaseType::Extension { extension: "citext".to_owned(), name: public("citext") };
    Column::new(name, DataType { base, modifier: None, is_array: false })
}

#[test]
fn a_column_with_a_default_is_not_an_argument() {
    let widgets = widgets_with("slug", |slug| {
        slug.value = ColumnValue::Default("random()".to_owned());
    });
    let model = written(widgets).model;
    assert!(model.contains("name: &str, organization_id: Uuid, mood: Mood)"), "{model}");
    assert!(!model.contains("slug"), "{model}");
}

#[test]
fn get_uses_the_primary_key_even_if_another_column_is_named_id() {
    let mut widgets = widgets(required(with_default(column("code", "uuid"), "gen_random_uuid()")));
    widgets.columns.push(required(column("id", "uuid")));
    add_constraint(&mut widgets, "id_key", ConstraintKind::Unique, &["id"], "");
    let model = written(widgets).model;
    assert!(model.contains("<Entity as EntityTrait>::find_by_id(code)"), "{model}");
}

#[test]
fn a_generated_column_is_not_an_argument() {
    let widgets = widgets_with("slug", |slug| {
        let expression = "lower(name)".to_owned();
        slug.value = ColumnValue::Generated { expression, storage: GeneratedStorage::Stored };
    });
    let model = written(widgets).model;
    assert!(!model.contains("slug"), "{model}");
}

#[test]
fn lists_decimals_and_enums_are_arguments() {
    let mut widgets = widgets(id());
    for column in &mut widgets.columns {
        match column.name.as_str() {
            "name" => column.data_type = DataType::builtin("numeric"),
            "slug" | "mood" => column.data_type.is_array = true,
            _ => {}
        }
    }
    let parts = ["name: Decimal, slug: Vec<String>, ", "mood: Vec<Mood>", "Model, Mood};"];
    assert_parts(&written(widgets).model, &parts);
}

#[test]
fn a_table_of_another_schema_has_a_model() {
    let mut widgets = widgets(id());
    widgets.name = QualifiedName::new("shop", "widgets");
    assert_parts(&written(widgets).model, &["use entity::shop_widget::{", "//! Shop widgets: "]);
}

#[rstest]
#[case("widgets", "a widget")]
#[case("orders", "an order")]
#[case("users", "a user")]
#[case("uploads", "an upload")]
fn the_article_fits_the_noun(#[case] table: &str, #[case] expected: &str) {
    let mut widgets = widgets(id());
    widgets.name = public(table);
    assert_parts(&written(widgets).model, &[&format!("/// Creates {expected}.\n")]);
}

#[rstest]
#[case("role", "pub mod a;\npub mod role;\n")]
#[case("b", "pub mod a;\npub mod b;\npub mod role;\n")]
#[case("z", "pub mod a;\npub mod role;\npub mod z;\n")]
fn a_module_is_inserted_once_in_alphabetical_order(#[case] name: &str, #[case] expected: &str) {
    let head = "//! The operations on rows.\n\n";
    let list = add_module(&format!("{head}pub mod a;\npub mod role;\n"), "pub mod ", name);
    assert_eq!(list, format!("{head}{expected}"));
}
