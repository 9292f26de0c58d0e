//! The commands that need the scripts: the project's `migrator` runs them, on the database that is chosen here.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

use crate::database::{self, Database};
use crate::programs;
use crate::variables::Variables;
use crate::workspace::Workspace;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Handed to the migrator: `--help` lists what it takes.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) arguments: Vec<OsString>,
}

/// Whether the migrator has been built already for this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    Needed,
    /// The launcher has built both programs by one call of cargo.
    Done,
}

/// Becomes the migrator with that command.
pub(crate) fn run(
    root: Option<&Path>,
    build: Build,
    word: &str,
    arguments: &[OsString],
) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let flag = option(arguments, "--env").map(|name| name.to_string_lossy().into_owned());
    let variables = Variables::load_for(&workspace, flag.as_deref())?;
    if build == Build::Needed {
        programs::build_migrator(&workspace)?;
    }
    let mut migrator = Command::new(programs::migrator()?);
    migrator.arg(word).args(arguments);
    let asks = |flag| arguments.iter().any(|argument| argument == flag);
    // What names its database itself, or only prints its help, needs none from here.
    if option(arguments, "--database-url").is_none() && !asks("--help") && !asks("-h") {
        let database = Database::choose(&workspace, &variables)?;
        database.announce();
        database.hand_to(&mut migrator, "DATABASE_URL", database::DATABASE);
    }
    programs::become_program(&mut migrator)
}

/// Returns the value of a flag, given as `--flag value` or `--flag=value`; the last one counts.
fn option<'a>(arguments: &'a [OsString], flag: &str) -> Option<&'a OsStr> {
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
    fn the_value_of_a_flag_is_found_in_both_spellings() {
        let value = |arguments: &[&str]| {
            let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
            option(&arguments, "--env").map(OsStr::to_os_string)
        };
        assert_eq!(value(&["--step", "2"]), None);
        assert_eq!(value(&["--env", "staging", "--yes"]), Some("staging".into()));
        assert_eq!(value(&["--yes", "--env=production"]), Some("production".into()));
        assert_eq!(value(&["--env=a", "--env", "b"]), Some("b".into()));
        assert_eq!(value(&["--environment=a", "--env"]), None);
    }
}
