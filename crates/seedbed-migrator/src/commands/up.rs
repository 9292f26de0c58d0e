//! The commands `migrate-up` and `seed-up` apply pending scripts.

use seedbed_engine::{Action, RunRequest, ScriptKind, Target};

use super::command_context::CommandContext;
use crate::args::UpArgs;
use crate::command_error::{CommandError, Success};

pub(crate) async fn run(
    context: &CommandContext<'_>,
    kind: ScriptKind,
    args: &UpArgs,
) -> Result<Success, CommandError> {
    let config = context.config;
    let request = RunRequest {
        out_of_order: config.out_of_order(args.allow_out_of_order),
        strict: config.strict,
        ..RunRequest::new(Action::Up, args.target.or_default(Target::All))
    };
    context.run_request(kind, &request, args.dry_run.dry_run).await
}
