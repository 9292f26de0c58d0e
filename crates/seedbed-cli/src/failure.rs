//! How a command ends, and how an error is told.

use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use clap::error::ErrorKind;
use seedbed_engine::{ConnectError, Error, Report};

use crate::context::Context;
use crate::output::{json_report, print_document, warning};

/// How a command ended well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Success {
    /// Done, also when there was nothing to do.
    Done,
    /// `--exit-code`: not everything is applied and clean.
    NotClean,
    /// `schema --diff`: the two are not the same.
    Differs,
}

/// Why a command ended badly, and what it did before.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    hint: Option<String>,
    report: Box<Report>,
    code: u8,
}

impl Failure {
    /// Wrong use, seen without disk or database.
    pub(crate) fn wrong_use(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: Some(hint.into()), report: Box::default(), code: 2 }
    }

    /// The command refuses.
    pub(crate) fn refused(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code: 1, ..Self::wrong_use(message, hint) }
    }

    /// The same failure, of that file or the like.
    pub(crate) fn of(self, what: impl std::fmt::Display) -> Self {
        Self { message: format!("{what}: {}", self.message), ..self }
    }

    /// The same failure, after that report.
    pub(crate) fn after(mut self, mut report: Report) -> Self {
        report.done.append(&mut self.report.done);
        report.warnings.append(&mut self.report.warnings);
        report.notices.append(&mut self.report.notices);
        self.report = Box::new(report);
        self
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            message: error.to_string(),
            hint: error.hint(),
            report: Box::default(),
            code: match error {
                Error::Interrupted => 130,
                Error::Connect(ConnectError::Url(_)) => 2,
                _ => 1,
            },
        }
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        Error::from(error).into()
    }
}

impl From<seedbed_catalog::Error> for Failure {
    fn from(error: seedbed_catalog::Error) -> Self {
        Self { message: error.to_string(), hint: error.hint(), report: Box::default(), code: 1 }
    }
}

impl From<seedbed_engine::RunFailure> for Failure {
    fn from(failure: seedbed_engine::RunFailure) -> Self {
        Self::from(failure.error).after(failure.report)
    }
}

/// Tells the failure, if it is one, and turns the end into an exit code.
pub(crate) fn exit_code(context: &Context, result: Result<Success, Failure>) -> ExitCode {
    match result {
        Ok(Success::Done) => ExitCode::SUCCESS,
        Ok(Success::NotClean) => ExitCode::from(3),
        Ok(Success::Differs) => ExitCode::FAILURE,
        Err(failure) => exit_code_without_context(context.output.json, &failure),
    }
}

/// As [`exit_code`], before there is a context.
pub(crate) fn exit_code_without_context(json: bool, failure: &Failure) -> ExitCode {
    if json {
        let mut document = json_report(&failure.report);
        document["error"] = failure.message.as_str().into();
        document["hint"] = failure.hint.as_deref().into();
        print_document(document);
    } else {
        for message in &failure.report.warnings {
            anstream::eprintln!("{}", warning(message));
        }
        if !failure.report.done.is_empty() {
            anstream::eprintln!("{} before that, and committed", count(&failure.report));
        }
    }
    let red = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
    let cyan = Style::new().bold().fg_color(Some(AnsiColor::Cyan.into()));
    anstream::eprintln!("{red}error{red:#}: {}", failure.message);
    if let Some(hint) = &failure.hint {
        anstream::eprintln!("{cyan}hint{cyan:#}: {hint}");
    }
    ExitCode::from(failure.code)
}

/// Prints clap's error, or its help, without a password that stands in a URL on the command line.
pub(crate) fn wrong_arguments(error: &clap::Error) -> ExitCode {
    let text = error.render();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => anstream::print!("{}", text.ansi()),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            anstream::eprint!("{}", text.ansi());
        }
        _ => anstream::eprint!("{}", without_passwords(&text.ansi().to_string())),
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// The text with `…` for what stands between `://` and the `@` of the same word.
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

/// `1 migration applied`, `2 migrations reverted, 2 migrations applied`.
pub(crate) fn count(report: &Report) -> String {
    let mut parts: Vec<(String, usize)> = Vec::new();
    for outcome in &report.done {
        let word = format!("{} {}", outcome.kind.as_str(), crate::output::past(outcome.direction));
        match parts.last_mut() {
            Some((last, n)) if *last == word => *n += 1,
            _ => parts.push((word, 1)),
        }
    }
    let parts: Vec<String> = parts
        .into_iter()
        .map(|(word, n)| match n {
            1 => format!("1 {word}"),
            n => format!("{n} {}", word.replacen(' ', "s ", 1)),
        })
        .collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::without_passwords;

    #[test]
    fn a_url_is_repeated_without_its_password() {
        assert_eq!(
            without_passwords("unexpected 'postgres://u:s/3#c@ret@h/db' found\nfor more, ask"),
            "unexpected 'postgres://…@h/db' found\nfor more, ask"
        );
        assert_eq!(without_passwords("see https://example.com a@b"), "see https://example.com a@b");
    }
}
