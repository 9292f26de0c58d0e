use rstest::rstest;
use test_support::assert_snapshot;

use super::*;

const WIDGET: &str = "\
//! `widgets`: what an organization makes.
use sea_orm::entity::prelude::*;

pub use super::enums::Mood;

#[sea_orm(table_name = \"widgets\")]
pub struct Model {
    /// Made by the database.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// unique
    #[sea_orm(unique_key = \"name_organization_id\")]
    pub name: String,
    /// The slug.
    #[sea_orm(
        column_type = \"Text\",
        unique
    )]
    pub slug: String,
    pub organization_id: Uuid,
    pub mood: Mood,
    pub color: Option<String>,
    pub created_at: DateTimeWithTimeZone,
    #[sea_orm(belongs_to, from = \"organization_id\", to = \"id\")]
    pub organization: BelongsTo<super::organization::Entity>,
}
";

#[test]
fn create_takes_the_required_columns() {
    let written = write_model("widget", WIDGET).unwrap();
    for part in [
        "//! Widgets: what an organization makes.\n",
        "use entity::widget::{ActiveModel, Entity, Model, Mood};",
        "/// Returns [`Error::Taken`] if another widget has the slug.",
        "create(db: &impl ConnectionTrait, name: &str, slug: &str, organization_id: Uuid, mood: Mood)",
        "slug: Set(slug.to_owned()), organization_id: Set(organization_id), mood: Set(mood), ..",
        "Error::taken(error, \"slug\", slug)",
        "pub async fn get(db: &impl ConnectionTrait, id: Uuid)",
        "Error::not_found(\"widget\", id)",
    ] {
        assert!(written.model.contains(part), "{part}\n{}", written.model);
    }
    assert!(written.test.contains("async fn a_missing_widget_is_reported()"));
}

#[test]
fn an_entity_without_a_supported_key_is_refused() {
    let changes = [
        ("pub id: Uuid", "pub id: Json"),
        ("auto_increment = false", "save_as = \"daterange\""),
        ("primary_key, auto_increment = false", ""),
        ("pub struct Model", "pub enum Model"),
    ];
    let report = changes.map(|(from, to)| {
        let text = WIDGET.replace(from, to);
        let text = if to.contains("range") { text.replace("id: Uuid", "id: String") } else { text };
        let error = write_model("widget", &text).unwrap_err();
        format!("{error}\n  hint: {}", error.hint())
    });
    assert_snapshot!("unsupported_keys", report.join("\n"));
}

#[test]
fn a_key_without_a_default_is_an_argument_of_create() {
    let text = WIDGET.replace("/// Made by the database.\n    #", "/// Its code.\n    #");
    let text = text.replace("pub id: Uuid", "pub code: String").replace("unique\n", "\n");
    let model = write_model("widget", &text).unwrap().model;
    for part in [
        "create(db: &impl ConnectionTrait, code: &str, name: &str,",
        "code: Set(code.to_owned()), ",
        "/// Returns [`Error::Taken`] if it already exists.",
        "Error::taken(error, \"widget\", code)",
        "find_by_id(code.to_owned())",
    ] {
        assert!(model.contains(part), "{part}\n{model}");
    }
}

#[test]
fn a_composite_key_keeps_the_order_of_its_columns() {
    let text = "\
//! `users_roles`.
pub use super::enums::Mood;

pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub mood: Mood,
    #[sea_orm(primary_key, auto_increment = false)]
    pub db: String,
}
";
    let written = write_model("users_role", text).unwrap();
    for part in [
        "//! Users roles.\n",
        "use entity::users_role::{ActiveModel, Entity, Model, Mood};",
        "create(db: &impl ConnectionTrait, user_id: Uuid, mood: Mood, db_value: &str)",
        "db: Set(db_value.to_owned()), ",
        "/// Returns the users role with that user id and mood and db.",
        "get(db: &impl ConnectionTrait, user_id: Uuid, mood: Mood, db_value: &str)",
        "find_by_id((user_id, mood, db_value.to_owned()))",
        "Error::not_found(\"users role\", format!(\"{user_id} {mood:?} {db_value}\"))",
    ] {
        assert!(written.model.contains(part), "{part}\n{}", written.model);
    }
    for part in [
        "use entity::users_role::Mood;\n",
        "use sea_orm::entity::prelude::Uuid;\n",
        "let user_id = Uuid::nil();\nlet mood = Mood::iter().next().context(\"it has no label\")?;\n",
        "users_role::get(db, user_id, mood, db_value).await",
        "there is no users role {user_id} {mood:?} {db_value}",
    ] {
        assert!(written.test.contains(part), "{part}\n{}", written.test);
    }
}

#[test]
fn a_column_with_a_default_is_not_an_argument() {
    let text = WIDGET
        .replace("/// The slug.", "/// The slug.\n    /// The database has a default for it.");
    let model = write_model("widget", &text).unwrap().model;
    assert!(model.contains("name: &str, organization_id: Uuid, mood: Mood)"), "{model}");
    assert!(!model.contains("slug"), "{model}");
}

#[test]
fn get_uses_the_primary_key_even_if_another_column_is_named_id() {
    let text = WIDGET.replace("pub id: Uuid", "pub code: Uuid").replace("pub slug", "pub id");
    let model = write_model("widget", &text).unwrap().model;
    assert!(model.contains("<Entity as EntityTrait>::find_by_id(code)"), "{model}");
}

#[test]
fn a_generated_column_is_not_an_argument() {
    let text = WIDGET.replace("/// The slug.", "/// Of the name.\n    /// Made by the database.");
    let model = write_model("widget", &text).unwrap().model;
    assert!(!model.contains("slug"), "{model}");
}

#[test]
fn lists_decimals_and_enums_are_arguments() {
    let text = WIDGET.replace("slug: String", "tags: Vec<String>");
    let text =
        text.replace("mood: Mood", "mood: Vec<Mood>").replace("name: String", "name: Decimal");
    let model = write_model("widget", &text).unwrap().model;
    for part in ["name: Decimal, tags: Vec<String>, ", "mood: Vec<Mood>", "Model, Mood};"] {
        assert!(model.contains(part), "{part}\n{model}");
    }
}

#[rstest]
#[case("role", "pub mod a;\npub mod role;\n")]
#[case("b", "pub mod a;\npub mod b;\npub mod role;\n")]
#[case("z", "pub mod a;\npub mod role;\npub mod z;\n")]
fn a_module_is_inserted_once_in_alphabetical_order(#[case] name: &str, #[case] expected: &str) {
    let head = "//! What is done with rows.\n\n";
    let list = add_module(&format!("{head}pub mod a;\npub mod role;\n"), "pub mod ", name);
    assert_eq!(list, format!("{head}{expected}"));
}
