use rstest::rstest;

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
fn a_model_creates_with_what_a_row_needs() {
    let written = write_model("widget", WIDGET).unwrap();
    for part in [
        "//! Widgets: what an organization makes.\n",
        "use entity::widget::{ActiveModel, Entity, Model, Mood};",
        "/// [`Error::Taken`] when another widget has the slug.",
        "create(db: &impl ConnectionTrait, name: &str, slug: &str, organization_id: Uuid, mood: Mood)",
        "slug: Set(slug.to_owned()), organization_id: Set(organization_id), mood: Set(mood), ..",
        "Error::taken(error, \"slug\", slug)",
        "pub async fn get(db: &impl ConnectionTrait, id: Uuid)",
        "Error::not_found(\"widget\", id)",
    ] {
        assert!(written.model.contains(part), "{part}\n{}", written.model);
    }
    assert!(written.test.contains("async fn a_widget_that_is_not_there_is_named()"));
}

#[rstest]
#[case("pub id: Uuid", "pub id: Json", "primary key that a model is not written for")]
#[case("primary_key, auto_increment = false", "", "no `pub struct Model` with a primary key")]
#[case("pub struct Model", "pub enum Model", "no `pub struct Model`")]
fn an_entity_without_one_plain_key_is_refused(
    #[case] from: &str,
    #[case] to: &str,
    #[case] expected: &str,
) {
    let error = write_model("widget", &WIDGET.replace(from, to)).unwrap_err();
    assert!(error.to_string().contains(expected), "{error}");
    assert!(!error.hint().is_empty());
}

#[test]
fn a_key_that_nobody_makes_is_given_with_the_row() {
    let text = WIDGET.replace("pub id: Uuid", "pub id: String");
    let written = write_model("widget", &text).unwrap();
    assert!(written.model.contains("widget: ActiveModel)"), "{}", written.model);
    assert!(written.model.contains("find_by_id(id.to_owned())"), "{}", written.model);
}

#[rstest]
#[case("role", "pub mod a;\npub mod role;\n")]
#[case("b", "pub mod a;\npub mod b;\npub mod role;\n")]
#[case("z", "pub mod a;\npub mod role;\npub mod z;\n")]
fn a_model_is_listed_once_in_its_place(#[case] name: &str, #[case] expected: &str) {
    let head = "//! What is done with rows.\n\n";
    let list = listed(&format!("{head}pub mod a;\npub mod role;\n"), name);
    assert_eq!(list, format!("{head}{expected}"));
}
