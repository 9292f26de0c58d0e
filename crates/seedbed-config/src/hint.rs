//! Hints: text that names commands. The program that prints a hint spells its commands.

mod command_spelling;
mod suggested_command;

use std::fmt;

use serde::{Serialize, Serializer};

pub use command_spelling::CommandSpelling;
use suggested_command::Argument;
pub use suggested_command::SuggestedCommand;

/// The way to correct an error, or a warning with the way to correct its cause.
///
/// ```
/// use seedbed_build::ScriptKind;
/// use seedbed_config::{CommandSpelling, Hint, SuggestedCommand};
///
/// let status = SuggestedCommand::Status { kind: ScriptKind::Migration };
/// let hint = Hint::command(status).then(" lists the migrations");
/// assert_eq!(hint.spelled(CommandSpelling::Make), "`make migrate-status` lists the migrations");
/// assert_eq!(hint.to_string(), "`migrator migrate-status` lists the migrations");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint(Vec<HintPart>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum HintPart {
    Text(String),
    Command(SuggestedCommand),
    Argument(Argument),
}

impl Hint {
    /// Creates a hint that begins with a text.
    pub fn text(text: impl Into<String>) -> Self {
        Self(vec![HintPart::Text(text.into())])
    }

    /// Creates a hint that begins with a command, in backquotes.
    #[must_use]
    pub fn command(command: SuggestedCommand) -> Self {
        Self(Vec::new()).then_command(command)
    }

    /// Adds a text.
    #[must_use]
    pub fn then(mut self, text: impl Into<String>) -> Self {
        self.0.push(HintPart::Text(text.into()));
        self
    }

    /// Adds a command in backquotes.
    #[must_use]
    pub fn then_command(self, command: SuggestedCommand) -> Self {
        self.then("`").then_bare_command(command).then("`")
    }

    /// Adds a command without backquotes, for a line of its own or a part of a longer command.
    #[must_use]
    pub fn then_bare_command(mut self, command: SuggestedCommand) -> Self {
        self.0.push(HintPart::Command(command));
        self
    }

    /// Adds an argument of a command in backquotes, such as `env=staging` of make, which is `--env staging` elsewhere.
    #[must_use]
    pub fn then_variable(self, name: &'static str, value: impl Into<String>) -> Self {
        self.then_argument(Argument::Variable(name, value.into()))
    }

    /// Adds a flag of a command in backquotes, such as `--unwritten`, which is `args=--unwritten` with make.
    #[must_use]
    pub fn then_flag(self, flag: &'static str) -> Self {
        self.then_argument(Argument::Flag(flag, Vec::new()))
    }

    fn then_argument(self, argument: Argument) -> Self {
        let mut hint = self.then("`");
        hint.0.push(HintPart::Argument(argument));
        hint.then("`")
    }

    /// Adds another hint.
    #[must_use]
    pub fn then_hint(mut self, hint: Self) -> Self {
        self.0.extend(hint.0);
        self
    }

    /// Returns the text, with its commands spelled for the given program.
    #[must_use]
    pub fn spelled(&self, spelling: CommandSpelling) -> String {
        let spell = |part: &HintPart| match part {
            HintPart::Text(text) => text.clone(),
            HintPart::Command(command) => command.spelled(spelling),
            HintPart::Argument(argument) => argument.spelled(spelling),
        };
        self.0.iter().map(spell).collect()
    }
}

impl From<String> for Hint {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<&str> for Hint {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl Serialize for Hint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Writes each suggested command as `migrator …`, because every project has this program.
impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spelled(CommandSpelling::Migrator))
    }
}
