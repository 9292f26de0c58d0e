//! The commands that hints name, and how each program spells them.

use seedbed_build::{Environment, Name, ScriptKind};
use seedbed_config::CommandSpelling;

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
    /// Creates a seed. The name is a placeholder.
    CreateSeed {
        /// Whether the seed has the rows of a file.
        from_file: bool,
    },
    /// Creates the database if it is missing, and applies everything.
    FreshStart,
    /// Drops the database, creates it again, and applies everything.
    DbReset {
        /// Whether the command runs without asking for confirmation.
        yes: bool,
    },
    /// Opens psql on the database.
    DbPsql,
    /// Prints the URL of the development database.
    DbUrl,
    /// A command that both programs have, run by `seedbed`, which chooses the database.
    OnChosenDatabase(&'static str),
}

/// An argument of a command.
enum Argument {
    /// `name=VALUE` in make, and `--name VALUE` elsewhere.
    Variable(&'static str, String),
    /// `name=VALUE` in make, and `VALUE` elsewhere.
    Name(String),
    /// `yes=1` in make, and `--yes` elsewhere.
    Switch(&'static str),
    /// A flag, and perhaps its value, that make passes on in `args=`.
    Flag(&'static str, Option<String>),
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
                | Self::DbPsql
                | Self::DbUrl
                | Self::OnChosenDatabase(_)
        )
    }

    fn name(&self) -> String {
        let of = |kind: ScriptKind, verb: &str| match kind {
            ScriptKind::Migration => format!("migrate-{verb}"),
            ScriptKind::Seed => format!("seed-{verb}"),
        };
        match self {
            Self::Up { kind, .. } | Self::UpOutOfOrder { kind } => of(*kind, "up"),
            Self::Down { kind, .. } | Self::DownTo { kind, .. } => of(*kind, "down"),
            Self::Redo { kind, .. } => of(*kind, "redo"),
            Self::Status { kind } => of(*kind, "status"),
            Self::RecordApplied { kind, .. } | Self::RecordNotApplied { kind, .. } => {
                of(*kind, "repair")
            }
            Self::CreateMigration { .. } => "create-migration".to_owned(),
            Self::CreateSeed { .. } => "create-seed".to_owned(),
            Self::FreshStart => "fresh-start".to_owned(),
            Self::DbReset { .. } => "db-reset".to_owned(),
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
            Self::UpOutOfOrder { .. } => vec![Flag("--allow-out-of-order", None)],
            Self::Redo { name, .. } => vec![Variable("name", name.clone())],
            Self::RecordApplied { name, .. } => vec![Flag("--applied", Some(name.clone()))],
            Self::RecordNotApplied { name, .. } => vec![Flag("--not-applied", Some(name.clone()))],
            Self::CreateMigration { name, fields } => {
                let fields = fields.iter().map(|fields| Variable("fields", fields.clone()));
                [Name(name.clone())].into_iter().chain(fields).collect()
            }
            Self::CreateSeed { from_file: true } => vec![
                Name("…".to_owned()),
                Variable("table", "…".to_owned()),
                Variable("rows", "FILE.csv".to_owned()),
            ],
            Self::CreateSeed { from_file: false } => vec![Name("…".to_owned())],
            Self::DbReset { yes: true } => vec![Switch("yes")],
            Self::Up { name: None, .. }
            | Self::Status { .. }
            | Self::FreshStart
            | Self::DbReset { yes: false }
            | Self::DbPsql
            | Self::DbUrl
            | Self::OnChosenDatabase(_) => Vec::new(),
        }
    }
}

/// Returns the argument that runs a command in an environment.
pub(super) fn environment_argument(environment: &Environment, spelling: CommandSpelling) -> String {
    Argument::Variable("env", environment.to_string()).spelled(spelling)
}

impl Argument {
    fn spelled(&self, spelling: CommandSpelling) -> String {
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
            Self::Flag(flag, None) => format!("args={flag}"),
            Self::Flag(flag, Some(value)) => format!("args='{flag} {value}'"),
        }
    }

    /// Returns the argument as `seedbed` and the migrator accept it.
    fn as_flag(&self) -> String {
        match self {
            Self::Variable(name, value) => format!("--{name} {}", quoted_word(value)),
            Self::Name(value) => quoted_word(value),
            Self::Switch(name) => format!("--{name}"),
            Self::Flag(flag, None) => (*flag).to_owned(),
            Self::Flag(flag, Some(value)) => format!("{flag} {}", quoted_word(value)),
        }
    }
}

/// Quotes a word for the shell if it has characters that the shell interprets.
fn quoted_word(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_-./…".contains(c);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{word}'") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The spellings by make, by `seedbed` and by the migrator.
    fn spellings(command: &SuggestedCommand) -> [String; 3] {
        [CommandSpelling::Make, CommandSpelling::Seedbed, CommandSpelling::Migrator]
            .map(|spelling| command.spelled(spelling))
    }

    #[test]
    fn each_program_spells_a_command_in_its_own_way() {
        use SuggestedCommand as Command;
        let kind = ScriptKind::Migration;
        let name = || Name::from("m20250101_000001_a".to_owned());
        for (command, expected) in [
            (
                Command::Up { kind: ScriptKind::Seed, name: Some(name()) },
                [
                    "make seed-up name=m20250101_000001_a",
                    "seedbed seed-up --name m20250101_000001_a",
                    "migrator seed-up --name m20250101_000001_a",
                ],
            ),
            (
                Command::UpOutOfOrder { kind },
                [
                    "make migrate-up args=--allow-out-of-order",
                    "seedbed migrate-up --allow-out-of-order",
                    "migrator migrate-up --allow-out-of-order",
                ],
            ),
            (
                Command::DownTo { kind, name: name() },
                [
                    "make migrate-down to=m20250101_000001_a",
                    "seedbed migrate-down --to m20250101_000001_a",
                    "migrator migrate-down --to m20250101_000001_a",
                ],
            ),
            (
                Command::RecordApplied { kind, name: "NAME".to_owned() },
                [
                    "make migrate-repair args='--applied NAME'",
                    "seedbed migrate-repair --applied NAME",
                    "migrator migrate-repair --applied NAME",
                ],
            ),
            (
                Command::CreateMigration {
                    name: "add_n_to_t".to_owned(),
                    fields: Some("n:integer!".to_owned()),
                },
                [
                    "make create-migration name=add_n_to_t fields='n:integer!'",
                    "seedbed create-migration add_n_to_t --fields 'n:integer!'",
                    "seedbed create-migration add_n_to_t --fields 'n:integer!'",
                ],
            ),
            (
                Command::DbReset { yes: true },
                ["make db-reset yes=1", "seedbed db-reset --yes", "migrator db-reset --yes"],
            ),
            (Command::DbPsql, ["make db-psql", "seedbed db-psql", "psql \"$DATABASE_URL\""]),
            (Command::DbUrl, ["make -s db-url", "seedbed db-url", "seedbed db-url"]),
            (
                Command::OnChosenDatabase("migrate-verify"),
                ["make migrate-verify", "seedbed migrate-verify", "seedbed migrate-verify"],
            ),
        ] {
            assert_eq!(spellings(&command), expected);
        }
    }

    #[test]
    fn each_program_spells_the_environment_in_its_own_way() {
        let staging = Environment::from_static("staging");
        let spelled = [CommandSpelling::Make, CommandSpelling::Seedbed, CommandSpelling::Migrator]
            .map(|spelling| environment_argument(&staging, spelling));
        assert_eq!(spelled, ["env=staging", "--env staging", "--env staging"]);
    }
}
