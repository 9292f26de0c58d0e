//! Tests of the initial admin, whose e-mail address and password come from the environment.
//!
//! All tests of a process share its environment variables, so each test starts this program again with variables of its own.

use std::process::Command;

use anyhow::{Context, Result};
use argon2::{Argon2, PasswordHash, PasswordVerifier};
use backend::models::user;
use seedbed_engine::{Action, ScriptKind, Target};
use seedbed_testdb::TestDatabase;

use super::support::run;

/// Seeds a database in the given environment of Seedbed, in a process with the given environment variables. Returns the
/// output of [`seed_and_print_admin`].
fn seed_in_subprocess(environment: &str, variables: &[(&str, &str)]) -> Result<String> {
    let output = Command::new(std::env::current_exe()?)
        .args(["scripts::admin_user::seed_and_print_admin", "--exact", "--ignored", "--nocapture"])
        .env_remove("ADMIN_EMAIL")
        .env_remove("ADMIN_PASSWORD")
        .env("TEST_ENVIRONMENT", environment)
        .envs(variables.iter().copied())
        .output()?;
    Ok(String::from_utf8(output.stdout)? + &String::from_utf8(output.stderr)?)
}

/// Seeds a database in the environment of Seedbed that the variable `TEST_ENVIRONMENT` names. Prints the e-mail address
/// and the password of the admin, or the reason why there is none.
#[tokio::test]
#[ignore = "the tests below run it, each with environment variables of its own"]
async fn seed_and_print_admin() -> Result<()> {
    let environment = std::env::var("TEST_ENVIRONMENT").unwrap_or_else(|_| "test".to_owned());
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    let result = run(&database, &environment, ScriptKind::Seed, Action::Up, Target::All).await;
    if let Err(error) = result {
        println!("refused: {error:#}");
        return Ok(());
    }
    let email = std::env::var("ADMIN_EMAIL").unwrap_or_else(|_| "admin@example.com".to_owned());
    let admin = user::find_by_email(db, &email).await?.context("no admin")?;
    let hash = admin.password_hash.context("no password")?;
    let hash = PasswordHash::new(&hash)?;
    for password in ["change-me-in-development", "secret-of-production"] {
        if Argon2::default().verify_password(password.as_bytes(), &hash).is_ok() {
            println!("{} has the password: {password}", admin.email);
        }
    }
    assert!(admin.is_admin);
    Ok(())
}

#[test]
fn in_development_the_admin_has_a_default_password() -> Result<()> {
    let output = seed_in_subprocess("development", &[])?;
    let expected = "admin@example.com has the password: change-me-in-development";
    assert!(output.contains(expected), "{output}");
    Ok(())
}

#[test]
fn outside_of_development_and_test_the_missing_variable_is_named() -> Result<()> {
    for environment in ["production", "staging"] {
        let output = seed_in_subprocess(environment, &[])?;
        assert!(output.contains("refused: "), "{output}");
        assert!(output.contains("`ADMIN_EMAIL` is not set"), "{output}");

        // An empty variable counts as not set.
        let variables = [("ADMIN_EMAIL", "root@example.com"), ("ADMIN_PASSWORD", "")];
        let output = seed_in_subprocess(environment, &variables)?;
        assert!(output.contains("refused: "), "{output}");
        assert!(output.contains("`ADMIN_PASSWORD` is not set"), "{output}");
    }
    Ok(())
}

#[test]
fn in_production_the_admin_comes_from_the_environment() -> Result<()> {
    let variables =
        [("ADMIN_EMAIL", "Root@Example.com"), ("ADMIN_PASSWORD", "secret-of-production")];
    let output = seed_in_subprocess("production", &variables)?;
    let expected = "Root@Example.com has the password: secret-of-production";
    assert!(output.contains(expected), "{output}");
    assert!(!output.contains("change-me"), "{output}");
    Ok(())
}
