//! The output of `seedbed`: data on stdout, everything else on stderr, each text in one write.
//!
//! A formatting macro writes its pieces one by one. When both streams lead to the same terminal or file, a line of one
//! stream would end up inside a line of the other.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use anstream::adapter::strip_str;
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use anyhow::Context;
use seedbed_config::CommandSpelling;

use crate::cli_error::{self, ReportedError};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// Prints a line of data.
pub(crate) fn print_data(line: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout();
    stdout
        .write_all(format!("{line}\n").as_bytes())
        .and_then(|()| stdout.flush())
        .context("failed to write to stdout")
}

/// Prints a line for the developer. Ignores a closed stderr, as with `2>&1 | head -1`.
pub(crate) fn print_message(line: &str) {
    write_to_stderr(&format!("{line}\n"));
}

/// Prints a question on a terminal and reads a line. Returns `None` without a terminal.
pub(crate) fn prompt(question: &str) -> anyhow::Result<Option<String>> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(None);
    }
    write_to_stderr(question);
    let mut line = String::new();
    stdin.read_line(&mut line).context("failed to read from the terminal")?;
    Ok(Some(line))
}

/// Prints an error with its hint, whose commands have the spelling, and returns the exit code.
pub(crate) fn report_error(error: &anyhow::Error, spelling: CommandSpelling) -> ExitCode {
    if let Some(reported) = error.downcast_ref::<ReportedError>() {
        return reported.exit_code();
    }
    let hint = cli_error::hint(error).map_or_else(String::new, |hint| {
        format!("{HINT}hint:{HINT:#} {}\n", hint.spelled(spelling))
    });
    let text = format!("{ERROR}error:{ERROR:#} {error:#}\n{hint}");
    match AutoStream::choice(&std::io::stderr()) {
        ColorChoice::Never => write_to_stderr(&strip_str(&text).to_string()),
        _ => write_to_stderr(&text),
    }
    cli_error::exit_code(error)
}

fn write_to_stderr(text: &str) {
    std::io::stderr().write_all(text.as_bytes()).ok();
}
