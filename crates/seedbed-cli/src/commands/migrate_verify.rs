//! The command `seedbed migrate-verify`. With `--since REF`, this program asks git which scripts have changed, because
//! the migrator also runs where there is neither git nor a checkout.

use std::ffi::OsString;
use std::path::Path;

use super::migrator::{self, Build};
use crate::changed_scripts::changed_scripts;
use crate::output::print_message;
use crate::programs::MigratorBuild;
use crate::workspace::Workspace;

const SINCE: &str = "--since";

/// Replaces this process with `migrator migrate-verify`, with `--name` for each script that has changed since the
/// reference. Runs nothing if no script has changed.
pub(crate) fn run(root: Option<&Path>, build: Build, args: &migrator::Args) -> anyhow::Result<()> {
    let mut arguments = args.arguments.clone();
    if let Some(reference) = migrator::flag_value(&arguments, SINCE) {
        let reference = reference.to_string_lossy().into_owned();
        let names = changed_scripts(&Workspace::find(root)?, &reference)?;
        if names.is_empty() {
            print_message(&format!(
                "nothing to verify: no migration and no seed has changed since {reference}"
            ));
            return Ok(());
        }
        arguments = without_flag(&arguments, SINCE);
        for name in names {
            arguments.extend([OsString::from("--name"), OsString::from(name.as_str())]);
        }
    }
    migrator::run(root, build, MigratorBuild::WithSeeds, "migrate-verify", &arguments)
}

/// Removes a flag with its value, given as `--flag value` or `--flag=value`.
fn without_flag(arguments: &[OsString], flag: &str) -> Vec<OsString> {
    let mut rest = Vec::with_capacity(arguments.len());
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        if argument == flag {
            arguments.next();
        } else if !argument.to_string_lossy().starts_with(&format!("{flag}=")) {
            rest.push(argument.clone());
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_is_removed_with_its_value_after_a_space_or_an_equals_sign() {
        let rest = |arguments: &[&str]| {
            let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
            let rest = without_flag(&arguments, SINCE);
            rest.into_iter().map(|word| word.into_string().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(rest(&["--json", "--since", "main", "-v"]), ["--json", "-v"]);
        assert_eq!(rest(&["--since=main", "--json", "--since-when"]), ["--json", "--since-when"]);
    }
}
