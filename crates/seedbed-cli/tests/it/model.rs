//! Tests the command `create-model`.

use std::fs;

use test_support::assert_snapshot;

use crate::support::{Checkout, MIGRATIONS, fail, succeed, with_database};

const WIDGETS: &str =
    "CREATE TABLE big_widgets (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL);
    COMMENT ON TABLE big_widgets IS 'products that an organization makes.';
    CREATE TABLE logs (line text)";
const ENTITY: &str = "crates/entity/src/tables/big_widget.rs";
const LIST: &str = "//! Models.\n\npub mod apple;\npub mod pear;\n";
const TESTS: &str = "//! Tests.\n\nmod apple;\nmod pear;\n";
const MODEL: &str = "apps/backend/src/models/big_widget.rs";

/// Returns a checkout whose database has the tables, and whose generated entity is an empty file, because
/// `create-model` only checks that the file exists.
fn checkout() -> Checkout {
    let checkout = with_database(WIDGETS);
    for folder in ["crates/entity/src/tables", "apps/backend/src/models", "apps/backend/tests/it"] {
        fs::create_dir_all(checkout.path(folder)).unwrap();
    }
    fs::write(checkout.path(ENTITY), "").unwrap();
    fs::write(checkout.path("apps/backend/src/models/mod.rs"), LIST).unwrap();
    fs::write(checkout.path("apps/backend/tests/it/main.rs"), TESTS).unwrap();
    checkout
}

#[test]
fn a_model_and_its_test_are_written_and_listed() {
    let checkout = checkout();
    let test = "apps/backend/tests/it/big_widget.rs";
    let models = "apps/backend/src/models/mod.rs";
    let tests = "apps/backend/tests/it/main.rs";

    let stdout = succeed(&mut checkout.seedbed(&["create-model", "BigWidgets"]));

    assert_eq!(stdout, format!("{MODEL}\n{test}\n{models}\n{tests}\n"));
    let read = |file| fs::read_to_string(checkout.path(file)).unwrap();
    assert!(
        read(MODEL)
            .starts_with("//! Big widgets: products that an organization makes.\n\nuse entity::")
    );
    assert!(read(MODEL).contains("        name: Set(name.to_owned()),\n"), "{}", read(MODEL));
    assert!(read(test).contains("async fn a_missing_big_widget_is_reported()"));
    assert_eq!(read(models), LIST.replace("pub mod pear", "pub mod big_widget;\npub mod pear"));
    assert_eq!(read(tests), TESTS.replace("mod pear", "mod big_widget;\nmod pear"));
}

#[test]
fn an_entity_that_is_written_by_hand_has_a_model_too() {
    let checkout = checkout();
    fs::create_dir_all(checkout.path("crates/entity/src/by_hand")).unwrap();
    let by_hand = |name: &str, text: &str| {
        fs::write(checkout.path("crates/entity/src/by_hand").join(name), text).unwrap();
    };
    fs::remove_file(checkout.path(ENTITY)).unwrap();
    by_hand(
        "big_widget.rs",
        "#[derive(DeriveEntityModel)] #[sea_orm(table_name = \"big_widgets\")] struct Model {}",
    );
    by_hand(
        "log.rs",
        "#[derive(DeriveEntityModel)] #[sea_orm(table_name = \"logs\")] \
         struct Model { #[sea_orm(primary_key)] line: Option<String> }",
    );
    succeed(&mut checkout.seedbed(&["create-model", "BigWidget"]));
    assert!(checkout.path(MODEL).exists());
    // Only the entity says which column identifies a row.
    succeed(&mut checkout.seedbed(&["create-model", "Log"]));
    let model = fs::read_to_string(checkout.path("apps/backend/src/models/log.rs")).unwrap();
    assert!(model.contains("pub async fn get(db: &impl ConnectionTrait, line: &str)"), "{model}");
}

#[test]
fn create_model_overwrites_no_file() {
    let checkout = checkout();
    fs::write(checkout.path(MODEL), "// Mine.").unwrap();

    let (code, error) = fail(&mut checkout.seedbed(&["create-model", "BigWidget"]));

    assert_eq!(code, 1);
    assert!(error.contains(MODEL) && error.contains("hint: "), "{error}");
    assert_eq!(fs::read_to_string(checkout.path(MODEL)).unwrap(), "// Mine.");
    assert!(!checkout.path("apps/backend/tests/it/big_widget.rs").exists());
}

#[test]
fn a_missing_entity_is_reported_with_a_hint() {
    let checkout = checkout();
    fs::remove_file(checkout.path(ENTITY)).unwrap();
    let refused = |name: &str| {
        let (code, error) = fail(&mut checkout.seedbed(&["create-model", name]));
        assert_eq!(code, 1);
        error
    };
    let errors = [refused("BigWidget"), refused("Gadget"), refused("Log")].concat();
    assert_snapshot!("a_missing_entity_is_reported_with_a_hint", errors);
}

#[test]
fn a_database_with_pending_migrations_is_not_used() {
    let checkout = checkout();
    let migration = checkout.path(MIGRATIONS).join("m20250101_000000_create_big_widgets.rs");
    let text = "pub async fn up(_: &Schema<'_>) -> Result { Ok(()) }";
    fs::write(migration, text).unwrap();

    let (code, error) = fail(&mut checkout.seedbed(&["create-model", "BigWidget"]));

    assert_eq!(code, 1);
    assert_snapshot!("a_database_with_pending_migrations_is_not_used", error);
    assert!(!checkout.path(MODEL).exists());
}

#[test]
fn a_missing_name_is_a_usage_error() {
    let (code, error) = fail(&mut checkout().seedbed(&["create-model"]));
    assert_eq!(code, 2);
    assert!(error.contains("seedbed create-model Widget"), "{error}");
}

#[test]
fn the_files_that_rust_reserves_are_no_models() {
    let checkout = with_database("CREATE TABLE main (id uuid PRIMARY KEY)");
    let entity = checkout.path(ENTITY).with_file_name("main.rs");
    fs::create_dir_all(entity.parent().unwrap()).unwrap();
    fs::write(entity, "").unwrap();
    let (code, error) = fail(&mut checkout.seedbed(&["create-model", "Main"]));
    assert_eq!(code, 1);
    assert_snapshot!("the_files_that_rust_reserves_are_no_models", error);
}
