//! The commands `migrate-redo` and `seed-redo` revert the newest scripts, or the named ones, and apply them again.

use seedbed_engine::{Action, RunRequest, ScriptKind, Target};

use super::command_context::CommandContext;
use crate::args::RedoArgs;
use crate::command_error::{CommandError, Success};

pub(crate) async fn run(
    context: &CommandContext<'_>,
    kind: ScriptKind,
    args: &RedoArgs,
) -> Result<Success, CommandError> {
    let target = match args.name.as_slice() {
        [] => Target::Steps(args.step),
        names => Target::Only(names.iter().map(|name| name.as_str().into()).collect()),
    };
    let request =
        RunRequest { strict: context.config.strict, ..RunRequest::new(Action::Redo, target) };
    context.run_request(kind, &request, args.dry_run.dry_run).await
}
