//! The events that a run reports. The command line prints them.

use std::fmt;
use std::time::Duration;

use seedbed_build::Name;

use crate::direction::Direction;
use crate::notices::Notice;
use crate::session_info::SessionInfo;

/// Receives each event as it happens.
pub type Events<'e> = &'e (dyn Fn(&Event<'_>) + Send + Sync);

/// The part of a run that waits for a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject<'e> {
    /// A script.
    Script(&'e Name),
    /// The tables of the history, which are read, created or written outside of a script.
    HistoryTables,
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Script(name) => name.fmt(f),
            Self::HistoryTables => f.write_str("the history"),
        }
    }
}

/// An event of a run that a user should know about.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'e> {
    /// The server does not accept connections yet.
    WaitingForServer {
        /// Host and port, or the socket.
        server: &'e str,
        /// The error of the last attempt.
        reason: &'e str,
    },
    /// The server is newer than the tested versions. Reported for each connection.
    UntestedServer {
        /// The major version of the server.
        major: u32,
    },
    /// Another runner holds the lock. Reported again every ten seconds.
    WaitingForRunner {
        /// The session that holds the lock, if the server shows it.
        holder: Option<&'e SessionInfo>,
        /// The time that this runner has waited so far.
        waited: Duration,
    },
    /// A script begins.
    Started {
        /// The script.
        name: &'e Name,
        /// The direction of the script.
        direction: Direction,
    },
    /// A script and its row in the history are committed.
    Finished {
        /// The script.
        name: &'e Name,
        /// The direction of the script.
        direction: Direction,
        /// The duration of the script.
        elapsed: Duration,
    },
    /// A statement did not get its lock in time, and is rolled back. After a pause, the whole subject runs again, or only
    /// the statement if the script runs without a transaction.
    Retrying {
        /// The subject that is retried.
        subject: Subject<'e>,
        /// The session that blocks the subject, if the server shows it.
        blocker: Option<&'e SessionInfo>,
        /// The pause before the next attempt.
        pause: Duration,
    },
    /// Another session blocks a statement that runs without a lock timeout. Reported again every ten seconds.
    Blocked {
        /// The subject that waits.
        subject: Subject<'e>,
        /// The session that blocks the subject.
        blocker: &'e SessionInfo,
        /// The time that the subject has waited so far.
        waited: Duration,
    },
    /// A script that an earlier run started and never finished starts again.
    ResumingInterrupted {
        /// The script.
        name: &'e Name,
        /// The direction in which the script runs.
        direction: Direction,
    },
    /// An index that a killed `CREATE INDEX CONCURRENTLY` left invalid was dropped.
    DroppedInvalidIndex {
        /// The index.
        index: &'e str,
    },
    /// The server finished an index after the runner was killed, so the index is not built again.
    FoundFinishedIndex {
        /// The index.
        index: &'e str,
    },
    /// A killed runner had begun to detach a partition, and this run finished the detach.
    FinishedDetach {
        /// The partitioned table.
        table: &'e str,
        /// The former partition.
        partition: &'e str,
    },
    /// The server sent a notice while a script ran.
    Notice {
        /// The notice.
        notice: &'e Notice,
    },
    /// The run found a problem that does not stop it.
    Warning {
        /// The problem, in one sentence.
        message: &'e str,
    },
    /// A statement is about to be sent. The command line prints this event with `-v`.
    Statement {
        /// The SQL, without the bound values.
        sql: &'e str,
    },
    /// The run is being interrupted.
    Canceling,
}
