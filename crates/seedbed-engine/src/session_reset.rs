//! Resets a session to the state of a new one, so that no script sees what another script left.

use std::time::Duration;

use crate::durability::Durability;
use crate::session::Session;
use seedbed_sql::{quote_ident as ident, quote_literal as literal};

/// The statements that reset what a script changed in its session.
///
/// `DISCARD ALL` would do the same in one statement, but would also release the runner lock.
#[derive(Debug, Clone)]
pub(crate) struct SessionReset {
    /// The statements that reset the role and all settings.
    settings: String,
    /// The role that runs all statements, quoted. `None` means the role with which the session began.
    role: Option<String>,
}

/// The statement that makes the server check every ten seconds, while a statement runs, whether the client is still
/// connected.
const CHECK_CLIENT: &str = "SET client_connection_check_interval = '10s'; ";

/// The statements that reset everything except settings, the role, and locks. The driver keeps no prepared statements,
/// so it loses none.
const OBJECTS: &str = "CLOSE ALL; DEALLOCATE ALL; UNLISTEN *; DISCARD TEMP; DISCARD SEQUENCES";

impl SessionReset {
    /// Finds out which settings the server accepts, and resets the session for the first script.
    ///
    /// # Errors
    /// Fails if the server refuses a setting.
    pub(crate) async fn prepare(
        session: &Session,
        behind_pooler: bool,
    ) -> Result<Self, sqlx::Error> {
        let options = &session.options;
        let role = options.role.as_deref().map(ident);
        let set_role = match &role {
            Some(role) => format!("SET ROLE {role}"),
            None => "RESET ROLE".to_owned(),
        };
        let mut conditional_settings = String::new();
        // The setting does not exist on every platform, so the server may refuse it.
        if session.execute(CHECK_CLIENT).await.is_ok() {
            conditional_settings += CHECK_CLIENT;
        }
        // A role may have a limit that suits its application but not a migration.
        if session.server_version().await.is_some_and(|version| version >= 170_000) {
            conditional_settings += "SET transaction_timeout = 0; ";
        }
        // `RESET ALL` restores the values with which the session began. Behind a pooler, these are the values with
        // which the pooler connected, so the settings of the driver are set again.
        if behind_pooler {
            conditional_settings += &format!(
                "SET client_encoding = 'UTF8'; SET datestyle = 'ISO, MDY'; SET timezone = 'UTC'; \
                 SET application_name = {}; ",
                literal(&options.application_name())
            );
        }
        let settings = format!(
            "RESET SESSION AUTHORIZATION; {set_role}; RESET ALL; {conditional_settings}\
             SET lock_timeout = {}; SET statement_timeout = {}; \
             SET idle_in_transaction_session_timeout = 0; SET idle_session_timeout = 0; \
             SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; \
             SET tcp_keepalives_count = 3",
            options.lock_timeout.as_millis(),
            options.statement_timeout.unwrap_or(Duration::ZERO).as_millis()
        );
        let reset = Self { settings, role };
        // Behind a session-mode pooler, the session may still have the settings of another client.
        session.execute(reset.reset_session_sql()).await?;
        Ok(reset)
    }

    /// Sets the durability of the commits of the session and of every script that follows.
    ///
    /// # Errors
    /// Fails if the server refuses the setting.
    pub(crate) async fn with_durability(
        mut self,
        session: &Session,
        durability: Durability,
    ) -> Result<Self, sqlx::Error> {
        if let Some(setting) = durability.setting() {
            session.execute(setting).await?;
            self.settings = format!("{}; {setting}", self.settings);
        }
        Ok(self)
    }

    /// Returns the statements that reset the role and all settings. They change nothing else, so they may run inside the
    /// transaction of a script.
    pub(crate) fn settings_sql(&self) -> &str {
        &self.settings
    }

    /// Returns the statements to put before a statement that the runner sends while a script is running. Both are sent in
    /// one message. For this message only, they restore the role of the runner, which the script may have changed, and allow
    /// writes.
    pub(crate) fn as_runner_sql(&self) -> String {
        format!(
            "SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL role TO {}; \
             SET LOCAL transaction_read_only = off; ",
            self.role.as_deref().unwrap_or("DEFAULT")
        )
    }

    /// Returns the statements that reset, at the end of a script and inside its transaction, everything that the script can
    /// leave in the session, except advisory locks. First, they fire deferred triggers and check deferred constraints, with
    /// the role and the settings of the script, as its own COMMIT would. A pending trigger would also prevent that temporary
    /// tables are dropped.
    pub(crate) fn end_of_script_sql(&self) -> String {
        format!("SET CONSTRAINTS ALL IMMEDIATE; {}; {OBJECTS}", self.settings)
    }

    /// Returns the statements that reset everything that a script can leave in the session, except advisory locks: settings,
    /// the role, cursors, prepared statements, listeners, temporary objects, the values of sequences.
    pub(crate) fn reset_session_sql(&self) -> String {
        format!("{}; {OBJECTS}", self.settings)
    }
}
