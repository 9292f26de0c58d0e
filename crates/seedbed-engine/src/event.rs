//! What a run tells while it goes on; printing is the command line's.

use std::fmt;
use std::time::Duration;

use seedbed_files::Name;

use crate::direction::Direction;
use crate::notices::Notice;
use crate::session_info::SessionInfo;

/// Receives each event as it happens.
pub type Events<'e> = &'e (dyn Fn(&Event<'_>) + Send + Sync);

/// What needs a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject<'e> {
    /// A script.
    Script(&'e Name),
    /// The creation of the tables of the history.
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

/// Something happened that the person who waits should know.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'e> {
    /// The server does not accept connections yet.
    WaitingForServer {
        /// Host and port, or the socket.
        server: &'e str,
        /// What the last try said.
        reason: &'e str,
    },
    /// The server is newer than what the tests run on. Told for each connection.
    UntestedServer {
        /// Its major version.
        major: u32,
    },
    /// Another runner has the lock. Repeated every ten seconds.
    WaitingForRunner {
        /// Who has it, as far as the server tells.
        holder: Option<&'e SessionInfo>,
        /// For how long already.
        waited: Duration,
    },
    /// A script begins.
    Started {
        /// The script.
        name: &'e Name,
        /// Up or down.
        direction: Direction,
    },
    /// A script and its row in the history are committed.
    Finished {
        /// The script.
        name: &'e Name,
        /// Up or down.
        direction: Direction,
        /// How long the script took.
        elapsed: Duration,
    },
    /// A statement did not get its lock in time; what is tried again was rolled back before.
    Retrying {
        /// What is tried again.
        subject: Subject<'e>,
        /// Who blocks, as far as the server tells.
        blocker: Option<&'e SessionInfo>,
        /// The pause before the next try.
        pause: Duration,
    },
    /// Another session keeps a statement waiting that has no lock timeout. Repeated every ten seconds.
    Blocked {
        /// What waits.
        subject: Subject<'e>,
        /// Who blocks.
        blocker: &'e SessionInfo,
        /// For how long already.
        waited: Duration,
    },
    /// A script that was started once and never finished is started again.
    ResumingInterrupted {
        /// The script.
        name: &'e Name,
    },
    /// An index that a killed `CREATE INDEX CONCURRENTLY` left invalid was dropped.
    DroppedInvalidIndex {
        /// The index.
        index: &'e str,
    },
    /// An index was finished after its runner had been killed, so it is not built again.
    FoundFinishedIndex {
        /// The index.
        index: &'e str,
    },
    /// The detaching of a partition, which a killed runner had begun, was finished.
    FinishedDetach {
        /// The partitioned table.
        table: &'e str,
        /// What was its partition.
        partition: &'e str,
    },
    /// The server told something while a script ran.
    Notice {
        /// What it told.
        notice: &'e Notice,
    },
    /// Something is not as it should be, and the run goes on.
    Warning {
        /// What, as one sentence.
        message: &'e str,
    },
    /// A statement is sent; for those who want to see them.
    Statement {
        /// The SQL, without the bound values.
        sql: &'e str,
    },
    /// The run is being interrupted.
    Cancelling,
}
