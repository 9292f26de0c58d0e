//! Prints to stdout and stderr, each text in one write.
//!
//! A formatting macro writes its pieces one by one. If both streams lead to the same terminal or file, a line of one
//! stream could then end up inside a line of the other.

use std::io::{self, Write};
use std::sync::OnceLock;

use anstream::adapter::strip_str;
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Color, Style};
use seedbed_engine::{CommandSpelling, Hint};

pub(crate) const GREEN: Style = Style::new().fg_color(Some(Color::Ansi(AnsiColor::Green)));
pub(crate) const DIM: Style = Style::new().dimmed();
const YELLOW: Style = Style::new().fg_color(Some(Color::Ansi(AnsiColor::Yellow)));
pub(crate) const RED: Style = Style::new().bold().fg_color(Some(Color::Ansi(AnsiColor::Red)));
const CYAN: Style = Style::new().bold().fg_color(Some(Color::Ansi(AnsiColor::Cyan)));

/// The first error of a write to stdout. It is static, because the whole process has only one stdout.
static STDOUT_ERROR: OnceLock<io::Error> = OnceLock::new();

/// Prints data unchanged, without adding a line end. Ignores a closed pipe, because a reader that ends, such as `head`,
/// must not stop a run. Keeps any other error, such as a full disk, for [`stdout_error`]. Such an error must not stop a
/// run between two scripts either, but the exit code must not be 0 if data is lost.
pub(crate) fn stdout(text: &str) {
    let mut stream = io::stdout();
    let choice = AutoStream::choice(&stream);
    match write_once(&mut stream, choice, text) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            STDOUT_ERROR.set(error).ok();
        }
        _ => {}
    }
}

/// Returns the first error of a write to stdout.
pub(crate) fn stdout_error() -> Option<&'static io::Error> {
    STDOUT_ERROR.get()
}

/// Prints a line of data.
pub(crate) fn stdout_line(line: &str) {
    stdout(&format!("{line}\n"));
}

/// Prints a message unchanged, without adding a line end. Ignores errors, because a lost message must not stop a run.
pub(crate) fn stderr(text: &str) {
    let mut stream = io::stderr();
    let choice = AutoStream::choice(&stream);
    write_once(&mut stream, choice, text).ok();
}

/// Prints a line of a message.
pub(crate) fn stderr_line(line: &str) {
    stderr(&format!("{line}\n"));
}

/// Returns the text of a hint. Spells its commands as the user typed the running one: for make, for `seedbed`, or for
/// the migrator itself.
pub(crate) fn spelled(hint: &Hint) -> String {
    let caller = std::env::var(CommandSpelling::VARIABLE).ok();
    hint.spelled(CommandSpelling::from_variable(caller.as_deref()))
}

/// Formats a warning as one line.
pub(crate) fn warning(message: &str) -> String {
    format!("{YELLOW}warning{YELLOW:#}: {message}")
}

/// Formats an error and its hint, each as a line.
pub(crate) fn error(message: &str, hint: Option<&str>) -> String {
    let hint = hint.map_or_else(String::new, |hint| format!("{CYAN}hint{CYAN:#}: {hint}\n"));
    format!("{RED}error{RED:#}: {message}\n{hint}")
}

/// Writes the text in one call, without its colors if `choice` requires that.
fn write_once(stream: &mut impl Write, choice: ColorChoice, text: &str) -> io::Result<()> {
    let text = match choice {
        ColorChoice::Never => strip_str(text).to_string(),
        _ => text.to_owned(),
    };
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream that records the text of each call.
    #[derive(Default)]
    struct Writes(Vec<String>);

    impl Write for Writes {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.push(String::from_utf8_lossy(bytes).into_owned());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_text_with_colors_and_several_lines_is_one_write() {
        let text = error("the table is missing", Some("`make migrate-up`"));
        let (mut plain, mut colored) = (Writes::default(), Writes::default());
        write_once(&mut plain, ColorChoice::Never, &text).expect("a write");
        write_once(&mut colored, ColorChoice::Always, &text).expect("a write");
        assert_eq!(plain.0, ["error: the table is missing\nhint: `make migrate-up`\n"]);
        assert_eq!(colored.0, [text]);
    }
}
