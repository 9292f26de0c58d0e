//! Tests `entities` and `entities-check`, with a stand-in for the migrator.

use std::fs;

use assert_cmd::Command;

use crate::support::{MigratedCheckout, fail, stderr, succeed};

const SQL: &str = "CREATE TABLE users (id uuid PRIMARY KEY, email text NOT NULL); \
    CREATE TABLE roles (id uuid PRIMARY KEY, name text NOT NULL)";
const TABLES: &str = "crates/entity/src/tables";
const BY_HAND: &str = "crates/entity/src/by_hand";
const MODELS: &str = "apps/backend/src/models";

#[test]
fn only_changed_files_are_written() {
    let migrated = MigratedCheckout::new(SQL);
    let first = succeed(&mut migrated.make(&["entities"]));
    assert!(first.lines().any(|line| line == format!("{TABLES}/user.rs")), "{first}");
    assert_eq!(migrated.migrator_log(), "temporary-database\ndropped\n");
    let second = migrated.make(&["entities"]).output().unwrap();
    assert!(second.status.success() && second.stdout.is_empty(), "{second:?}");
    assert_eq!(stderr(&second), "nothing to do: the entities match the migrations\n");
    succeed(&mut migrated.make(&["entities-check"]));

    migrated.write(&format!("{TABLES}/user.rs"), "// Mine.");
    migrated.write(&format!("{TABLES}/gone.rs"), "// Its table was dropped.");
    fs::remove_file(migrated.checkout.path(&format!("{TABLES}/role.rs"))).unwrap();
    let (code, error) = fail(&mut migrated.make(&["entities-check"]));
    assert_eq!(code, 1);
    for expected in [
        "error: the entities do not match the migrations:\n",
        "`crates/entity/src/tables/gone.rs` should not exist",
        "table roles: exists in the migrations, missing from the entities",
        "table users: exists in the migrations, missing from the entities",
        "hint: run `make entities`",
    ] {
        assert!(error.contains(expected), "{error}");
    }
    assert!(
        !error.contains("role.rs") && !error.contains("user.rs"),
        "each is listed once: {error}"
    );
    let third = succeed(&mut migrated.make(&["entities"]));
    let changed = ["gone.rs", "role.rs", "user.rs"].map(|name| format!("{TABLES}/{name}\n"));
    assert_eq!(third, changed.concat());
    assert!(!migrated.checkout.path(&format!("{TABLES}/gone.rs")).exists());
}

#[test]
fn an_entity_that_is_written_by_hand_replaces_or_extends_a_generated_one() {
    let migrated = MigratedCheckout::new(SQL);
    let entity = "use sea_orm::entity::prelude::*; #[derive(DeriveEntityModel)] \
        #[sea_orm(table_name = \"users\")] struct Model { #[sea_orm(primary_key)] id: Uuid, email: String }";
    migrated.write(&format!("{BY_HAND}/user.rs"), entity);
    migrated.write(&format!("{BY_HAND}/role.rs"), "");
    succeed(&mut migrated.make(&["entities"]));
    let list = migrated.read(&format!("{TABLES}/mod.rs"));
    assert!(list.contains("#[path = \"../by_hand/user.rs\"]\npub mod user;"), "{list}");
    assert!(!migrated.checkout.path(&format!("{TABLES}/user.rs")).exists());
    let role = migrated.read(&format!("{TABLES}/role.rs"));
    assert!(role.contains("#[path = \"../by_hand/role.rs\"]"), "{role}");
    assert!(!role.contains("impl ActiveModelBehavior"), "{role}");

    migrated.write(&format!("{BY_HAND}/user.rs"), &entity.replace(", email: String", ""));
    let (code, error) = fail(&mut migrated.make(&["entities-check"]));
    assert_eq!(code, 1);
    let line = "users.email: String in the migrations, missing from the entities";
    assert!(error.contains(line), "{error}");
}

#[test]
fn a_hand_written_file_without_a_table_is_refused_by_both_commands() {
    let migrated = MigratedCheckout::new(SQL);
    migrated.write(&format!("{BY_HAND}/gone.rs"), "");
    for command in ["entities", "entities-check"] {
        let (code, error) = fail(&mut migrated.make(&[command]));
        assert_eq!(code, 1);
        assert!(error.contains("`by_hand/gone.rs` does not belong to a table"), "{error}");
        assert!(error.contains("hint: "), "{error}");
    }
    assert!(!migrated.checkout.path(TABLES).exists());
}

#[test]
fn a_table_without_an_entity_is_a_warning_with_a_hint() {
    let migrated = MigratedCheckout::new("CREATE TABLE logs (line text)");
    let output = migrated.make(&["entities"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let warning = "warning: `logs` has no entity, because it has no primary key\nhint: ";
    assert!(stderr(&output).contains(warning), "{output:?}");
}

#[test]
fn the_models_follow_the_entities() {
    let migrated =
        MigratedCheckout::new(&format!("{SQL}; CREATE TABLE products (id int PRIMARY KEY)"));
    let model = |name: &str, text: &str| migrated.write(&format!("{MODELS}/{name}.rs"), text);
    succeed(&mut migrated.make(&["entities"]));
    model("mod", "pub mod role;\npub mod user;\npub mod widget;\n");
    model("role", "use entity::role::Model;");
    succeed(&mut migrated.make(&["entities-check"]));

    model("user", "");
    model("widget", "use entity::widget::Model;");
    model("product", "use entity::product::Model;");

    let (code, error) = fail(&mut migrated.make(&["entities-check"]));
    assert_eq!(code, 1);
    for expected in [
        "product.rs` is not listed in `mod.rs`",
        "user.rs` does not use `entity::user`",
        "widget.rs` has no entity",
        "hint: run `make create-model name=Widget`",
    ] {
        assert!(error.contains(expected), "{error}");
    }
}

/// Tests that the programs link no entity, since otherwise an entity that does not compile could not be regenerated.
#[test]
fn neither_seedbed_nor_the_migrator_without_seeds_links_an_entity() {
    let tree = |arguments: &[&str]| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir("../..").args(["tree", "--offline", "--edges", "normal"]);
        succeed(cargo.args(["--prefix", "none"]).args(arguments))
    };
    let links = |tree: &str, package: &str| {
        tree.lines().any(|line| line.starts_with(&format!("{package} v")))
    };
    let seedbed = tree(&["--package", "seedbed-cli"]);
    assert!(!links(&seedbed, "entity") && !links(&seedbed, "sea-orm"), "{seedbed}");
    assert!(links(&tree(&["--package", "rds"]), "entity"));
    let features = ["--no-default-features", "--features", "migrator"];
    assert!(!links(&tree(&[&["--package", "rds"][..], &features].concat()), "entity"));
}
