//! The way in which the user types commands, which `seedbed` passes to the migrator.

/// The program by which a command is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandSpelling {
    /// `make migrate-up name=…`
    Make,
    /// `seedbed migrate-up --name …`
    Seedbed,
    /// `migrator migrate-up --name …`. A command that only `seedbed` has is spelled as one of `seedbed`.
    Migrator,
}

impl CommandSpelling {
    /// The environment variable by which `seedbed` passes the spelling to the migrator.
    pub const VARIABLE: &str = "SEEDBED_CALLED_BY";

    /// Returns the value of [`VARIABLE`](Self::VARIABLE) that stands for the spelling.
    #[must_use]
    pub const fn value(self) -> &'static str {
        match self {
            Self::Make => "make",
            Self::Seedbed => "seedbed",
            Self::Migrator => "migrator",
        }
    }

    /// Returns the spelling that the value of [`VARIABLE`](Self::VARIABLE) stands for. Returns `Migrator` if there is no
    /// value, as when a user starts the migrator directly, and for an unknown value.
    #[must_use]
    pub fn from_variable(value: Option<&str>) -> Self {
        [Self::Make, Self::Seedbed]
            .into_iter()
            .find(|spelling| value == Some(spelling.value()))
            .unwrap_or(Self::Migrator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_selects_the_spelling_of_commands_in_hints() {
        for (value, expected) in [
            (Some("make"), CommandSpelling::Make),
            (Some("seedbed"), CommandSpelling::Seedbed),
            (Some("another"), CommandSpelling::Migrator),
            (None, CommandSpelling::Migrator),
        ] {
            assert_eq!(CommandSpelling::from_variable(value), expected);
        }
    }
}
