//! The command `migrate-verify` proves on temporary databases that each script can be reverted.
//!
//! The `--json` document has the member `scripts`. Each script has a `kind`, a `name`, a `file`, a `result`
//! (`verified`, `failed` or `skipped`), `skipped` (the reason, or null), its `findings`, the tables that had no rows
//! (`unfilled`) and `duration_ms`. The `finding` of a finding is one of the values of [`Finding`].

use std::sync::Mutex;

use seedbed_engine::{Error, Event, Hint};
use serde_json::{Value, json};

use super::command_context::CommandContext;
use crate::args::VerifyArgs;
use crate::command_error::{CommandError, Success};
use crate::output::{format_duration, print_document};
use crate::print::{self, DIM, GREEN, RED};
use crate::verify::{Selection, Verification, VerificationProgress, Verifier, VerifyError};

mod render;

pub(crate) async fn run(
    context: &CommandContext<'_>,
    args: &VerifyArgs,
) -> Result<Success, CommandError> {
    let config = context.config;
    let options = &config.options;
    let selection = Selection::new(context.project, &options.environment, &args.name)?;
    let verifications = Mutex::new(Vec::new());
    let events = |event: &Event<'_>| print_unless_script(context, event);
    let progress = |progress: VerificationProgress<'_>| match progress {
        VerificationProgress::Started(name) => context.spinner.start("verifying", name),
        VerificationProgress::Finished(verification) => {
            context.spinner.stop();
            if !config.output.json {
                print_verification(&verification);
            }
            if let Ok(mut verifications) = verifications.lock() {
                verifications.push(*verification);
            }
        }
    };
    let verifier = Verifier {
        project: context.project,
        options,
        events: &events,
        cancellation: &context.cancellation,
        progress: &progress,
    };
    // Before the signal thread listens, a signal would end the process and leave the temporary databases behind.
    context.signals_ready.wait();
    let verified = verifier.run(&selection).await;
    context.spinner.stop();
    verified.map_err(CommandError::from)?;
    let verifications = verifications.into_inner().unwrap_or_default();
    if config.output.json {
        let scripts: Vec<Value> = verifications.iter().map(json_verification).collect();
        print_document(json!({ "scripts": scripts }));
    } else {
        print::stdout_line(&summarize(&verifications));
    }
    let is_clean = verifications.iter().all(|verification| verification.findings.is_empty());
    Ok(if is_clean { Success::Done } else { Success::Differs })
}

impl From<VerifyError> for CommandError {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::Engine(error @ Error::NoRightToCreateTemporaryDatabase { .. }) => {
                let hint = Hint::text(
                    "`--scratch-url postgres://user:password@host:5432/postgres` names a server on which the role may \
                     create databases",
                );
                Self::failure(
                    error.to_string(),
                    match error.hint() {
                        Some(other) => hint.then("; or ").then_hint(other),
                        None => hint,
                    },
                )
            }
            VerifyError::Engine(error) => error.into(),
            VerifyError::Schema(error) => error.into(),
            VerifyError::Rows(_) => Self::failure(error.to_string(), "try again"),
        }
    }
}

/// Prints an event of a temporary database, except the scripts that run in it and the notices that they cause.
fn print_unless_script(context: &CommandContext<'_>, event: &Event<'_>) {
    match event {
        Event::Started { .. } | Event::Finished { .. } | Event::Notice { .. } => {}
        event => context.print_event(event),
    }
}

fn print_verification(verification: &Verification) {
    let Verification { name, file, skipped, findings, unfilled, elapsed, .. } = verification;
    let duration = format_duration(*elapsed);
    for table in unfilled {
        print::stderr_line(&print::warning(&format!(
            "{name}: no row could be generated for `{}`, so `up` was tested while this table was empty: {}",
            table.table, table.reason
        )));
    }
    print::stdout_line(&match (findings.as_slice(), skipped) {
        ([], None) => format!("{GREEN}verified{GREEN:#} {name} {DIM}{duration}{DIM:#}"),
        ([], Some(reason)) => format!("skipped  {name}: {}", render::skip_reason(reason)),
        (findings, _) => {
            let findings: Vec<String> = findings.iter().map(render::finding).collect();
            format!("{RED}failed  {RED:#} {name} ({file})\n{}", findings.concat().trim_end())
        }
    });
}

/// Summarizes the results, such as `11 scripts verified, 1 skipped, 2 failed`.
fn summarize(verifications: &[Verification]) -> String {
    let count = |result: &str| {
        verifications.iter().filter(|verification| result_of(verification) == result).count()
    };
    if verifications.is_empty() {
        return "nothing to verify: there are no scripts".to_owned();
    }
    let verified = count("verified");
    let noun = if verified == 1 { "script" } else { "scripts" };
    let mut summary = format!("{verified} {noun} verified");
    for result in ["skipped", "failed"] {
        if count(result) > 0 {
            summary += &format!(", {} {result}", count(result));
        }
    }
    summary
}

fn result_of(verification: &Verification) -> &'static str {
    match (verification.findings.as_slice(), &verification.skipped) {
        ([], None) => "verified",
        ([], Some(_)) => "skipped",
        _ => "failed",
    }
}

fn json_verification(verification: &Verification) -> Value {
    let Verification { kind, name, file, skipped, findings, unfilled, elapsed } = verification;
    json!({
        "kind": kind.as_str(),
        "name": name,
        "file": file,
        "result": result_of(verification),
        "skipped": skipped.as_ref().map(render::skip_reason),
        "findings": findings,
        "unfilled": unfilled,
        "duration_ms": u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
    })
}
