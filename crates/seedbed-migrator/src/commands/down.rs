//! The commands `migrate-down` and `seed-down` revert applied scripts, newest first.

use std::num::NonZeroU32;

use seedbed_engine::{Action, RunRequest, ScriptKind, Target};

use super::command_context::CommandContext;
use crate::args::DownArgs;
use crate::command_error::{CommandError, Success};

pub(crate) async fn run(
    context: &CommandContext<'_>,
    kind: ScriptKind,
    args: &DownArgs,
) -> Result<Success, CommandError> {
    let config = context.config;
    let environment = &config.options.environment;
    // A mistaken `migrate-down` costs only one migration. Seeds belong together, so `seed-down` reverts all of them.
    let default = match kind {
        ScriptKind::Migration => Target::Steps(NonZeroU32::MIN),
        ScriptKind::Seed => Target::All,
    };
    let target = args.target.or_default(default);
    let is_one = match &target {
        Target::Steps(steps) => *steps == NonZeroU32::MIN,
        Target::Only(names) => names.len() == 1,
        Target::All | Target::To(_) => false,
    };
    if !is_one && !environment.is_development() && !args.yes && !args.dry_run.dry_run {
        let scripts = match &target {
            Target::All => format!("all {kind}s"),
            _ => format!("more than one {kind}"),
        };
        return Err(CommandError::usage(
            format!("refused to revert {scripts} in `{environment}` without `--yes`"),
            "add `--yes` to revert them, `--step 1` to revert only the newest, or `--name NAME` to revert only that one",
        ));
    }
    let request = RunRequest { strict: config.strict, ..RunRequest::new(Action::Down, target) };
    context.run_request(kind, &request, args.dry_run.dry_run).await
}
