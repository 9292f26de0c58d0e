//! Hints: text that names commands. The program that prints a hint spells its commands.

mod suggested_command;

use std::fmt;

use seedbed_build::Environment;
use serde::{Serialize, Serializer};

pub use suggested_command::SuggestedCommand;
use suggested_command::environment_argument;

pub use seedbed_config::CommandSpelling;

/// The way to correct an error, or a warning with the way to correct its cause.
///
/// ```
/// use seedbed_engine::{CommandSpelling, Hint, ScriptKind, SuggestedCommand};
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
    /// The argument that runs a command in this environment.
    Environment(Environment),
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

    /// Adds the argument that runs a command in an environment, in backquotes.
    #[must_use]
    pub fn then_environment(self, environment: Environment) -> Self {
        let mut hint = self.then("`");
        hint.0.push(HintPart::Environment(environment));
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
            HintPart::Environment(environment) => environment_argument(environment, spelling),
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

/// Spells the commands as those of the `migrator`, which every project has.
impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spelled(CommandSpelling::Migrator))
    }
}
