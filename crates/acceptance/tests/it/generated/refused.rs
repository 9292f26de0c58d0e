//! Tests, on unusual tables, the operations that the generator refuses because the script would lose a property or could not
//! run. The operations that the generator accepts are in `generated/kinds.txt`.

mod cases;
mod meanings;

use std::collections::BTreeSet;

use sea_orm::ConnectionTrait as _;
use seedbed_build::Slug;
use seedbed_generate::{DryRun, Interpretations, MigrationOutcome, MigrationRequest};
use seedbed_testdb::TestDatabase;

use cases::{IN_THE_WAY, LOST, NOT_IN_THE_WAY, RequestCase, THINGS};
use meanings::{AMBIGUOUS, MEANT};

use super::existing;
use test_fixture::{execute, text};

/// Returns the text of the scripts that the generator writes for the name and the fields, or the message of the refusal.
async fn generate(db: &TestDatabase, command: &str) -> Result<String, String> {
    let (name, fields) = command.split_once(' ').unwrap_or((command, ""));
    let slug = Slug::parse(name).unwrap();
    let interpretations = Interpretations::parse(slug.as_str());
    let schema = existing(db).await;
    let chosen =
        interpretations.choose(Some(fields), Some(&schema)).map_err(|error| error.to_string())?;
    let request = MigrationRequest {
        slug: slug.as_str(),
        operation: &chosen.operation,
        fields: Some(fields),
        schema: Some(&schema),
        extensions: &BTreeSet::new(),
    };
    match seedbed_generate::write_migration(&request).map_err(|error| error.to_string())? {
        MigrationOutcome::Generated { files, dry_runs, .. } => {
            for dry_run in &dry_runs {
                execute_dry_run(db, dry_run).await?;
            }
            Ok(files.into_iter().map(|file| file.text).collect())
        }
        other => panic!("{command}: {other:?}"),
    }
}

/// Executes a dry run. Several statements in one message are one transaction, which the last statement rolls back.
pub(super) async fn execute_dry_run(db: &TestDatabase, dry_run: &DryRun) -> Result<(), String> {
    let end = "DO 'BEGIN RAISE EXCEPTION ''all is well''; END'";
    let sql = format!("SET LOCAL search_path = pg_temp, public; {}; {end}", dry_run.sql());
    match db.connection().execute_unprepared(&sql).await {
        Err(error) if error.to_string().contains("all is well") => Ok(()),
        Err(error) => Err(error.to_string()),
        Ok(_) => Err("the dry run was not rolled back".to_owned()),
    }
}

/// The statements that remove what the case before has created.
const CLEAN: &str = "
    DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP PUBLICATION IF EXISTS pub;
    DO $$ BEGIN EXECUTE format('DROP SCHEMA IF EXISTS %I', current_user); END $$;
    CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\"; CREATE TABLE more (a varchar(9) PRIMARY KEY);";

/// The statements that give every server an internal state that only the newest servers have: an option of every column that
/// changes whenever the column is changed. The generator must ignore this option.
const COLUMN_VERSIONS: &str = "
    CREATE FUNCTION public.count_versions() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE pg_attribute SET attoptions = ARRAY(SELECT o FROM unnest(attoptions) o WHERE o !~ '^pg_attver=')
            || ('pg_attver=' || (random() * 1e9)::bigint)
        WHERE attnum > 0 AND attrelid IN (SELECT oid FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm', 'c'))
            AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid < 16384 AND attoptions::text ~ 'pg_attver');
    END $$;
    CREATE EVENT TRIGGER count_versions ON ddl_command_end EXECUTE FUNCTION public.count_versions();
    COMMENT ON FUNCTION public.count_versions() IS 'and now they have one';";

/// Returns a description of each request whose answer is not as expected.
async fn unexpected_answers(
    cases: &[RequestCase],
    is_expected: impl Fn(Result<&str, &str>, &str) -> bool,
) -> String {
    let db = TestDatabase::empty().await;
    let version = text(db.connection(), "SELECT current_setting('server_version_num')").await;
    let version: u32 = version.parse().unwrap();
    // A case creates a schema with the name of the role, which is the first one on the search path.
    let user = text(db.connection(), "SELECT quote_ident(current_user)").await;
    let mut wrong = String::new();
    for case in cases.iter().filter(|case| version / 10_000 >= case.since) {
        execute(db.connection(), &format!("{CLEAN}{THINGS}{};{COLUMN_VERSIONS}", case.setup)).await;
        for (command, expected) in case.answers {
            let expected = expected.replace("CURRENT_USER", &user);
            let answer = generate(&db, command).await;
            if !is_expected(answer.as_deref().map_err(String::as_str), &expected) {
                wrong +=
                    &format!("\n{}\n  {command}: {answer:?}\n  expected: {expected}", case.setup);
            }
        }
    }
    wrong
}

#[tokio::test]
async fn properties_that_down_would_lose_are_refused() {
    let is_refused = |answer: Result<&str, &str>, expected: &str| {
        answer.is_err_and(|refusal| refusal.contains(expected))
    };
    let wrong = unexpected_answers(LOST, is_refused).await;
    assert!(wrong.is_empty(), "{wrong}");
}

#[tokio::test]
async fn objects_that_prevent_a_change_are_named() {
    let is_refused = |answer: Result<&str, &str>, expected: &str| {
        answer.is_err_and(|refusal| refusal.contains(expected))
    };
    let wrong = unexpected_answers(IN_THE_WAY, is_refused).await;
    assert!(wrong.is_empty(), "{wrong}");
}

#[tokio::test]
async fn objects_that_do_not_prevent_a_change_are_ignored() {
    let is_written = |answer: Result<&str, &str>, expected: &str| {
        answer.is_ok_and(|written| written.contains(expected))
    };
    let wrong = unexpected_answers(NOT_IN_THE_WAY, is_written).await;
    assert!(wrong.is_empty(), "{wrong}");
}

#[tokio::test]
async fn a_removal_removes_exactly_the_named_objects() {
    let is_written = |answer: Result<&str, &str>, expected: &str| {
        let is_in_up = |script: &str| {
            script.split("pub async fn down").next().is_some_and(|up| up.contains(expected))
        };
        answer.is_ok_and(|written| written.split("pub async fn up").any(is_in_up))
    };
    let wrong = unexpected_answers(MEANT, is_written).await;
    assert!(wrong.is_empty(), "{wrong}");
}

#[tokio::test]
async fn an_ambiguous_name_is_refused_with_its_interpretations() {
    let is_refused = |answer: Result<&str, &str>, expected: &str| {
        answer.is_err_and(|refusal| refusal.contains(" can mean ") && refusal.contains(expected))
    };
    let wrong = unexpected_answers(AMBIGUOUS, is_refused).await;
    assert!(wrong.is_empty(), "{wrong}");
}

#[tokio::test]
async fn an_unknown_option_of_a_newer_server_is_ignored() {
    let db = TestDatabase::empty().await;
    let option = "UPDATE pg_attribute SET attoptions = '{something_new=1}'
         WHERE attrelid = 'things'::regclass AND attname = 'size'";
    execute(db.connection(), &format!("{CLEAN}{THINGS}{option}; {COLUMN_VERSIONS}")).await;
    for command in ["dropThings", "removeSizeFromThings", "changeSizeOnThings size:bigint"] {
        let scripts = generate(&db, command).await.unwrap();
        assert!(scripts.contains("things"), "{scripts}");
    }
    let unsupported = existing(&db).await.unsupported;
    let names: Vec<String> = unsupported.keys().map(ToString::to_string).collect();
    assert_eq!(names, ["option something_new of column public.things.size"]);
}
