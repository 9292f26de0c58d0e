//! What is printed, and where: data to standard output, everything else to standard error.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use anyhow::Context;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// An error of this program itself, with what to type next.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Advice {
    message: String,
    hint: String,
    code: Code,
}

#[derive(Debug, Clone, Copy)]
enum Code {
    Failed = 1,
    WrongUse = 2,
}

impl Advice {
    /// Something was typed that can never work.
    pub(crate) fn wrong_use(message: impl Into<String>, hint: impl Into<String>) -> anyhow::Error {
        Self::error(message.into(), hint.into(), Code::WrongUse)
    }

    /// Something does not work here and now.
    pub(crate) fn failure(message: impl Into<String>, hint: impl Into<String>) -> anyhow::Error {
        Self::error(message.into(), hint.into(), Code::Failed)
    }

    /// Returns what to type next.
    pub(crate) fn hint(&self) -> &str {
        &self.hint
    }

    fn error(message: String, hint: String, code: Code) -> anyhow::Error {
        anyhow::Error::new(Self { message, hint, code })
    }
}

/// Prints one line of data.
pub(crate) fn print(line: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout();
    writeln!(stdout, "{line}")
        .and_then(|()| stdout.flush())
        .context("could not write to standard output")
}

/// Tells the developer something. That nobody listens any more (`2>&1 | head -1`) is no reason to
/// stop.
pub(crate) fn say(line: &str) {
    writeln!(std::io::stderr(), "{line}").ok();
}

/// Asks on a terminal, and reads a line; none where there is nobody to ask.
pub(crate) fn ask(question: &str) -> anyhow::Result<Option<String>> {
    let (stdin, mut stderr) = (std::io::stdin(), std::io::stderr());
    if !stdin.is_terminal() || !stderr.is_terminal() {
        return Ok(None);
    }
    let mut line = String::new();
    write!(stderr, "{question}")
        .and_then(|()| stderr.flush())
        .and_then(|()| stdin.read_line(&mut line))
        .context("could not ask on the terminal")?;
    Ok(Some(line))
}

/// Prints an error and its hint.
pub(crate) fn failure(error: &anyhow::Error) -> ExitCode {
    let mut stderr = anstream::stderr();
    writeln!(stderr, "{ERROR}error:{ERROR:#} {error:#}").ok();
    if let Some(hint) = hint(error) {
        writeln!(stderr, "{HINT}hint:{HINT:#} {hint}").ok();
    }
    ExitCode::from(code(error) as u8)
}

fn code(error: &anyhow::Error) -> Code {
    if let Some(error) = error.downcast_ref::<seedbed_generate::WriteError>() {
        return if error.is_wrong_use() { Code::WrongUse } else { Code::Failed };
    }
    error.downcast_ref::<Advice>().map_or(Code::Failed, |advice| advice.code)
}

fn hint(error: &anyhow::Error) -> Option<String> {
    if let Some(error) = error.downcast_ref::<local_postgres::Error>() {
        return error.hint();
    }
    if let Some(error) = error.downcast_ref::<seedbed_files::CreateError>() {
        return error.hint();
    }
    if let Some(error) = error.downcast_ref::<seedbed_generate::WriteError>() {
        return Some(error.hint());
    }
    if let Some(error) = error.downcast_ref::<seedbed_generate::ModelError>() {
        return Some(error.hint());
    }
    if let Some(error) = error.downcast_ref::<seedbed_generate::SeedError>() {
        return Some(error.hint());
    }
    let advice = error.downcast_ref::<Advice>()?;
    Some(advice.hint().to_owned())
}
