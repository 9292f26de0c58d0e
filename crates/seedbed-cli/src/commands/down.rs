//! `migrate-down`, `seed-down`: reverts applied scripts, newest first.

use std::num::NonZeroU32;

use seedbed_engine::{Action, Kind, Request, Target};

use super::Running;
use crate::args::Down;
use crate::failure::{Failure, Success};

pub(crate) async fn run(
    command: &Running<'_>,
    kind: Kind,
    args: &Down,
) -> Result<Success, Failure> {
    let context = command.context;
    let environment = &context.options.environment;
    // Reverting a migration by mistake costs one; the seeds belong together.
    let default = match kind {
        Kind::Migration => Target::Steps(NonZeroU32::MIN),
        Kind::Seed => Target::All,
    };
    let target = args.stop.target(default);
    let is_one = match &target {
        Target::Steps(steps) => *steps == NonZeroU32::MIN,
        Target::Only(names) => names.len() == 1,
        Target::All | Target::To(_) => false,
    };
    if !is_one && !environment.is_development() && !args.yes && !args.dry_run.dry_run {
        let what = match &target {
            Target::All => format!("all {kind}s"),
            _ => format!("more than one {kind}"),
        };
        return Err(Failure::wrong_use(
            format!("this would revert {what} of {environment}"),
            "`--yes` if that is meant; `--step 1` reverts the newest, `--name NAME` just one",
        ));
    }
    let request = Request { strict: context.strict, ..Request::new(Action::Down, target) };
    command.request(kind, &request, args.dry_run.dry_run).await
}
