//! The end of a command: its success or its error, and the exit code of each.

use std::io;
use std::process::ExitCode;

use clap::error::ErrorKind;
use seedbed_engine::{ConnectError, Error, Hint, PlanError, RunReport};

use crate::config::Config;
use crate::output::{json_report, print_document, summarize};
use crate::print;

/// The kinds of success of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Success {
    /// The command has done its work, or there was nothing to do.
    Done,
    /// With `--exit-code`, a script is in a state other than *applied*.
    NotClean,
    /// `schema --diff` found a difference, or `migrate-verify` found a fault.
    Differs,
}

/// The error of a command, and the report of what it did before.
#[derive(Debug)]
pub(crate) struct CommandError {
    message: String,
    hint: Option<Hint>,
    report: Box<RunReport>,
    code: u8,
}

impl CommandError {
    /// Creates an error about the command line, the environment or the `.env` file. Its exit code is 2.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<Hint>) -> Self {
        Self { message: message.into(), hint: Some(hint.into()), report: Box::default(), code: 2 }
    }

    /// Creates an error about something that failed or was refused. Its exit code is 1.
    pub(crate) fn failure(message: impl Into<String>, hint: impl Into<Hint>) -> Self {
        Self { code: 1, ..Self::usage(message, hint) }
    }

    /// Puts the object that the error is about before its message.
    pub(crate) fn with_subject(self, subject: impl std::fmt::Display) -> Self {
        Self { message: format!("{subject}: {}", self.message), ..self }
    }

    /// Puts the report of an earlier run before the error's own.
    pub(crate) fn with_earlier_report(mut self, mut report: RunReport) -> Self {
        report.done.append(&mut self.report.done);
        report.warnings.append(&mut self.report.warnings);
        report.notices.append(&mut self.report.notices);
        self.report = Box::new(report);
        self
    }
}

impl From<Error> for CommandError {
    fn from(error: Error) -> Self {
        Self {
            message: error.to_string(),
            hint: error.hint(),
            report: Box::default(),
            code: match error {
                Error::Interrupted => 130,
                Error::Connect(ConnectError::Url(_))
                | Error::Plan(PlanError::RepairedInTwoWays { .. }) => 2,
                _ => 1,
            },
        }
    }
}

impl From<ConnectError> for CommandError {
    fn from(error: ConnectError) -> Self {
        Error::from(error).into()
    }
}

impl From<seedbed_schema::Error> for CommandError {
    fn from(error: seedbed_schema::Error) -> Self {
        let hint = error.hint().map(Hint::from);
        Self { message: error.to_string(), hint, report: Box::default(), code: 1 }
    }
}

impl From<seedbed_engine::RunFailure> for CommandError {
    fn from(failure: seedbed_engine::RunFailure) -> Self {
        Self::from(failure.error).with_earlier_report(failure.report)
    }
}

/// Prints the error, if the command failed, and returns the exit code.
pub(crate) fn exit_code(config: &Config, result: Result<Success, CommandError>) -> ExitCode {
    match result {
        Ok(Success::Done) => ExitCode::SUCCESS,
        Ok(Success::NotClean) => ExitCode::from(3),
        Ok(Success::Differs) => ExitCode::FAILURE,
        Err(error) => report_error(config.output.json, &error),
    }
}

/// Prints an error, with the report of the command, and returns its exit code.
pub(crate) fn report_error(json: bool, error: &CommandError) -> ExitCode {
    let hint = error.hint.as_ref().map(print::spelled);
    if json {
        let mut document = json_report(&error.report);
        document["error"] = error.message.as_str().into();
        document["hint"] = hint.as_deref().into();
        print_document(document);
    } else {
        for message in &error.report.warnings {
            print::stderr_line(&print::warning(&print::spelled(message)));
        }
        if !error.report.done.is_empty() {
            let summary = summarize(&error.report);
            print::stderr_line(&format!("{summary} and committed before the error"));
        }
    }
    print::stderr(&print::error(&error.message, hint.as_deref()));
    ExitCode::from(error.code)
}

/// Prints the reason why stdout could not be written, and returns the exit code. The command itself has ended.
pub(crate) fn report_stdout_error(error: &io::Error) -> ExitCode {
    let hint = "what the command applied or reverted is committed; list the scripts with their states before you run it \
                again, and send the output to another place";
    print::stderr(&print::error(&format!("failed to write to stdout: {error}"), Some(hint)));
    ExitCode::FAILURE
}

/// Prints the error or the help of clap. Hides the passwords of URLs on the command line.
pub(crate) fn report_argument_error(error: &clap::Error) -> ExitCode {
    let text = error.render().ansi().to_string();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => print::stdout(&text),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            print::stderr(&text);
        }
        _ => print::stderr(&without_passwords(&text)),
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// Replaces the text between `://` and the last `@` of the same word with `…`.
fn without_passwords(text: &str) -> String {
    let mut words = Vec::new();
    for word in text.split(' ') {
        words.push(match (word.find("://"), word.rfind('@')) {
            (Some(scheme), Some(at)) if scheme < at => {
                format!("{}://…{}", &word[..scheme], &word[at..])
            }
            _ => word.to_owned(),
        });
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::without_passwords;

    #[test]
    fn a_url_is_printed_without_its_password() {
        assert_eq!(
            without_passwords("unexpected 'postgres://u:s/3#c@ret@h/db' found\nfor more, ask"),
            "unexpected 'postgres://…@h/db' found\nfor more, ask"
        );
        assert_eq!(without_passwords("see https://example.com a@b"), "see https://example.com a@b");
    }
}
