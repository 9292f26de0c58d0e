//! The second connection of a run, which only observes the session and cancels its statements.

use std::convert::Infallible;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Executor as _, PgConnection};
use tokio::time::timeout;

use crate::cancellation::Cancellation;
use crate::connect;
use crate::error::Error;
use crate::event::{Event, Events, Subject};
use crate::session::Session;
use crate::session_info::SessionInfo;

/// The interval at which a session that blocks a statement without a lock timeout is reported.
const BLOCKER_REPORT_INTERVAL: Duration = Duration::from_secs(10);

/// The time that a script may run after its statement was canceled, before its session is terminated.
const CANCEL_GRACE_PERIOD: Duration = Duration::from_secs(5);

/// The outcome of a monitored script.
pub(crate) enum MonitorOutcome<T> {
    /// The script ended, by itself or after a canceled statement.
    Completed(T),
    /// The script did not end after its statement was canceled, so its session was terminated.
    Abandoned,
}

/// Observes the session of a script from a second connection, and cancels its statement when the run is canceled. Opens the
/// connection only for a script that takes longer than a third of the lock timeout, or longer than a second.
///
/// ```text
/// running ──(script ends)──────────────────────────► Completed
///    │ canceled
///    ▼
/// canceling its statements ──(script ends)────────► Completed
///    │ script goes on for 5 s
///    ▼
/// session terminated ──────────────────────────────► Abandoned
/// ```
pub(crate) struct SessionMonitor<'s> {
    session: &'s Session,
    /// The script or other work that the session runs.
    subject: Subject<'s>,
    events: Events<'s>,
    cancellation: &'s Cancellation,
    /// The session that was last seen to block the subject.
    blocker: Mutex<Option<SessionInfo>>,
}

impl<'s> SessionMonitor<'s> {
    pub(crate) fn new(
        session: &'s Session,
        subject: Subject<'s>,
        events: Events<'s>,
        cancellation: &'s Cancellation,
    ) -> Self {
        Self { session, subject, events, cancellation, blocker: Mutex::new(None) }
    }

    /// Reports an event of the script.
    pub(crate) fn report(&self, event: &Event<'_>) {
        (self.events)(event);
    }

    /// Returns whether the run has been canceled.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.cancellation.is_canceled()
    }

    /// Returns how long an operation that cannot get a lock is retried.
    pub(crate) fn lock_retry_for(&self) -> Duration {
        self.session.options.lock_retry_for
    }

    /// Reports that the script, or one of its statements, is retried after a pause.
    pub(crate) fn report_retry(&self, pause: Duration) {
        let blocker = self.blocker();
        self.report(&Event::Retrying { subject: self.subject, blocker: blocker.as_ref(), pause });
    }

    /// Waits for the pause, unless the run is canceled first.
    pub(crate) async fn sleep(&self, pause: Duration) -> Result<(), Error> {
        self.cancellation.run_until_canceled(tokio::time::sleep(pause)).await
    }

    /// Returns the session that was last seen to block the script.
    pub(crate) fn blocker(&self) -> Option<SessionInfo> {
        self.blocker.lock().map_or(None, |blocker| blocker.clone())
    }

    /// Runs the script, observes which session blocks it, and cancels its statement when the run is canceled.
    pub(crate) async fn run<T>(&self, script: impl Future<Output = T>) -> MonitorOutcome<T> {
        let mut script = std::pin::pin!(script);
        tokio::select! {
            biased;
            ended = &mut script => return MonitorOutcome::Completed(ended),
            () = self.cancellation.canceled() => {}
            never = Box::pin(self.observe_blockers()) => match never {},
        }
        (self.events)(&Event::Canceling);
        tokio::select! {
            biased;
            ended = &mut script => MonitorOutcome::Completed(ended),
            () = self.cancel() => {
                self.session.abandon();
                MonitorOutcome::Abandoned
            }
        }
    }

    /// Runs short work that is never canceled, and observes which session blocks it.
    pub(crate) async fn observe_during<T>(&self, work: impl Future<Output = T>) -> T {
        tokio::select! {
            biased;
            value = work => value,
            never = Box::pin(self.observe_blockers()) => match never {},
        }
    }

    /// Polls which session blocks the script: at least three times within a lock timeout, so that the blocker is known when
    /// the timeout expires.
    ///
    /// The future is large, since it opens a connection. Callers box it, so that the futures that contain theirs fit on the
    /// stack of a thread in a debug build.
    async fn observe_blockers(&self) -> Infallible {
        let period = (self.session.options.lock_timeout / 3)
            .clamp(Duration::from_millis(20), Duration::from_secs(1));
        let mut observer: Option<PgConnection> = None;
        let mut blocked_since: Option<Instant> = None;
        let mut reported_at: Option<Instant> = None;
        loop {
            tokio::time::sleep(period).await;
            if observer.is_none() {
                observer = self.connect().await;
            }
            let Some(connection) = &mut observer else {
                continue;
            };
            match self.read_blocker(connection).await {
                Ok(Some(blocker)) => {
                    let since = *blocked_since.get_or_insert_with(Instant::now);
                    if reported_at.unwrap_or(since).elapsed() >= BLOCKER_REPORT_INTERVAL {
                        reported_at = Some(Instant::now());
                        let waited = since.elapsed();
                        self.report(&Event::Blocked {
                            subject: self.subject,
                            blocker: &blocker,
                            waited,
                        });
                    }
                    self.set_blocker(blocker);
                }
                Ok(None) => (blocked_since, reported_at) = (None, None),
                Err(_) => observer = None,
            }
        }
    }

    fn set_blocker(&self, seen: SessionInfo) {
        if let Ok(mut blocker) = self.blocker.lock() {
            *blocker = Some(seen);
        }
    }

    async fn read_blocker(
        &self,
        observer: &mut PgConnection,
    ) -> Result<Option<SessionInfo>, sqlx::Error> {
        let sql = format!(
            "SELECT {} FROM pg_catalog.pg_stat_activity a \
             WHERE a.pid = ANY (pg_catalog.pg_blocking_pids({})) ORDER BY a.backend_start LIMIT 1",
            SessionInfo::COLUMNS,
            self.session.pid
        );
        let rows = observer.fetch_all(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
        rows.first().map(SessionInfo::from_row).transpose()
    }

    /// Cancels the running statement, again and again, because the script may send another one. The caller drops this future
    /// when the script ends. Terminates the session if the script does not end in time.
    async fn cancel(&self) {
        let pid = self.session.pid;
        let mut observer = None;
        let cancel_repeatedly = async {
            loop {
                if observer.is_none() {
                    observer = self.connect().await;
                }
                if let Some(observer) = &mut observer {
                    let cancel = format!("SELECT pg_cancel_backend({pid})");
                    let _ = observer.execute(AssertSqlSafe(cancel)).await;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        // The timeout also covers a pooler without a free session, which lets the observer connect and never answers.
        let _: Result<Infallible, _> = timeout(CANCEL_GRACE_PERIOD, cancel_repeatedly).await;
        if let Some(observer) = observer {
            self.terminate_with(observer).await;
        }
    }

    /// Terminates the session from a second connection. Ignores errors, because the session ends with this program at
    /// the latest.
    pub(crate) async fn terminate(&self) {
        if let Some(observer) = self.connect().await {
            self.terminate_with(observer).await;
        }
    }

    async fn terminate_with(&self, mut observer: PgConnection) {
        let terminate = format!("SELECT pg_terminate_backend({})", self.session.pid);
        let terminating = observer.execute(AssertSqlSafe(terminate));
        let _ = timeout(Duration::from_secs(1), terminating).await;
    }

    /// Opens the second connection. Returns `None` if the server has no connection left, since that is not a reason for
    /// a run to fail.
    async fn connect(&self) -> Option<PgConnection> {
        let mut options = self.session.options.clone();
        options.wait = Duration::from_secs(1);
        // A role that the session has assumed may lack the right to cancel its statements, but the role that connects
        // has this right.
        options.role = None;
        options.application = format!("{} (observer)", options.application);
        connect::connection(&options, &|_| {}).await.ok()
    }
}
