//! The commands that need the scripts. One of the two builds of the project's `migrator` runs them, on the database
//! that this module chooses.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

use seedbed_config::CommandSpelling;

use crate::database::{self, Database};
use crate::programs::{self, MigratorBuild};
use crate::variables::Variables;
use crate::workspace::Workspace;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Arguments for the migrator; `--help` lists them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) arguments: Vec<OsString>,
}

/// Whether this program has to build the migrator before it runs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// The user has called `seedbed` directly, so the migrator may be older than the sources.
    Needed,
    /// The user has called make, whose launcher has built the migrator together with `seedbed`.
    Done,
}

impl Build {
    /// Returns how the user has typed the command. This program and the migrator spell the commands of their hints in the
    /// same way.
    pub(crate) const fn spelling(self) -> CommandSpelling {
        match self {
            Self::Needed => CommandSpelling::Seedbed,
            Self::Done => CommandSpelling::Make,
        }
    }
}

/// Replaces this process with the migrator, with the URL of the database in `DATABASE_URL`.
pub(crate) fn run(
    root: Option<&Path>,
    build: Build,
    migrator: MigratorBuild,
    command: &str,
    arguments: &[OsString],
) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let environment =
        flag_value(arguments, "--env").map(|name| name.to_string_lossy().into_owned());
    let variables = Variables::load_for(&workspace, environment.as_deref())?;
    if migrator == MigratorBuild::WithoutSeeds {
        variables.ensure_environment_is_not_misspelled(&workspace)?;
    }
    if build == Build::Needed {
        programs::build(&workspace, migrator)?;
    }
    let mut program = Command::new(programs::path(migrator)?);
    program.arg(command).args(arguments).env(CommandSpelling::VARIABLE, build.spelling().value());
    let has_flag = |flag| arguments.iter().any(|argument| argument == flag);
    // A command that names its database, or only prints its help, needs no chosen database.
    let names_server = ["--database-url", "--scratch-url"]
        .iter()
        .any(|flag| flag_value(arguments, flag).is_some());
    if !names_server && !has_flag("--help") && !has_flag("-h") {
        let database = Database::choose(&workspace, &variables)?;
        database.announce();
        database.set_url_variable(&mut program, "DATABASE_URL", database::DATABASE);
    }
    programs::exec(&mut program)
}

/// Returns the last value of a flag, given as `--flag value` or `--flag=value`.
pub(crate) fn flag_value<'a>(arguments: &'a [OsString], flag: &str) -> Option<&'a OsStr> {
    let next = arguments.iter().skip(1).map(Some).chain([None]);
    let values = arguments.iter().zip(next).filter_map(|(argument, next)| {
        if argument == flag {
            return next.map(OsString::as_os_str);
        }
        argument.to_str()?.strip_prefix(flag)?.strip_prefix('=').map(OsStr::new)
    });
    values.last()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_a_flag_is_found_after_a_space_or_an_equals_sign() {
        let value = |arguments: &[&str]| {
            let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
            flag_value(&arguments, "--env").map(OsStr::to_os_string)
        };
        assert_eq!(value(&["--step", "2"]), None);
        assert_eq!(value(&["--env", "staging", "--yes"]), Some("staging".into()));
        assert_eq!(value(&["--yes", "--env=production"]), Some("production".into()));
        assert_eq!(value(&["--env=a", "--env", "b"]), Some("b".into()));
        assert_eq!(value(&["--environment=a", "--env"]), None);
    }
}
