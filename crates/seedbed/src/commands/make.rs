//! `seedbed make COMMAND [VARIABLE=VALUE]...`: turns what stands on make's command line into the arguments of a command.
//!
//! The Makefile's launcher calls it. Each value arrives as one argument, so no shell ever reads it.

use std::ffi::OsString;

use crate::output::Advice;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The target of the Makefile.
    command: String,

    /// What stands beside it, as VARIABLE=VALUE. Of a variable in capital letters, which is for the environment, the
    /// launcher passes the name alone: its value may be a password.
    #[arg(value_name = "VARIABLE=VALUE", allow_hyphen_values = true)]
    variables: Vec<String>,

    /// All targets that were given to make, each of which it takes for a command.
    #[arg(long, env = "SEEDBED_GOALS", hide = true, default_value = "")]
    goals: String,

    /// All targets that the Makefile has.
    #[arg(long, env = "SEEDBED_TARGETS", hide = true, default_value = "")]
    targets: String,
}

/// What becomes of the value of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `step=2` becomes `--step=2`: one word, so that a value that begins with a dash stays a value.
    Value,
    /// `dry_run=1` becomes `--dry-run`.
    Switch,
    /// `args="--lock-wait 5s"` becomes its words.
    Words,
    /// `name=createWidgets` of a command that takes a name before its flags.
    Positional,
}

use Form::{Positional, Switch, Value, Words};

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
const RESET: &[Variable] = &[
    ("yes", Switch),
    ("database_name", Value),
    ("env", Value),
    ("dry_run", Switch),
    ("json", Switch),
    ("args", Words),
];
const SCHEMA: &[Variable] = &[("args", Words), ("json", Switch)];
const ARGS: &[Variable] = &[("args", Words)];
const MODEL: &[Variable] = &[("name", Positional), ("args", Words)];
const MIGRATION: &[Variable] = &[("name", Positional), ("fields", Value), ("args", Words)];
const SEED: &[Variable] =
    &[("name", Positional), ("table", Value), ("rows", Value), ("env", Value), ("args", Words)];
const TEST: &[Variable] = &[("module", Value), ("filter", Value), ("args", Words)];

/// Returns the variables that a target takes, and for one that needs a name, an example of it.
fn takes(target: &str) -> Option<(&'static [Variable], Option<&'static str>)> {
    Some(match target {
        "migrate-up" | "migrate-down" | "migrate-redo" | "migrate-status" | "seed-up"
        | "seed-down" | "seed-redo" | "seed-status" => (SCRIPTS, None),
        "migrate-repair" | "seed-repair" => (REPAIR, None),
        "fresh-start" => (FRESH_START, None),
        "db-reset" => (RESET, None),
        "schema" | "schema-check" => (SCHEMA, None),
        "create-model" => (MODEL, Some("Widget")),
        "create-migration" => (MIGRATION, Some("createWidgets")),
        "create-seed" => (SEED, Some("createAdminUser")),
        "entities" | "entities-check" | "db-psql" | "db-url" | "db-start" | "db-stop"
        | "db-status" | "bench" => (ARGS, None),
        "test" => (TEST, None),
        _ => return None,
    })
}

/// Returns the command line of `seedbed` that says the same, the program's name included.
///
/// # Errors
/// Fails for an unknown variable, a missing name, and words that are no command, before anything is done.
pub(crate) fn command_line(args: &Args) -> anyhow::Result<Vec<OsString>> {
    let target = args.command.as_str();
    let Some((takes, example)) = takes(target) else {
        return Err(Advice::wrong_use(
            format!("there is no command {target}"),
            "make, alone, lists the commands",
        ));
    };
    let given = given(target, &args.variables, takes)?;
    if let Some(example) = example
        && !given.iter().any(|(variable, _)| variable.1 == Positional)
    {
        return Err(missing_name(args, example));
    }
    refuse_other_words(args)?;
    let (mut flags, mut words, mut name) = (Vec::new(), Vec::new(), None);
    for ((variable, form), value) in given {
        let flag = format!("--{}", variable.replace('_', "-"));
        match form {
            Value => flags.push(format!("{flag}={value}")),
            Switch => flags.extend(switch(target, variable, value)?.then_some(flag)),
            Words => words = split(target, variable, value)?,
            Positional => name = Some(value.to_owned()),
        }
    }
    let start = ["seedbed".to_owned(), target.to_owned()];
    let end = name.into_iter().flat_map(|name| ["--".to_owned(), name]);
    Ok(start.into_iter().chain(flags).chain(words).chain(end).map(OsString::from).collect())
}

/// Returns the variables that were given, as the command takes them.
fn given<'a>(
    target: &str,
    variables: &'a [String],
    takes: &[Variable],
) -> anyhow::Result<Vec<(Variable, &'a str)>> {
    let mut given = Vec::new();
    for text in variables {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        if let Some(variable) = takes.iter().find(|(taken, _)| *taken == name) {
            given.push((*variable, value));
        } else if name.chars().any(|c| c.is_ascii_lowercase()) {
            return Err(unknown_variable(target, name, takes));
        } else if is_known(&name.to_ascii_lowercase()) {
            return Err(Advice::wrong_use(
                format!("make {target} does not take {name}="),
                format!("small letters: {}=", name.to_ascii_lowercase()),
            ));
        }
    }
    Ok(given)
}

fn is_known(name: &str) -> bool {
    [SCRIPTS, RESET, MIGRATION, SEED, TEST].concat().iter().any(|(known, _)| *known == name)
}

fn unknown_variable(target: &str, name: &str, takes: &[Variable]) -> anyhow::Error {
    let names: Vec<String> = takes.iter().map(|(name, _)| format!("{name}=")).collect();
    Advice::wrong_use(
        format!("make {target} does not take {name}="),
        format!("it takes {}", names.join(" ")),
    )
}

/// What else is on make's command line was meant to be the name.
fn missing_name(args: &Args, example: &str) -> anyhow::Error {
    let target = &args.command;
    let is_name = |word: &&str| {
        *word != target
            && word.starts_with(|c: char| c.is_ascii_alphabetic())
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    };
    let meant = args.goals.split_whitespace().find(is_name).unwrap_or(example);
    Advice::wrong_use(
        format!("make {target} needs a name, in name="),
        format!("make {target} name={meant}"),
    )
}

/// Refuses what else stands on make's command line and is no command, before the first command runs: half of a list
/// of fields that is not in quotes, or `2` for `step=2`.
fn refuse_other_words(args: &Args) -> anyhow::Result<()> {
    let mut words = args.goals.split_whitespace();
    let is_target = |word: &str| {
        word == args.command || args.targets.split_whitespace().any(|target| target == word)
    };
    let Some(word) = words.find(|word| !is_target(word)) else {
        return Ok(());
    };
    let hint = if word.contains(':') {
        format!("put a list in quotes: fields='name:string {word}'")
    } else if word.chars().all(|c| c.is_ascii_digit()) {
        format!("make {} step={word}", args.command)
    } else {
        format!("make, alone, lists the commands; a name is name={word}")
    };
    Err(Advice::wrong_use(format!("there is no command {word}; nothing was done"), hint))
}

fn switch(target: &str, variable: &str, value: &str) -> anyhow::Result<bool> {
    match value {
        "" | "0" | "no" | "false" => Ok(false),
        "1" | "yes" | "true" => Ok(true),
        _ => Err(Advice::wrong_use(
            format!("{variable}= is 1 or 0, not \"{value}\""),
            format!("make {target} {variable}=1"),
        )),
    }
}

/// Splits at spaces, respects quotes, expands nothing.
fn split(target: &str, variable: &str, value: &str) -> anyhow::Result<Vec<String>> {
    shell_words::split(value).map_err(|_| {
        Advice::wrong_use(
            format!("{variable}= has a quotation mark without its partner"),
            format!("make {target} {variable}=\"--name 'two words'\""),
        )
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

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
                let advice = error.downcast::<Advice>().unwrap();
                (advice.to_string(), advice.hint().to_owned())
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
    #[case(&["db-psql", "args=-c 'select 1'"], &["db-psql", "-c", "select 1"])]
    fn variables_become_arguments(#[case] given: &[&str], #[case] expected: &[&str]) {
        let expected: Vec<String> = expected.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(run(given[0], given), Ok(expected));
    }

    #[rstest]
    #[case("migrate-up", &["migrate-up", "naem=x"], "make migrate-up does not take naem=",
           "it takes name= step= to= all= yes= env= dry_run= json= args=")]
    #[case("migrate-up", &["migrate-up", "STEP"], "make migrate-up does not take STEP=",
           "small letters: step=")]
    #[case("migrate-up 2", &["migrate-up"], "there is no command 2; nothing was done",
           "make migrate-up step=2")]
    #[case("migrate-up m1_users", &["migrate-up"], "there is no command m1_users; nothing was done",
           "make, alone, lists the commands; a name is name=m1_users")]
    #[case("create-migration size:integer", &["create-migration", "name=x", "fields=a:b"],
           "there is no command size:integer; nothing was done",
           "put a list in quotes: fields='name:string size:integer'")]
    #[case("create-migration createWidgets", &["create-migration"],
           "make create-migration needs a name, in name=",
           "make create-migration name=createWidgets")]
    #[case("create-seed", &["create-seed"], "make create-seed needs a name, in name=",
           "make create-seed name=createAdminUser")]
    #[case("migrate-up", &["migrate-up", "yes=maybe"], "yes= is 1 or 0, not \"maybe\"",
           "make migrate-up yes=1")]
    #[case("migrate-up", &["migrate-up", "args='x"],
           "args= has a quotation mark without its partner",
           "make migrate-up args=\"--name 'two words'\"")]
    #[case("zzz", &["zzz"], "there is no command zzz", "make, alone, lists the commands")]
    fn wrong_use_is_refused(
        #[case] goals: &str,
        #[case] given: &[&str],
        #[case] message: &str,
        #[case] hint: &str,
    ) {
        assert_eq!(run(goals, given), Err((message.to_owned(), hint.to_owned())));
    }

    #[test]
    fn several_commands_of_one_call_are_no_other_words() {
        assert!(run("migrate-down seed-up migrate-up", &["seed-up"]).is_ok());
    }
}
