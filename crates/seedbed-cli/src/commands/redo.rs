//! `migrate-redo`, `seed-redo`: reverts the newest scripts and applies them again.

use seedbed_engine::{Action, Kind, Request, Target};

use super::Running;
use crate::args::Redo;
use crate::failure::{Failure, Success};

pub(crate) async fn run(
    command: &Running<'_>,
    kind: Kind,
    args: &Redo,
) -> Result<Success, Failure> {
    let request = Request {
        strict: command.context.strict,
        ..Request::new(Action::Redo, Target::Steps(args.step))
    };
    command.request(kind, &request, args.dry_run.dry_run).await
}
