//! The commands `migrate-repair` and `seed-repair` correct the history by name. They run no script.

use seedbed_engine::{
    Event, Repair, RepairedScript, Runner, ScriptKind, ScriptState, ScriptStatus,
};
use serde_json::json;

use super::command_context::CommandContext;
use crate::args::RepairArgs;
use crate::command_error::{CommandError, Success};
use crate::output::print_document;
use crate::print;

pub(crate) async fn run(
    context: &CommandContext<'_>,
    kind: ScriptKind,
    args: &RepairArgs,
) -> Result<Success, CommandError> {
    let config = context.config;
    let environment = &config.options.environment;
    let applied = args.applied.iter().map(|name| Repair::Applied(name.as_str().into()));
    let not_applied = args.not_applied.iter().map(|name| Repair::NotApplied(name.as_str().into()));
    let repairs: Vec<Repair> = applied.chain(not_applied).collect();
    if !repairs.is_empty() && !environment.is_development() && !args.yes {
        return Err(CommandError::usage(
            format!("refused to change the history in `{environment}` without `--yes`"),
            "add `--yes` to change it",
        ));
    }
    let events = |event: &Event<'_>| context.print_event(event);
    let session = context.connect().await?;
    let runner = Runner::new(&session, context.project, &events, context.cancellation.clone())?;
    if repairs.is_empty() {
        print_proposals(
            context,
            kind,
            &context.cancellation.run_until_canceled(runner.status(kind)).await??,
        );
    } else {
        print_repaired(context, &runner.repair(kind, &repairs).await?);
    }
    drop(runner);
    session.close().await;
    Ok(Success::Done)
}

/// Prints every script whose record can be repaired, with the flag that repairs it.
fn print_proposals(context: &CommandContext<'_>, kind: ScriptKind, scripts: &[ScriptStatus]) {
    let proposals: Vec<_> = scripts
        .iter()
        .filter_map(|script| Some((&script.name, script.state, repair_flag(script.state)?)))
        .collect();
    if context.config.output.json {
        let proposals: Vec<_> = proposals
            .iter()
            .map(|(name, state, _)| json!({ "name": name, "state": state }))
            .collect();
        print_document(json!({ "repairable": proposals }));
        return;
    }
    for (name, state, flag) in &proposals {
        print::stdout_line(&format!("{name}  {}  {flag} {name}", state.as_str()));
    }
    if proposals.is_empty() {
        print::stdout_line(&format!(
            "nothing to repair: no {kind} is modified, missing or interrupted"
        ));
    }
}

/// Returns the flag that repairs the record of a script in the given state.
const fn repair_flag(state: ScriptState) -> Option<&'static str> {
    match state {
        ScriptState::Modified => Some("--applied"),
        ScriptState::Missing => Some("--not-applied"),
        ScriptState::Interrupted => Some("--applied or --not-applied"),
        _ => None,
    }
}

fn print_repaired(context: &CommandContext<'_>, repaired: &[RepairedScript]) {
    let state_name = |state: Option<ScriptState>| state.map_or("unknown", ScriptState::as_str);
    if context.config.output.json {
        let repaired: Vec<_> = repaired
            .iter()
            .map(|script| {
                json!({ "name": script.name, "before": script.before, "after": script.after })
            })
            .collect();
        print_document(json!({ "repaired": repaired }));
        return;
    }
    for script in repaired {
        let (name, before, after) =
            (&script.name, state_name(script.before), state_name(script.after));
        print::stdout_line(&match script.before == script.after {
            true => format!("nothing to repair: `{name}` is {after}"),
            false => format!("repaired  {name}  {before} -> {after}"),
        });
    }
}
