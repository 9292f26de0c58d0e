//! The commands that hints name, and how each program spells them.

use seedbed_build::{Name, ScriptKind};

use super::CommandSpelling;

/// A command that a hint names, with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SuggestedCommand {
    /// Applies all pending scripts, or only one.
    Up {
        /// Migrations or seeds.
        kind: ScriptKind,
        /// The only script to apply.
        name: Option<Name>,
    },
    /// Applies all pending scripts, even those that are out of order.
    UpOutOfOrder {
        /// Migrations or seeds.
        kind: ScriptKind,
    },
    /// Reverts one script.
    Down {
        /// Migration or seed.
        kind: ScriptKind,
        /// The script.
        name: Name,
    },
    /// Reverts all scripts down to and including one.
    DownTo {
        /// Migrations or seeds.
        kind: ScriptKind,
        /// The last script to revert.
        name: Name,
    },
    /// Reverts one script and applies it again.
    Redo {
        /// Migration or seed.
        kind: ScriptKind,
        /// The script, or a placeholder.
        name: String,
    },
    /// Lists the scripts with their states.
    Status {
        /// Migrations or seeds.
        kind: ScriptKind,
    },
    /// Records a script as applied.
    RecordApplied {
        /// Migration or seed.
        kind: ScriptKind,
        /// The script, or a placeholder.
        name: String,
    },
    /// Records a script as not applied.
    RecordNotApplied {
        /// Migration or seed.
        kind: ScriptKind,
        /// The script, or a placeholder.
        name: String,
    },
    /// Creates a migration.
    CreateMigration {
        /// The name of the migration, or a placeholder.
        name: String,
        /// The fields, if the name needs some.
        fields: Option<String>,
    },
    /// Creates a seed.
    CreateSeed {
        /// The name of the seed, or a placeholder.
        name: String,
        /// The table of the rows, if the seed is generated.
        table: Option<String>,
        /// The file with the rows, if there is one.
        rows: Option<String>,
    },
    /// Creates a model for an entity.
    CreateModel {
        /// The entity.
        name: &'static str,
    },
    /// Generates the entities.
    Entities,
    /// Writes the schema files.
    Schema,
    /// Compares the schema of an SQL file with the schema of the migrations.
    SchemaDiff {
        /// The path of the file.
        file: String,
    },
    /// Verifies the scripts that have changed since a git reference.
    VerifySince {
        /// The reference.
        reference: &'static str,
    },
    /// Creates the database if it is missing, and applies everything.
    FreshStart,
    /// Drops the database, creates it again, and applies everything.
    DbReset {
        /// Whether the command runs without asking for confirmation.
        yes: bool,
    },
    /// Starts the local server.
    DbStart,
    /// Opens psql on the database.
    DbPsql,
    /// Prints the URL of the development database.
    DbUrl,
    /// A command that both programs have, run by `seedbed`, which chooses the database.
    OnChosenDatabase(&'static str),
}

/// An argument of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Argument {
    /// `name=VALUE` in make, and `--name VALUE` elsewhere.
    Variable(&'static str, String),
    /// `name=VALUE` in make, and `VALUE` elsewhere.
    Name(String),
    /// `yes=1` in make, and `--yes` elsewhere.
    Switch(&'static str),
    /// A flag, and perhaps values, that make passes on in `args=`.
    Flag(&'static str, Vec<String>),
}

impl SuggestedCommand {
    /// Returns the command as it is typed.
    #[must_use]
    pub fn spelled(&self, spelling: CommandSpelling) -> String {
        let program = match (spelling, self) {
            // make prints its recipes unless it is silent.
            (CommandSpelling::Make, Self::DbUrl) => "make -s",
            (CommandSpelling::Make, _) => "make",
            // A production image has only the migrator, and no `seedbed`.
            (CommandSpelling::Migrator, Self::DbPsql) => {
                return "psql \"$DATABASE_URL\"".to_owned();
            }
            (CommandSpelling::Migrator, command) if !command.is_only_in_seedbed() => "migrator",
            _ => "seedbed",
        };
        let words = self.arguments().into_iter().map(|argument| argument.spelled(spelling));
        let words: Vec<String> =
            [program.to_owned(), self.name()].into_iter().chain(words).collect();
        words.join(" ")
    }

    /// Returns whether only `seedbed` has the command.
    fn is_only_in_seedbed(&self) -> bool {
        matches!(
            self,
            Self::CreateMigration { .. }
                | Self::CreateSeed { .. }
                | Self::CreateModel { .. }
                | Self::Entities
                | Self::Schema
                | Self::SchemaDiff { .. }
                | Self::VerifySince { .. }
                | Self::DbStart
                | Self::DbPsql
                | Self::DbUrl
                | Self::OnChosenDatabase(_)
        )
    }

    fn name(&self) -> String {
        let script_command = |kind: ScriptKind, verb: &str| match kind {
            ScriptKind::Migration => format!("migrate-{verb}"),
            ScriptKind::Seed => format!("seed-{verb}"),
        };
        match self {
            Self::Up { kind, .. } | Self::UpOutOfOrder { kind } => script_command(*kind, "up"),
            Self::Down { kind, .. } | Self::DownTo { kind, .. } => script_command(*kind, "down"),
            Self::Redo { kind, .. } => script_command(*kind, "redo"),
            Self::Status { kind } => script_command(*kind, "status"),
            Self::RecordApplied { kind, .. } | Self::RecordNotApplied { kind, .. } => {
                script_command(*kind, "repair")
            }
            Self::CreateMigration { .. } => "create-migration".to_owned(),
            Self::CreateSeed { .. } => "create-seed".to_owned(),
            Self::CreateModel { .. } => "create-model".to_owned(),
            Self::Entities => "entities".to_owned(),
            Self::Schema | Self::SchemaDiff { .. } => "schema".to_owned(),
            Self::VerifySince { .. } => "migrate-verify".to_owned(),
            Self::FreshStart => "fresh-start".to_owned(),
            Self::DbReset { .. } => "db-reset".to_owned(),
            Self::DbStart => "db-start".to_owned(),
            Self::DbPsql => "db-psql".to_owned(),
            Self::DbUrl => "db-url".to_owned(),
            Self::OnChosenDatabase(name) => (*name).to_owned(),
        }
    }

    fn arguments(&self) -> Vec<Argument> {
        use Argument::{Flag, Name, Switch, Variable};
        match self {
            Self::Up { name: Some(name), .. } | Self::Down { name, .. } => {
                vec![Variable("name", name.to_string())]
            }
            Self::DownTo { name, .. } => vec![Variable("to", name.to_string())],
            Self::UpOutOfOrder { .. } => vec![Flag("--allow-out-of-order", Vec::new())],
            Self::Redo { name, .. } => vec![Variable("name", name.clone())],
            Self::RecordApplied { name, .. } => vec![Flag("--applied", vec![name.clone()])],
            Self::RecordNotApplied { name, .. } => vec![Flag("--not-applied", vec![name.clone()])],
            Self::CreateMigration { name, fields } => {
                let fields = fields.iter().map(|fields| Variable("fields", fields.clone()));
                [Name(name.clone())].into_iter().chain(fields).collect()
            }
            Self::CreateSeed { name, table, rows } => {
                let table = table.iter().map(|table| Variable("table", table.clone()));
                let rows = rows.iter().map(|rows| Variable("rows", rows.clone()));
                [Name(name.clone())].into_iter().chain(table).chain(rows).collect()
            }
            Self::CreateModel { name } => vec![Name((*name).to_owned())],
            Self::SchemaDiff { file } => {
                vec![Flag("--diff", vec![file.clone(), "migrations".to_owned()])]
            }
            Self::VerifySince { reference } => vec![Variable("since", (*reference).to_owned())],
            Self::DbReset { yes: true } => vec![Switch("yes")],
            Self::Up { name: None, .. }
            | Self::Status { .. }
            | Self::FreshStart
            | Self::DbReset { yes: false }
            | Self::Entities
            | Self::Schema
            | Self::DbStart
            | Self::DbPsql
            | Self::DbUrl
            | Self::OnChosenDatabase(_) => Vec::new(),
        }
    }
}

impl Argument {
    pub(super) fn spelled(&self, spelling: CommandSpelling) -> String {
        match spelling {
            CommandSpelling::Make => self.as_variable(),
            CommandSpelling::Seedbed | CommandSpelling::Migrator => self.as_flag(),
        }
    }

    /// Returns the argument as a variable of make.
    fn as_variable(&self) -> String {
        match self {
            Self::Variable(name, value) => format!("{name}={}", quoted_word(value)),
            Self::Name(value) => format!("name={}", quoted_word(value)),
            Self::Switch(name) => format!("{name}=1"),
            Self::Flag(..) => format!("args={}", quoted_word(&self.as_flag())),
        }
    }

    /// Returns the argument as `seedbed` and the migrator accept it.
    fn as_flag(&self) -> String {
        match self {
            Self::Variable(name, value) => format!("--{name} {}", quoted_word(value)),
            Self::Name(value) => quoted_word(value),
            Self::Switch(name) => format!("--{name}"),
            Self::Flag(flag, values) => {
                let values = values.iter().map(|value| quoted_word(value));
                [(*flag).to_owned()].into_iter().chain(values).collect::<Vec<_>>().join(" ")
            }
        }
    }
}

/// Quotes a word for the shell if it has characters that the shell interprets.
fn quoted_word(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_-./…".contains(c);
    let is_word = !word.is_empty() && word.chars().all(is_plain);
    if is_word { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests;
