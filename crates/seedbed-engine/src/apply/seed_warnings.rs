//! Warns about seeds whose rows a reverted migration dropped.

use seedbed_build::ScriptKind;
use seedbed_config::{Hint, SuggestedCommand};

use super::Apply;
use super::seed_rows::SeedLosses;
use crate::plan::{Step, quoted};

impl Apply<'_> {
    /// Creates the warnings about seeds whose rows a reverted migration dropped.
    pub(super) fn seed_warnings(&self, step: &Step, losses: &SeedLosses) -> Vec<Hint> {
        let mut warnings: Vec<Hint> = losses
            .lost
            .iter()
            .map(|(seed, lost)| {
                let message = format!("the seed `{seed}` is pending again: {lost}; ");
                let up = SuggestedCommand::Up { kind: ScriptKind::Seed, name: None };
                match self.seeds.get(seed) {
                    None => Hint::text(format!("{message}its file is missing")),
                    Some(script) if self.seeds.belongs_to_other_environment(seed) => {
                        let environment = script.only_environment().unwrap_or_default();
                        Hint::text(format!("{message}in the environment `{environment}`, "))
                            .then_command(up)
                            .then(" inserts them again")
                    }
                    Some(_) => Hint::text(message).then_command(up).then(" inserts them again"),
                }
            })
            .collect();
        if !losses.unknown.is_empty() {
            let redo = SuggestedCommand::Redo { kind: ScriptKind::Seed, name: "NAME".to_owned() };
            let message = format!(
                "`{}` dropped a table, and it is not known which tables these seeds filled: {}; ",
                step.name,
                quoted(&losses.unknown)
            );
            let hint = Hint::text(message).then_command(redo);
            warnings.push(hint.then(" inserts the rows of a seed again"));
        }
        warnings
    }
}
