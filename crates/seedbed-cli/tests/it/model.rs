//! `create-model`.

use std::fs;

use test_support::assert_snapshot;

use crate::support::{Checkout, fail, succeed};

const ENTITY: &str = "\
//! `big_widgets`: what an organization makes.
pub struct Model {
    /// Made by the database.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
}
";
const LIST: &str = "//! Models.\n\npub mod apple;\npub mod pear;\n";
const TESTS: &str = "//! Tests.\n\nmod apple;\nmod pear;\n";
const MODEL: &str = "apps/backend/src/models/big_widget.rs";

fn checkout() -> Checkout {
    let checkout = Checkout::new();
    for folder in ["crates/entity/src/tables", "apps/backend/src/models", "apps/backend/tests/it"] {
        fs::create_dir_all(checkout.path(folder)).unwrap();
    }
    fs::write(checkout.path("crates/entity/src/tables/big_widget.rs"), ENTITY).unwrap();
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
        read(MODEL).starts_with("//! Big widgets: what an organization makes.\n\nuse entity::")
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
    let written = checkout.path("crates/entity/src/tables/big_widget.rs");
    fs::rename(written, checkout.path("crates/entity/src/by_hand/big_widget.rs")).unwrap();
    succeed(&mut checkout.seedbed(&["create-model", "BigWidget"]));
    assert!(checkout.path(MODEL).exists());
}

#[test]
fn nothing_is_overwritten() {
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
    let (code, error) = fail(&mut checkout.seedbed(&["create-model", "Gadget"]));
    assert_eq!(code, 1);
    assert_snapshot!("a_missing_entity_is_reported_with_a_hint", error);
    assert!(error.contains("hint: `make entities`"), "{error}");
}

#[test]
fn a_missing_name_is_a_usage_error() {
    let (code, error) = fail(&mut checkout().seedbed(&["create-model"]));
    assert_eq!(code, 2);
    assert!(error.contains("make create-model name=Widget"), "{error}");
}
