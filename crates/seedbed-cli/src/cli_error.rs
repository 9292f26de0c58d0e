//! The errors of `seedbed`. Each has a hint and an exit code.

use std::process::ExitCode;

use seedbed_config::Hint;

/// An error of this program itself, with a hint that says how to correct it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct CliError {
    message: String,
    hint: Hint,
    code: Code,
}

#[derive(Debug, Clone, Copy)]
enum Code {
    Failure = 1,
    UsageError = 2,
}

impl CliError {
    /// Creates an error about a command line that can never work. Its exit code is 2.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<Hint>) -> anyhow::Error {
        Self::with_code(message.into(), hint.into(), Code::UsageError)
    }

    /// Creates an error about something that failed or was refused. Its exit code is 1.
    pub(crate) fn failure(message: impl Into<String>, hint: impl Into<Hint>) -> anyhow::Error {
        Self::with_code(message.into(), hint.into(), Code::Failure)
    }

    /// Returns the hint that says how to correct the error.
    pub(crate) fn hint(&self) -> &Hint {
        &self.hint
    }

    fn with_code(message: String, hint: Hint, code: Code) -> anyhow::Error {
        anyhow::Error::new(Self { message, hint, code })
    }
}

/// An error that another program has printed already.
#[derive(Debug, thiserror::Error)]
#[error("the program ended with exit code {code}")]
pub(crate) struct ReportedError {
    code: u8,
}

impl ReportedError {
    /// Creates the error with the exit code of the program.
    #[expect(clippy::new_ret_no_self, reason = "every command returns this type of error")]
    pub(crate) fn new(code: u8) -> anyhow::Error {
        anyhow::Error::new(Self { code })
    }

    /// Returns the exit code.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

/// Returns the exit code for an error.
pub(crate) fn exit_code(error: &anyhow::Error) -> ExitCode {
    let code = if let Some(error) = error.downcast_ref::<seedbed_generate::WriteError>() {
        if error.is_wrong_use() { Code::UsageError } else { Code::Failure }
    } else {
        error.downcast_ref::<CliError>().map_or(Code::Failure, |error| error.code)
    };
    ExitCode::from(code as u8)
}

/// Returns the hint of an error, from any crate.
pub(crate) fn hint(error: &anyhow::Error) -> Option<Hint> {
    if let Some(error) = error.downcast_ref::<CliError>() {
        return Some(error.hint().clone());
    }
    if let Some(error) = error.downcast_ref::<seedbed_generate::WriteError>() {
        return Some(error.hint());
    }
    if let Some(error) = error.downcast_ref::<seedbed_generate::SeedError>() {
        return Some(error.hint());
    }
    if let Some(error) = error.downcast_ref::<seedbed_config::ConnectError>() {
        return error.hint();
    }
    text_hint(error).map(Hint::from)
}

/// Returns the hint of an error from a crate whose hints are texts.
fn text_hint(error: &anyhow::Error) -> Option<String> {
    if let Some(error) = error.downcast_ref::<local_postgres::Error>() {
        return error.hint();
    }
    if let Some(error) = error.downcast_ref::<seedbed_build::CreateError>() {
        return error.hint();
    }
    if let Some(error) = error.downcast_ref::<seedbed_build::ScanError>() {
        return error.hint();
    }
    if let Some(error) = error.downcast_ref::<seedbed_generate::ModelError>() {
        return Some(error.hint());
    }
    if let Some(error) = error.downcast_ref::<seedbed_schema::Error>() {
        return error.hint();
    }
    if let Some(error) = error.downcast_ref::<seedbed_config::ProjectFileError>() {
        return error.hint();
    }
    let error = error.downcast_ref::<seedbed_entities::Error>()?;
    Some(error.hint())
}
