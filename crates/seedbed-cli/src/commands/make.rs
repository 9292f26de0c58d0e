//! The command `seedbed make COMMAND [VARIABLE=VALUE]...`, which converts the command line of make to the arguments of
//! a command.
//!
//! The Makefile's launcher calls it. Each value arrives as one argument, so no shell parses it. Its errors are about a
//! command line of make, so their hints spell the commands of make as text.

use std::ffi::OsString;

use crate::cli_error::CliError;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The target of the Makefile.
    command: String,

    /// The variables, as VARIABLE=VALUE. A variable in capital letters belongs to the environment, and the launcher passes
    /// only its name, because its value may be a password.
    #[arg(value_name = "VARIABLE=VALUE", allow_hyphen_values = true)]
    variables: Vec<String>,

    /// All targets on the command line of make, which takes each word for a target.
    #[arg(long, env = "SEEDBED_GOALS", hide = true, default_value = "")]
    goals: String,

    /// All targets that the Makefile has.
    #[arg(long, env = "SEEDBED_TARGETS", hide = true, default_value = "")]
    targets: String,
}

/// The form in which a variable becomes arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The variable `step=2` becomes the single word `--step=2`, so that a value may begin with a dash.
    Value,
    /// The variable `dry_run=1` becomes `--dry-run`.
    Switch,
    /// The variable `exclude="a b"` becomes `--exclude=a --exclude=b`.
    Values,
    /// The variable `args="--lock-wait 5s"` becomes two words.
    Words,
    /// The variable `name=createWidgets` becomes the positional argument of the command.
    Positional,
}

use Form::{Positional, Switch, Value, Values, Words};

/// A variable that a target accepts, and its form.
type Variable = (&'static str, Form);

const SCRIPTS: &[Variable] = &[
    ("name", Value),
    ("step", Value),
    ("to", Value),
    ("all", Switch),
    ("yes", Switch),
    ("env", Value),
    ("dry_run", Switch),
    ("json", Switch),
    ("args", Words),
];
const FRESH_START: &[Variable] =
    &[("env", Value), ("dry_run", Switch), ("json", Switch), ("args", Words)];
const REPAIR: &[Variable] = &[("yes", Switch), ("env", Value), ("json", Switch), ("args", Words)];
const VERIFY: &[Variable] =
    &[("name", Value), ("since", Value), ("env", Value), ("json", Switch), ("args", Words)];
const RESET: &[Variable] = &[
    ("yes", Switch),
    ("database_name", Value),
    ("env", Value),
    ("dry_run", Switch),
    ("json", Switch),
    ("args", Words),
];
const SCHEMA: &[Variable] =
    &[("args", Words), ("exclude", Values), ("exclude_partitions", Switch), ("json", Switch)];
const ARGS: &[Variable] = &[("args", Words)];
const MODEL: &[Variable] = &[("name", Positional), ("args", Words)];
const MIGRATION: &[Variable] = &[("name", Positional), ("fields", Value), ("args", Words)];
const SEED: &[Variable] =
    &[("name", Positional), ("table", Value), ("rows", Value), ("env", Value), ("args", Words)];
const TEST: &[Variable] = &[("module", Value), ("filter", Value), ("args", Words)];

/// Returns the variables that a target accepts, and an example of a name if the target requires one.
fn accepted_variables(target: &str) -> Option<(&'static [Variable], Option<&'static str>)> {
    Some(match target {
        "migrate-up" | "migrate-down" | "migrate-redo" | "migrate-status" | "seed-up"
        | "seed-down" | "seed-redo" | "seed-status" => (SCRIPTS, None),
        "migrate-repair" | "seed-repair" => (REPAIR, None),
        "migrate-verify" => (VERIFY, None),
        "fresh-start" => (FRESH_START, None),
        "db-reset" => (RESET, None),
        "schema" => (SCHEMA, None),
        "create-model" => (MODEL, Some("Widget")),
        "create-migration" => (MIGRATION, Some("createWidgets")),
        "create-seed" => (SEED, Some("createAdminUser")),
        "schema-check" | "entities" | "entities-check" | "db-psql" | "db-url" | "db-start"
        | "db-stop" | "db-status" | "bench" => (ARGS, None),
        "test" => (TEST, None),
        _ => return None,
    })
}

/// Returns the equivalent command line of `seedbed`, including the name of the program.
///
/// # Errors
/// Fails for an unknown variable, a missing name, or a word that is not a command. In this case, nothing has run.
pub(crate) fn command_line(args: &Args) -> anyhow::Result<Vec<OsString>> {
    let target = args.command.as_str();
    let Some((accepted, example)) = accepted_variables(target) else {
        return Err(CliError::usage(
            format!("there is no command `{target}`"),
            "run `make` to list the commands",
        ));
    };
    let given = parse_variables(target, &args.variables, accepted)?;
    if let Some(example) = example
        && !given.iter().any(|(variable, _)| variable.1 == Positional)
    {
        return Err(missing_name(args, example));
    }
    ensure_all_words_are_targets(args)?;
    let (mut flags, mut words, mut name) = (Vec::new(), Vec::new(), None);
    for ((variable, form), value) in given {
        let flag = format!("--{}", variable.replace('_', "-"));
        match form {
            Value => flags.push(format!("{flag}={value}")),
            Switch => flags.extend(parse_switch(target, variable, value)?.then_some(flag)),
            Values => flags.extend(
                split_words(target, variable, value)?.iter().map(|word| format!("{flag}={word}")),
            ),
            Words => words = split_words(target, variable, value)?,
            Positional => name = Some(value.to_owned()),
        }
    }
    let start = ["seedbed".to_owned(), target.to_owned()];
    let end = name.into_iter().flat_map(|name| ["--".to_owned(), name]);
    Ok(start.into_iter().chain(flags).chain(words).chain(end).map(OsString::from).collect())
}

/// Looks up the variables on the command line among those that the command accepts.
fn parse_variables<'a>(
    target: &str,
    variables: &'a [String],
    accepted: &[Variable],
) -> anyhow::Result<Vec<(Variable, &'a str)>> {
    let mut given = Vec::new();
    for text in variables {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        if let Some(variable) = accepted.iter().find(|(taken, _)| *taken == name) {
            given.push((*variable, value));
        } else if name.chars().any(|c| c.is_ascii_lowercase()) {
            return Err(unknown_variable(target, name, accepted));
        } else if is_known(&name.to_ascii_lowercase()) {
            return Err(CliError::usage(
                format!("`make {target}` does not accept `{name}=`"),
                format!("write it in lower case: `{}=`", name.to_ascii_lowercase()),
            ));
        }
    }
    Ok(given)
}

fn is_known(name: &str) -> bool {
    [SCRIPTS, VERIFY, RESET, MIGRATION, SEED, TEST].concat().iter().any(|(known, _)| *known == name)
}

fn unknown_variable(target: &str, name: &str, accepted: &[Variable]) -> anyhow::Error {
    let names: Vec<String> = accepted.iter().map(|(name, _)| format!("`{name}=`")).collect();
    CliError::usage(
        format!("`make {target}` does not accept `{name}=`"),
        format!("the accepted variables are {}", names.join(", ")),
    )
}

/// Returns the error for a missing name. The hint uses another word on the command line as the name, if there is one.
fn missing_name(args: &Args, example: &str) -> anyhow::Error {
    let target = &args.command;
    let is_name = |word: &&str| {
        *word != target
            && word.starts_with(|c: char| c.is_ascii_alphabetic())
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    };
    let name = args.goals.split_whitespace().find(is_name).unwrap_or(example);
    CliError::usage(
        format!("`make {target}` requires `name=`"),
        format!("run `make {target} name={name}`"),
    )
}

/// Fails if a word on the command line of make is not a target, before the first command runs. Such a word may be half
/// of an unquoted list of fields, or the `2` of `step 2`.
fn ensure_all_words_are_targets(args: &Args) -> anyhow::Result<()> {
    let mut words = args.goals.split_whitespace();
    let is_target = |word: &str| {
        word == args.command || args.targets.split_whitespace().any(|target| target == word)
    };
    let Some(word) = words.find(|word| !is_target(word)) else {
        return Ok(());
    };
    let hint = if word.contains(':') {
        format!("quote the list of fields: `fields='name:string {word}'`")
    } else if word.chars().all(|c| c.is_ascii_digit()) {
        format!("run `make {} step={word}`", args.command)
    } else {
        format!("run `make` to list the commands; write a name as `name={word}`")
    };
    Err(CliError::usage(format!("there is no command `{word}`; nothing was done"), hint))
}

fn parse_switch(target: &str, variable: &str, value: &str) -> anyhow::Result<bool> {
    match value {
        "" | "0" | "no" | "false" => Ok(false),
        "1" | "yes" | "true" => Ok(true),
        _ => Err(CliError::usage(
            format!("`{variable}=` must be 1 or 0, not `{value}`"),
            format!("run `make {target} {variable}=1`"),
        )),
    }
}

/// Splits the value into words as a shell does, without expanding anything.
fn split_words(target: &str, variable: &str, value: &str) -> anyhow::Result<Vec<String>> {
    shell_words::split(value).map_err(|_| {
        CliError::usage(
            format!("`{variable}=` has an unclosed quotation mark"),
            format!("close it, as in `make {target} {variable}=\"--name 'two words'\"`"),
        )
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use seedbed_config::CommandSpelling;
    use test_support::assert_snapshot;

    use super::*;

    fn run(goals: &str, arguments: &[&str]) -> Result<Vec<String>, (String, String)> {
        let args = Args {
            command: arguments[0].to_owned(),
            variables: arguments[1..].iter().map(|text| (*text).to_owned()).collect(),
            goals: goals.to_owned(),
            targets: "migrate-up migrate-down seed-up create-migration".to_owned(),
        };
        let text = |word: OsString| word.into_string().unwrap();
        command_line(&args).map(|line| line.into_iter().skip(1).map(text).collect()).map_err(
            |error| {
                let error = error.downcast::<CliError>().unwrap();
                (error.to_string(), error.hint().spelled(CommandSpelling::Make))
            },
        )
    }

    #[rstest]
    #[case(&["migrate-up"], &["migrate-up"])]
    #[case(&["migrate-up", "step=2", "dry_run=1"], &["migrate-up", "--step=2", "--dry-run"])]
    #[case(&["migrate-up", "to=-x"], &["migrate-up", "--to=-x"])]
    #[case(&["migrate-up", "yes=0", "json="], &["migrate-up"])]
    #[case(&["migrate-up", "RUN", "DATABASE_URL"], &["migrate-up"])]
    #[case(&["migrate-up", "args=--lock-wait 5s --name 'two words'"],
           &["migrate-up", "--lock-wait", "5s", "--name", "two words"])]
    #[case(&["create-migration", "name=$(touch x)", "fields=a:b! c"],
           &["create-migration", "--fields=a:b! c", "--", "$(touch x)"])]
    #[case(&["create-migration", "name=", "args=--unwritten"],
           &["create-migration", "--unwritten", "--", ""])]
    #[case(&["test", "module=backend", "filter=a_widget"],
           &["test", "--module=backend", "--filter=a_widget"])]
    #[case(&["schema", "exclude=table:a_* 'b c'", "exclude_partitions=1", "args=--diff a.sql migrations"],
           &["schema", "--exclude=table:a_*", "--exclude=b c", "--exclude-partitions", "--diff", "a.sql", "migrations"])]
    #[case(&["db-psql", "args=-c 'select 1'"], &["db-psql", "-c", "select 1"])]
    fn make_variables_become_arguments(#[case] given: &[&str], #[case] expected: &[&str]) {
        let expected: Vec<String> = expected.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(run(given[0], given), Ok(expected));
    }

    #[test]
    fn invalid_usage_is_refused() {
        let cases: [(&str, &[&str]); 10] = [
            ("migrate-up", &["migrate-up", "naem=x"]),
            ("migrate-up", &["migrate-up", "STEP"]),
            ("migrate-up 2", &["migrate-up"]),
            ("migrate-up m1_users", &["migrate-up"]),
            ("create-migration size:integer", &["create-migration", "name=x", "fields=a:b"]),
            ("create-migration createWidgets", &["create-migration"]),
            ("create-seed", &["create-seed"]),
            ("migrate-up", &["migrate-up", "yes=maybe"]),
            ("migrate-up", &["migrate-up", "args='x"]),
            ("zzz", &["zzz"]),
        ];
        let report = cases.map(|(goals, given)| {
            let (message, hint) = run(goals, given).unwrap_err();
            format!("make {goals}\n  {message}\n  hint: {hint}")
        });
        assert_snapshot!("wrong_use", report.join("\n"));
    }

    #[test]
    fn several_make_targets_on_one_command_line_are_accepted() {
        assert!(run("migrate-down seed-up migrate-up", &["seed-up"]).is_ok());
    }
}
