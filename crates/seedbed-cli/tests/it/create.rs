//! Tests the commands `create-migration` and `create-seed`.

use std::fs;

use test_support::assert_snapshot;

use crate::support::{Checkout, MIGRATIONS, SEEDS, fail, succeed};
use assert_cmd::Command;
use rstest::rstest;

#[rstest]
#[case("create-migration", "createWidgets", MIGRATIONS, "create_widgets")]
#[case("create-seed", "createAdminUser", SEEDS, "create_admin_user")]
#[case("create-seed", "create admin-user", SEEDS, "create_admin_user")]
fn a_new_script_is_written_and_its_path_printed(
    #[case] command: &str,
    #[case] name: &str,
    #[case] folder: &str,
    #[case] slug: &str,
) {
    let checkout = Checkout::new();
    let stdout = succeed(&mut checkout.seedbed(&[command, name]));

    let path = stdout.strip_suffix('\n').unwrap();
    assert!(path.starts_with(&format!("{folder}/m20")), "{path}");
    assert!(path.ends_with(&format!("_{slug}.rs")), "{path}");
    let text = fs::read_to_string(checkout.path(path)).unwrap();
    assert!(text.contains("pub async fn up("), "{text}");
    assert!(text.contains("pub async fn down("), "{text}");
}

#[test]
fn the_path_is_printed_relative_to_the_current_folder() {
    let checkout = Checkout::new();
    let mut command = checkout.seedbed(&["create-migration", "createWidgets"]);
    let stdout = succeed(command.current_dir(checkout.path(SEEDS)));
    assert!(stdout.starts_with("../migrations/m20"), "{stdout}");
}

#[test]
fn the_checkout_can_be_named_from_anywhere() {
    let checkout = Checkout::new();
    let root = checkout.root();
    let arguments = ["--root", root.to_str().unwrap(), "create-seed", "x1"];
    succeed(checkout.seedbed(&arguments).current_dir("/"));

    assert_eq!(fs::read_dir(checkout.path(SEEDS)).unwrap().count(), 1);
}

#[test]
fn a_seed_for_one_environment_goes_into_its_folder() {
    let checkout = Checkout::new();
    for (name, expected) in [
        ("demoOrders", "note: `development` is a new environment, and this is its first seed\n"),
        ("moreOrders", ""),
    ] {
        let arguments = ["create-seed", name, "--env", "development"];
        let output = checkout.seedbed(&arguments).output().unwrap();
        let stdout = crate::support::stdout(&output);
        assert!(stdout.starts_with(&format!("{SEEDS}/development/m20")), "{stdout}");
        assert_eq!(crate::support::stderr(&output), expected);
    }
}

#[rstest]
#[case("prodution", "production", true)]
#[case("prod", "production", true)]
#[case("dev", "development", true)]
#[case("preveiw", "preview", true)]
#[case("Production", "production", false)]
fn a_misspelled_environment_is_refused(
    #[case] given: &str,
    #[case] meant: &str,
    #[case] can_be_created: bool,
) {
    let checkout = Checkout::new();
    fs::create_dir(checkout.path(SEEDS).join("preview")).unwrap();
    let arguments = ["create-seed", "moreRoles", "--env", given];
    let (code, error) = fail(&mut checkout.seedbed(&arguments));
    let alternative = if can_be_created {
        format!(" To make `{given}` a new environment, create the folder `src/seeds/{given}`")
    } else {
        String::new()
    };
    let expected = format!(
        "error: there is no environment `{given}`\nhint: did you mean `{meant}`?{alternative}\n"
    );
    assert_eq!((code, error), (2, expected));
    assert_eq!(fs::read_dir(checkout.path(SEEDS)).unwrap().count(), 1);

    if can_be_created {
        fs::create_dir(checkout.path(SEEDS).join(given)).unwrap();
        succeed(&mut checkout.seedbed(&arguments));
    }
}

#[test]
fn a_script_that_does_not_compile_does_not_prevent_a_new_one() {
    let checkout = Checkout::new();
    let broken = checkout.path(MIGRATIONS).join("m20250303_045013_create_users.rs");
    fs::write(broken, "pub async fn up( {").unwrap();
    succeed(&mut checkout.seedbed(&["create-migration", "createWidgets"]));
}

#[test]
fn usage_errors_are_reported_without_access_to_the_disk() {
    let cases: [&[&str]; 7] = [
        &["create-migration", ""],
        &["create-migration"],
        &["create-seed", " "],
        &["create-seed", "x", "--env", "../up"],
        &["create-seed", "moreRoles", "--rows", "roles.csv"],
        &["create-migration", "createWidgets", "--fields", "a:text", "--unwritten"],
        &["create-migration", "renameWidgetsToWidget"],
    ];
    let report = cases.map(|arguments| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_seedbed"));
        let (code, error) = fail(command.args(arguments).current_dir("/"));
        assert_eq!(code, 2, "{error}");
        format!("{arguments:?}\n{error}")
    });
    assert_snapshot!("usage_errors", report.join("\n"));
}

#[test]
fn a_name_of_symbols_is_a_usage_error() {
    let checkout = Checkout::new();
    let (code, error) = fail(&mut checkout.seedbed(&["create-migration", "!?"]));

    assert_eq!(code, 2);
    assert_snapshot!("a_name_of_symbols_is_a_usage_error", error);
    assert_eq!(fs::read_dir(checkout.path(MIGRATIONS)).unwrap().count(), 0);
}

#[test]
fn an_existing_name_is_refused_with_the_path_of_its_file() {
    let checkout = Checkout::new();
    let first = succeed(&mut checkout.seedbed(&["create-migration", "createWidgets"]));
    let (code, error) = fail(&mut checkout.seedbed(&["create-migration", "create_widgets"]));

    assert_eq!(code, 1);
    let first = first.trim_end();
    let expected =
        format!("error: the migration `create_widgets` already exists: `{first}`\nhint: ");
    assert!(error.starts_with(&expected), "{error}");
    assert!(error.contains("\nhint: "), "{error}");
    assert_eq!(fs::read_dir(checkout.path(MIGRATIONS)).unwrap().count(), 1);
}

#[rstest]
#[case(&["create-seed", "x1"])]
#[case(&["create-seed", "x1", "--env", "development"])]
fn a_missing_folder_is_named(#[case] arguments: &[&str]) {
    let checkout = Checkout::new();
    fs::remove_dir(checkout.path(SEEDS)).unwrap();
    let (code, error) = fail(&mut checkout.seedbed(arguments));

    assert_eq!(code, 1);
    assert!(error.contains(SEEDS), "{error}");
}

#[test]
fn outside_of_a_checkout_the_hint_names_the_root_flag() {
    let checkout = Checkout::new();
    let mut command = checkout.seedbed(&["create-migration", "createWidgets"]);
    let (code, error) = fail(command.current_dir("/"));

    assert_eq!(code, 1);
    assert_snapshot!("outside_of_a_checkout_the_hint_names_the_root_flag", error);
}

#[test]
fn an_unknown_command_is_answered_with_the_most_similar_one() {
    let checkout = Checkout::new();
    let (code, error) = fail(&mut checkout.seedbed(&["create-migraton", "x1"]));

    assert_eq!(code, 2);
    assert!(error.contains("'create-migration'"), "{error}");
}

#[test]
fn a_closed_output_causes_no_panic() {
    let checkout = Checkout::new();
    let script = "seedbed create-migration createWidgets 2>&1 >&- | head -c 0; seedbed create-seed x1 | true";
    let output = checkout.shell(script).output().unwrap();
    let error = crate::support::stderr(&output);
    assert!(!error.contains("panicked"), "{error}");
}
