//! `migrate-repair`, `seed-repair`: corrects the history by name. Runs no script.

use seedbed_engine::{Event, Kind, Repair, RepairedScript, Runner, State, Status};
use serde_json::json;

use super::Running;
use crate::args;
use crate::failure::{Failure, Success};
use crate::output::print_document;

pub(crate) async fn run(
    command: &Running<'_>,
    kind: Kind,
    args: &args::Repair,
) -> Result<Success, Failure> {
    let context = command.context;
    let environment = &context.options.environment;
    let applied = args.applied.iter().map(|given| Repair::Applied(given.as_str().into()));
    let not_applied =
        args.not_applied.iter().map(|given| Repair::NotApplied(given.as_str().into()));
    let repairs: Vec<Repair> = applied.chain(not_applied).collect();
    if !repairs.is_empty() && !environment.is_development() && !args.yes {
        return Err(Failure::wrong_use(
            format!("this would correct the history of {environment}"),
            "`--yes` if that is meant",
        ));
    }
    let events = |event: &Event<'_>| command.event(event);
    let session = command.connect().await?;
    let runner = Runner::new(&session, command.project, &events, command.interrupt.clone())?;
    if repairs.is_empty() {
        propose(command, kind, &command.interrupt.run_until_cancelled(runner.status(kind)).await??);
    } else {
        print(command, &runner.repair(kind, &repairs).await?);
    }
    drop(runner);
    session.close().await;
    Ok(Success::Done)
}

/// Prints what could be corrected, with the flag that does it.
fn propose(command: &Running<'_>, kind: Kind, scripts: &[Status]) {
    let proposals: Vec<_> = scripts
        .iter()
        .filter_map(|script| Some((&script.name, script.state, proposal(script.state)?)))
        .collect();
    if command.context.output.json {
        let proposals: Vec<_> = proposals
            .iter()
            .map(|(name, state, _)| json!({ "name": name, "state": state }))
            .collect();
        print_document(json!({ "repairable": proposals }));
        return;
    }
    for (name, state, flag) in &proposals {
        anstream::println!("{name}  {}  {flag} {name}", state.as_str());
    }
    if proposals.is_empty() {
        anstream::println!("nothing to repair: no {kind} is modified, missing or interrupted");
    }
}

/// The flag that settles a script in that state.
const fn proposal(state: State) -> Option<&'static str> {
    match state {
        State::Modified => Some("--applied"),
        State::Missing => Some("--not-applied"),
        State::Interrupted => Some("--applied or --not-applied"),
        _ => None,
    }
}

fn print(command: &Running<'_>, repaired: &[RepairedScript]) {
    let word = |state: Option<State>| state.map_or("unknown", State::as_str);
    if command.context.output.json {
        let repaired: Vec<_> = repaired
            .iter()
            .map(|one| json!({ "name": one.name, "before": one.before, "after": one.after }))
            .collect();
        print_document(json!({ "repaired": repaired }));
        return;
    }
    for one in repaired {
        anstream::println!("repaired  {}  {} -> {}", one.name, word(one.before), word(one.after));
    }
}
