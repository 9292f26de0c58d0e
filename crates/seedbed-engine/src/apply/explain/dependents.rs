//! Explains why an object cannot be dropped: other objects depend on it.

use seedbed_config::server_hint;
use seedbed_sql::quote_literal;
use sqlx::Row as _;

use super::Apply;
use crate::direction::Direction;
use crate::driver_error::database_error;
use crate::plan::Step;
use crate::sqlstate;
use seedbed_config::{Hint, SuggestedCommand};

impl Apply<'_> {
    /// Returns a hint for an object that other objects depend on, instead of the server's hint to drop the dependent
    /// objects too, which would cost data. Returns `None` for any other error, and if the server's hint costs no data.
    /// Is called after the rollback.
    pub(super) async fn explain_dependents(
        &self,
        step: &Step,
        error: &anyhow::Error,
    ) -> Option<Hint> {
        let database = database_error(error)?;
        if database.code() != sqlstate::DEPENDENT_OBJECTS_STILL_EXIST
            || server_hint(database).is_some()
        {
            return None;
        }
        let has_later = step.direction == Direction::Down
            && self.has_later_applied_script(step).await.unwrap_or(false);
        if !has_later {
            let file = step.script.file;
            return Some(Hint::text(format!(
                "in `{file}`, first change the objects that the detail names, so that they no longer depend on it"
            )));
        }
        let scripts = step.kind.plural();
        let hint = Hint::text(format!(
            "revert the later {scripts} first, because one of them may have created the objects that the detail names: "
        ));
        let command = SuggestedCommand::DownTo { kind: step.kind, name: step.name.clone() };
        Some(hint.then_command(command).then(format!(" reverts them, and then `{}`", step.name)))
    }

    /// Returns whether a script that comes later in the order of the names is applied.
    async fn has_later_applied_script(&self, step: &Step) -> Result<bool, sqlx::Error> {
        let sql = format!(
            "SELECT EXISTS (SELECT FROM {} WHERE version COLLATE \"C\" > {}) AS has_later",
            self.tables.history(step.kind),
            quote_literal(step.name.as_str())
        );
        self.session.row(sql).await?.try_get("has_later")
    }
}
