//! What the generator refuses, because its script would lose it or could not run, on tables as nasty as they
//! come. What it writes instead is in `generated/kinds.txt`.

mod cases;

use std::collections::BTreeSet;

use sea_orm::ConnectionTrait as _;
use seedbed_files::Slug;
use seedbed_generate::{Intent, Present, Request, Trial, Written};
use seedbed_testdb::TestDatabase;

use cases::{Case, IN_THE_WAY, LOST, NOT_IN_THE_WAY, THINGS};

use crate::support::{execute, text};

/// The texts of the scripts, or the refusal.
async fn asked(db: &TestDatabase, command: &str) -> Result<String, String> {
    let (name, fields) = command.split_once(' ').unwrap_or((command, ""));
    let slug = Slug::parse(name).unwrap();
    let intent = Intent::parse(slug.as_str());
    let present = text(db.connection(), &Present::query(&intent.reads())).await;
    let request = Request {
        slug: slug.as_str(),
        intent: &intent,
        fields: Some(fields),
        present: Some(&Present::read(&present).unwrap()),
        extensions: &BTreeSet::new(),
    };
    match seedbed_generate::write(&request).map_err(|error| error.to_string())? {
        Written::Files { files, trials, .. } => {
            for trial in &trials {
                tried(db, trial).await?;
            }
            Ok(files.into_iter().map(|file| file.text).collect())
        }
        other => panic!("{command}: {other:?}"),
    }
}

/// Several statements in one message are one transaction, which the last one takes back.
pub(super) async fn tried(db: &TestDatabase, trial: &Trial) -> Result<(), String> {
    let end = "DO 'BEGIN RAISE EXCEPTION ''all is well''; END'";
    let sql = format!("SET LOCAL search_path = pg_temp, public; {}; {end}", trial.sql());
    match db.connection().execute_unprepared(&sql).await {
        Err(error) if error.to_string().contains("all is well") => Ok(()),
        Err(error) => Err(error.to_string()),
        Ok(_) => Err("the trial was not taken back".to_owned()),
    }
}

const CLEAN: &str = "
    DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP PUBLICATION IF EXISTS pub;
    DO $$ BEGIN EXECUTE format('DROP SCHEMA IF EXISTS %I', current_user); END $$;
    CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\"; CREATE TABLE more (a varchar(9) PRIMARY KEY);";

/// Each answer that is not as expected.
async fn answers(cases: &[Case], is_expected: impl Fn(Result<&str, &str>, &str) -> bool) -> String {
    let db = TestDatabase::empty().await;
    let version = text(db.connection(), "SELECT current_setting('server_version_num')").await;
    let version: u32 = version.parse().unwrap();
    // The name of the role, which is also that of a schema that comes first.
    let user = text(db.connection(), "SELECT quote_ident(current_user)").await;
    let mut wrong = String::new();
    for case in cases.iter().filter(|case| version / 10_000 >= case.since) {
        execute(db.connection(), &format!("{CLEAN}{THINGS}{}", case.setup)).await;
        for (command, expected) in case.refusals {
            let expected = expected.replace("CURRENT_USER", &user);
            let answer = asked(&db, command).await;
            if !is_expected(answer.as_deref().map_err(String::as_str), &expected) {
                wrong +=
                    &format!("\n{}\n  {command}: {answer:?}\n  and not: {expected}", case.setup);
            }
        }
    }
    wrong
}

#[tokio::test]
async fn what_down_would_lose_is_refused_by_name() {
    let is_refused = |answer: Result<&str, &str>, expected: &str| {
        answer.is_err_and(|refusal| refusal.contains(expected))
    };
    let wrong = answers(LOST, is_refused).await;
    assert!(wrong.is_empty(), "{wrong}");
}

#[tokio::test]
async fn what_is_in_the_way_is_refused_by_name() {
    let is_refused = |answer: Result<&str, &str>, expected: &str| {
        answer.is_err_and(|refusal| refusal.contains(expected))
    };
    let wrong = answers(IN_THE_WAY, is_refused).await;
    assert!(wrong.is_empty(), "{wrong}");
}

#[tokio::test]
async fn what_is_not_in_the_way_is_written() {
    let is_written = |answer: Result<&str, &str>, expected: &str| {
        answer.is_ok_and(|written| written.contains(expected))
    };
    let wrong = answers(NOT_IN_THE_WAY, is_written).await;
    assert!(wrong.is_empty(), "{wrong}");
}
