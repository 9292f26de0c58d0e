//! Describes another session, which holds a lock that a runner waits for.

use std::fmt;

use sqlx::Row as _;
use sqlx::postgres::PgRow;

/// A session of the server that holds a lock, as `pg_stat_activity` describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionInfo {
    /// The process id of the server process.
    pub pid: i32,
    /// The application name of the session; `None` if the server hides it from this role.
    pub application: Option<String>,
    /// The address of the client; `None` on a socket.
    pub client: Option<String>,
    /// The time at which the session connected: `HH:MM:SS` with the zone.
    pub since: Option<String>,
    /// The statement that the session runs or last ran, shortened.
    pub query: Option<String>,
}

impl SessionInfo {
    /// The columns of `pg_stat_activity`, aliased `a`, that [`from_row`](Self::from_row) reads.
    pub(crate) const COLUMNS: &str = "a.pid, nullif(a.application_name, '') AS application, \
        host(a.client_addr) AS client, to_char(a.backend_start, 'HH24:MI:SS TZ') AS since, \
        left(nullif(regexp_replace(a.query, '\\s+', ' ', 'g'), ''), 121) AS query";

    /// Reads the session from a row that has [`COLUMNS`](Self::COLUMNS).
    pub(crate) fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            pid: row.try_get("pid")?,
            application: row.try_get("application")?,
            client: row.try_get("client")?,
            since: row.try_get("since")?,
            query: row.try_get::<Option<String>, _>("query")?.map(shortened),
        })
    }
}

impl fmt::Display for SessionInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pid {}", self.pid)?;
        if let Some(application) = &self.application {
            write!(f, " ({application})")?;
        }
        let Some(since) = &self.since else {
            // The server hides the sessions of other roles from a role without pg_read_all_stats.
            return f.write_str(" of another role");
        };
        write!(f, ", connected from {}", self.client.as_deref().unwrap_or("the server host"))?;
        write!(f, " since {since}")
    }
}

/// Returns a statement of at most 120 characters. An ellipsis at the end stands for the rest.
fn shortened(query: String) -> String {
    match query.char_indices().nth(120) {
        None => query,
        Some(_) => query.chars().take(119).chain(['…']).collect(),
    }
}

/// Returns the line of an error that names the blocker, or an empty text if the blocker is unknown.
pub(crate) fn blocked_by(blocker: Option<&SessionInfo>) -> String {
    let Some(blocker) = blocker else {
        return String::new();
    };
    let query = blocker.query.as_ref().map(|query| format!(", which runs or last ran: {query}"));
    format!("\n  blocked by: {blocker}{}", query.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ellipsis_ends_a_statement_that_is_cut() {
        assert_eq!(shortened("ü".repeat(120)), "ü".repeat(120));
        assert_eq!(shortened("ü".repeat(121)), format!("{}…", "ü".repeat(119)));
    }

    #[test]
    fn a_hidden_session_is_described_by_its_pid() {
        let mut session = SessionInfo {
            pid: 7,
            application: Some("seedbed migrate-up".to_owned()),
            client: None,
            since: Some("12:00:00 UTC".to_owned()),
            query: None,
        };
        assert_eq!(
            session.to_string(),
            "pid 7 (seedbed migrate-up), connected from the server host since 12:00:00 UTC"
        );
        (session.application, session.since) = (None, None);
        assert_eq!(session.to_string(), "pid 7 of another role");
    }
}
