//! The program, on a server of its own choosing: that of the tests.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use seedbed_testdb::TestDatabase;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../..");

fn entities(database: &TestDatabase, word: &str, folder: &Path) -> (i32, String, String) {
    run(database, &[word.as_ref(), folder.as_os_str()])
}

fn run(database: &TestDatabase, arguments: &[&OsStr]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entities"));
    command.current_dir(ROOT).env("DATABASE_URL", database.url()).args(arguments);
    let output = command.output().expect("it can be run");
    let text = |bytes| String::from_utf8(bytes).expect("it is UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn the_folder_of_the_entities_is_what_the_program_writes() {
    let database = TestDatabase::empty().await;
    let folder = Path::new("crates/entity/src/tables");
    let (models, flag) = (OsStr::new("apps/backend/src/models"), OsStr::new("--models"));
    let checked = run(&database, &[OsStr::new("check"), folder.as_os_str(), flag, models]);
    let expected = (0, String::new(), "the entities are what the migrations make\n".to_owned());
    assert_eq!(checked, expected);
}

#[tokio::test]
async fn it_writes_what_has_changed_and_leaves_the_rest_alone() {
    let database = TestDatabase::empty().await;
    let folder = tempfile::tempdir().expect("there is room");
    let folder = folder.path().join("src/tables");
    let user = folder.join("user.rs");

    let (code, first, _) = entities(&database, "write", &folder);
    assert_eq!(code, 0);
    assert!(first.contains("user.rs"), "{first}");
    let (_, second, said) = entities(&database, "write", &folder);
    assert_eq!(second, "");
    assert!(said.contains("nothing to do"), "{said}");

    fs::write(&user, "// Mine.").expect("it is there");
    fs::write(folder.join("gone.rs"), "// Its table was dropped.").expect("there is room");
    let (code, _, said) = entities(&database, "check", &folder);
    assert_eq!(code, 1);
    assert!(said.contains("user.rs") && said.contains("gone.rs"), "{said}");
    assert!(said.contains("hint: `make entities`"), "{said}");

    let (_, third, _) = entities(&database, "write", &folder);
    assert_eq!(third.lines().count(), 2, "{third}");
    assert!(!folder.join("gone.rs").exists());
}

#[tokio::test]
async fn what_is_written_by_hand_is_checked_too() {
    let database = TestDatabase::empty().await;
    let src = tempfile::tempdir().expect("there is room");
    fs::create_dir(src.path().join("by_hand")).expect("there is room");
    let tables = src.path().join("tables");
    let file = src.path().join("by_hand/user.rs");

    let entity = "#[derive(DeriveEntityModel)] #[sea_orm(table_name = \"users\")] struct Model {}";
    fs::write(&file, entity).expect("there is room");
    entities(&database, "write", &tables);
    let list = fs::read_to_string(tables.join("mod.rs")).expect("it is written");
    assert!(list.contains("#[path = \"../by_hand/user.rs\"]\npub mod user;"), "{list}");
    assert!(!tables.join("user.rs").exists());
    let (code, _, said) = entities(&database, "check", &tables);
    assert_eq!(code, 1);
    let line = "users.email: String in the migrations, missing in the entities";
    assert!(said.contains(line), "{said}");

    // No entity is left for it.
    fs::rename(&file, src.path().join("by_hand/gone.rs")).expect("it is there");
    fs::write(src.path().join("by_hand/gone.rs"), "").expect("it is there");
    for word in ["check", "write"] {
        let (code, _, said) = entities(&database, word, &tables);
        assert_eq!(code, 1);
        assert!(said.contains("by_hand/gone.rs does not belong to a table"), "{said}");
    }
}

#[tokio::test]
async fn the_models_follow_the_entities() {
    let database = TestDatabase::empty().await;
    let models = tempfile::tempdir().expect("there is room");
    let write = |name: &str, text: &str| fs::write(models.path().join(name), text).expect("room");
    let check = || {
        let folder = ["check", "crates/entity/src/tables", "--models"].map(OsStr::new);
        run(&database, &[folder.as_slice(), &[models.path().as_os_str()]].concat())
    };
    write("mod.rs", "pub mod role;\npub mod user;\npub mod widget;\n");
    write("role.rs", "use entity::role::Model;");
    assert_eq!(check().0, 0);

    write("user.rs", "");
    write("widget.rs", "use entity::widget::Model;");
    write("product.rs", "use entity::product::Model;");

    let (code, _, said) = check();
    assert_eq!(code, 1);
    for expected in [
        "product.rs is not listed in mod.rs, and so not compiled",
        "user.rs does not use entity::user",
        "widget.rs has no entity: there is no entity::widget",
        "hint: a model is a file in models/",
    ] {
        assert!(said.contains(expected), "{said}");
    }
}

#[tokio::test]
async fn an_entity_with_a_file_by_hand_includes_it() {
    let database = TestDatabase::empty().await;
    let src = tempfile::tempdir().expect("there is room");
    fs::create_dir(src.path().join("by_hand")).expect("there is room");
    fs::write(src.path().join("by_hand/user.rs"), "").expect("there is room");

    entities(&database, "write", &src.path().join("tables"));

    let read = |name| fs::read_to_string(src.path().join("tables").join(name)).expect("written");
    assert!(read("user.rs").contains("#[path = \"../by_hand/user.rs\"]"));
    assert!(!read("user.rs").contains("impl ActiveModelBehavior"));
    assert!(read("role.rs").contains("impl ActiveModelBehavior"));
}

/// Or nothing could mend an entity that does not compile.
#[test]
fn what_writes_the_entities_links_none_of_them() {
    let tree = |features: &[&str]| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(ROOT).args([
            "tree",
            "--offline",
            "--package",
            "entities",
            "--edges",
            "normal",
        ]);
        let output = cargo.args(["--prefix", "none"]).args(features).output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("it is UTF-8")
    };
    let is_linked = |tree: String| tree.lines().any(|line| line.starts_with("entity v"));
    assert!(!is_linked(tree(&[])));
}

#[test]
fn without_a_database_the_way_in_is_told() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entities"));
    let output = command.env_remove("DATABASE_URL").args(["check", "x"]).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("hint: `make entities`"), "{said}");
}
