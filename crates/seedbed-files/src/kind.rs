//! The two kinds of script.

use std::fmt;

/// What a script is for: the structure of the database, or rows in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Changes the schema.
    Migration,
    /// Puts rows in.
    Seed,
}

impl Kind {
    /// The word for one: `migration` or `seed`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Migration => "migration",
            Self::Seed => "seed",
        }
    }

    /// The word for several, which is also the name of their folder: `migrations` or `seeds`.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Migration => "migrations",
            Self::Seed => "seeds",
        }
    }

    /// The command that writes a new one: `create-migration` or `create-seed`.
    #[must_use]
    pub const fn create_command(self) -> &'static str {
        match self {
            Self::Migration => "create-migration",
            Self::Seed => "create-seed",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
