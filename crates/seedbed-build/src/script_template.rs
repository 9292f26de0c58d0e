//! The templates of new scripts.

use crate::ScriptKind;

/// The initial text of a new script. It compiles without a warning, and both of its functions fail with an error that
/// names the file, so an unwritten script never counts as applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScriptTemplate {
    /// A migration, with an example that adds and removes a column.
    Migration,
    /// A seed, with an example that inserts and deletes rows.
    Seed,
}

impl ScriptTemplate {
    /// Returns the text of the file.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Migration => MIGRATION,
            Self::Seed => SEED,
        }
    }

    /// Returns the kind of the script.
    #[must_use]
    pub const fn kind(self) -> ScriptKind {
        match self {
            Self::Migration => ScriptKind::Migration,
            Self::Seed => ScriptKind::Seed,
        }
    }
}

impl From<ScriptKind> for ScriptTemplate {
    fn from(kind: ScriptKind) -> Self {
        match kind {
            ScriptKind::Migration => Self::Migration,
            ScriptKind::Seed => Self::Seed,
        }
    }
}

const MIGRATION: &str = r#"//! Not written yet: describe here, in one sentence, what this migration does.

use crate::prelude::*;

// For example, in place of the line below:
//     schema.add_column("organizations", string_null("stripe_customer_id")).await?;
//     Ok(())
pub async fn up(schema: &Schema<'_>) -> Result {
    schema.not_written(file!())
}

// Undoes what `up` did, for example:
//     schema.remove_column("organizations", "stripe_customer_id").await?;
//     Ok(())
pub async fn down(schema: &Schema<'_>) -> Result {
    schema.not_written(file!())
}
"#;

const SEED: &str = r#"//! Not written yet: describe here, in one sentence, which rows this seed inserts.

use crate::prelude::*;

// The rows may already exist. For example, in place of the line below:
//     schema.execute("INSERT INTO roles (name) VALUES ('owner') ON CONFLICT DO NOTHING").await?;
//     Ok(())
pub async fn up(schema: &Schema<'_>) -> Result {
    schema.not_written(file!())
}

// Removes only the rows that `up` inserted, for example:
//     schema.execute("DELETE FROM roles WHERE name = 'owner'").await?;
//     Ok(())
pub async fn down(schema: &Schema<'_>) -> Result {
    schema.not_written(file!())
}
"#;

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::process::{Command, Stdio};

    use rstest::rstest;

    use super::*;
    use crate::declarations::{Declarations, Format, read};
    use crate::lexer::lex;

    #[rstest]
    fn a_template_declares_up_and_down(
        #[values(ScriptTemplate::Migration, ScriptTemplate::Seed)] template: ScriptTemplate,
    ) {
        let (format, declarations) = read(&lex(template.text()).unwrap()).unwrap();
        let expected =
            Declarations { up: true, down: true, unwritten: true, ..Declarations::default() };
        assert_eq!((format, declarations), (Format::Functions, expected));
    }

    #[rstest]
    fn rustfmt_does_not_change_a_template(
        #[values(ScriptTemplate::Migration, ScriptTemplate::Seed)] template: ScriptTemplate,
    ) {
        let program = test_support::require_program("rustfmt", "rustup component add rustfmt");
        let mut rustfmt = Command::new(program)
            .args(["--check", "--edition", "2024"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = rustfmt.stdin.take().unwrap();
        input.write_all(template.text().as_bytes()).unwrap();
        drop(input);
        let output = rustfmt.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    #[test]
    fn a_template_has_the_kind_of_its_scripts() {
        for kind in [ScriptKind::Migration, ScriptKind::Seed] {
            let template = ScriptTemplate::from(kind);
            assert_eq!(template.kind(), kind);
            assert!(template.text().lines().next().unwrap().contains(kind.as_str()));
        }
    }
}
