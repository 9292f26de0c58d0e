//! `migrate-up`, `seed-up`: applies pending scripts.

use seedbed_engine::{Action, Kind, Request, Target};

use super::Running;
use crate::args::Up;
use crate::failure::{Failure, Success};

pub(crate) async fn run(command: &Running<'_>, kind: Kind, args: &Up) -> Result<Success, Failure> {
    let context = command.context;
    let request = Request {
        out_of_order: context.out_of_order(args.allow_out_of_order),
        strict: context.strict,
        ..Request::new(Action::Up, args.stop.target(Target::All))
    };
    command.request(kind, &request, args.dry_run.dry_run).await
}
