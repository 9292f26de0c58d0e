//! The program, on a server of its own choosing: that of the tests.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use seedbed_testdb::TestDatabase;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../..");

fn entities(database: &TestDatabase, word: &str, folder: &Path) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entities"));
    command.current_dir(ROOT).env("DATABASE_URL", database.url()).arg(word).arg(folder);
    let output = command.output().expect("it can be run");
    let text = |bytes| String::from_utf8(bytes).expect("it is UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn the_folder_of_the_entities_is_what_the_program_writes() {
    let database = TestDatabase::empty().await;
    let folder = Path::new("crates/entity/src/tables");
    let checked = entities(&database, "check", folder);
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

#[test]
fn without_a_database_the_way_in_is_told() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entities"));
    let output = command.env_remove("DATABASE_URL").args(["check", "x"]).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("hint: `make entities`"), "{said}");
}
