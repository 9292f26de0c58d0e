//! The two kinds of script.

use std::fmt;

/// The kind of a script. A script changes the schema of the database, or rows of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScriptKind {
    /// A script that changes the schema.
    Migration,
    /// A script that inserts rows.
    Seed,
}

impl ScriptKind {
    /// Returns the singular: `migration` or `seed`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Migration => "migration",
            Self::Seed => "seed",
        }
    }

    /// Returns the plural, which is also the name of the folder: `migrations` or `seeds`.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Migration => "migrations",
            Self::Seed => "seeds",
        }
    }

    /// Returns the command that creates a script: `create-migration` or `create-seed`.
    #[must_use]
    pub const fn create_command(self) -> &'static str {
        match self {
            Self::Migration => "create-migration",
            Self::Seed => "create-seed",
        }
    }
}

impl fmt::Display for ScriptKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
