use rstest::rstest;

use super::SuggestedCommand as Command;
use super::*;

const SPELLINGS: [CommandSpelling; 3] =
    [CommandSpelling::Make, CommandSpelling::Seedbed, CommandSpelling::Migrator];

#[rstest]
#[case(
    Command::Up { kind: ScriptKind::Seed, name: Some(Name::from("m20250101_000001_a".to_owned())) },
    [
        "make seed-up name=m20250101_000001_a",
        "seedbed seed-up --name m20250101_000001_a",
        "migrator seed-up --name m20250101_000001_a",
    ],
)]
#[case(
    Command::UpOutOfOrder { kind: ScriptKind::Migration },
    [
        "make migrate-up args=--allow-out-of-order",
        "seedbed migrate-up --allow-out-of-order",
        "migrator migrate-up --allow-out-of-order",
    ],
)]
#[case(
    Command::DownTo { kind: ScriptKind::Migration, name: Name::from("m20250101_000001_a".to_owned()) },
    [
        "make migrate-down to=m20250101_000001_a",
        "seedbed migrate-down --to m20250101_000001_a",
        "migrator migrate-down --to m20250101_000001_a",
    ],
)]
#[case(
    Command::RecordApplied { kind: ScriptKind::Migration, name: "NAME".to_owned() },
    [
        "make migrate-repair args='--applied NAME'",
        "seedbed migrate-repair --applied NAME",
        "migrator migrate-repair --applied NAME",
    ],
)]
#[case(
    Command::DbReset { yes: true },
    [
        "make db-reset yes=1",
        "seedbed db-reset --yes",
        "migrator db-reset --yes",
    ],
)]
#[case(
    Command::DbPsql,
    [
        "make db-psql",
        "seedbed db-psql",
        "psql \"$DATABASE_URL\"",
    ],
)]
fn each_program_spells_a_command_in_its_own_way(
    #[case] command: Command,
    #[case] expected: [&str; 3],
) {
    assert_eq!(SPELLINGS.map(|spelling| command.spelled(spelling)), expected);
}

#[rstest]
#[case(Command::CreateMigration { name: "add_n_to_t".to_owned(), fields: Some("n:integer!".to_owned()) }, "make create-migration name=add_n_to_t fields='n:integer!'", "seedbed create-migration add_n_to_t --fields 'n:integer!'")]
#[case(Command::CreateSeed {
        name: "createRoles".to_owned(),
        table: Some("roles".to_owned()),
        rows: Some("ann's roles.csv".to_owned()),
    }, "make create-seed name=createRoles table=roles rows='ann'\\''s roles.csv'", "seedbed create-seed createRoles --table roles --rows 'ann'\\''s roles.csv'")]
#[case(Command::CreateModel { name: "Widget" }, "make create-model name=Widget", "seedbed create-model Widget")]
#[case(Command::Entities, "make entities", "seedbed entities")]
#[case(Command::SchemaDiff { file: "schema.sql".to_owned() }, "make schema args='--diff schema.sql migrations'", "seedbed schema --diff schema.sql migrations")]
#[case(Command::VerifySince { reference: "origin/main" }, "make migrate-verify since=origin/main", "seedbed migrate-verify --since origin/main")]
#[case(Command::DbUrl, "make -s db-url", "seedbed db-url")]
#[case(
    Command::OnChosenDatabase("migrate-verify"),
    "make migrate-verify",
    "seedbed migrate-verify"
)]
fn the_migrator_spells_a_command_that_only_seedbed_has_as_one_of_seedbed(
    #[case] command: Command,
    #[case] make: &str,
    #[case] seedbed: &str,
) {
    let spelled = SPELLINGS.map(|spelling| command.spelled(spelling));
    assert_eq!(spelled, [make, seedbed, seedbed]);
}

#[test]
fn each_program_spells_an_argument_in_its_own_way() {
    let fields = Argument::Variable("fields", "price:integer".to_owned());
    let spelled = SPELLINGS.map(|spelling| fields.spelled(spelling));
    assert_eq!(
        spelled,
        ["fields='price:integer'", "--fields 'price:integer'", "--fields 'price:integer'"]
    );
    let flag = Argument::Flag("--unwritten", Vec::new());
    let spelled = SPELLINGS.map(|spelling| flag.spelled(spelling));
    assert_eq!(spelled, ["args=--unwritten", "--unwritten", "--unwritten"]);
}
