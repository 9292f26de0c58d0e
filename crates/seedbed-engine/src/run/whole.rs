//! A whole run in one transaction.

use std::time::{Duration, Instant};

use anyhow::ensure;
use sqlx::Row as _;

use super::Runner;
use crate::Direction;
use crate::apply::{Apply, Fate, call, entry, running, said};
use crate::body::{Body, Unit};
use crate::error::{Error, LeftTransaction, Remains, ScriptError, code, database_error, is_lost};
use crate::event::Event;
use crate::history::{Guard, Histories, done_sql};
use crate::plan::Step;
use crate::report::Report;
use crate::retry::Pauses;
use crate::script;
use crate::transaction::Transaction;
use crate::watch::{Watch, Watched};

/// How the attempt to run everything in one transaction ended.
pub(super) enum Whole {
    Done,
    /// PostgreSQL does not allow it; nothing has happened.
    Impossible(String),
}

/// Where one try did not end well.
#[derive(Clone, Copy)]
enum At<'s> {
    Creating,
    Script(&'s Step),
    Recording,
    Committing,
}

/// Why it did not.
struct Failed<'s> {
    at: At<'s>,
    error: anyhow::Error,
    statement: Option<String>,
    remains: Remains,
}

impl<'s> Failed<'s> {
    fn new(at: At<'s>, error: impl Into<anyhow::Error>) -> Self {
        Self { at, error: error.into(), statement: None, remains: Remains::NothingOfTheRun }
    }

    fn name(&self) -> &'s str {
        match self.at {
            At::Script(step) => &step.name,
            _ => "the run",
        }
    }
}

/// The scripts that have run so far, in a transaction that is not committed.
type Ran = Vec<(Step, Duration)>;

impl Runner<'_> {
    /// One transaction for the whole run saves a commit for each script, and on an empty database
    /// nobody waits for the locks that it gathers.
    pub(super) async fn may_be_one_transaction(
        &self,
        histories: &Histories,
        steps: &[Step],
    ) -> Result<bool, Error> {
        let fresh = histories.migrations.rows.is_empty() && histories.seeds.rows.is_empty();
        let plain = |step: &Step| {
            step.direction == Direction::Up
                && step.script.uses_transaction()
                && matches!(step.script.body, script::Body::Functions { .. })
        };
        if !fresh || !steps.iter().all(plain) {
            return Ok(false);
        }
        if steps.len() == 1 {
            // It gathers no locks but its own.
            return Ok(true);
        }
        // What initdb makes has a number below 16384: FirstNormalObjectId in PostgreSQL's transam.h.
        let sql = "SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_class \
            WHERE oid >= 16384 AND relkind IN ('r', 'p', 'm') AND relpersistence <> 't' \
            AND relname NOT IN ('seaql_migrations', 'seaql_seeds', 'seedbed_log')) AS empty";
        let row = self.session.row(sql).await.map_err(Error::database("look for tables"))?;
        row.try_get("empty").map_err(Error::database("look for tables"))
    }

    pub(super) async fn in_one_transaction(
        &self,
        apply: &Apply<'_>,
        create: Option<&str>,
        steps: &[Step],
        report: &mut Report,
    ) -> Result<Whole, Error> {
        let begun = Instant::now();
        let mut pauses = Pauses::new();
        let watch = Watch::new(self.session, self.events, &self.interrupt);
        loop {
            let failed = match self.all_at_once(apply, create, steps, &watch, report).await? {
                None => return Ok(Whole::Done),
                Some(failed) => failed,
            };
            let nothing_remains = failed.remains == Remains::NothingOfTheRun;
            if nothing_remains && let Some(reason) = impossible(&failed) {
                return Ok(Whole::Impossible(reason));
            }
            let pause = pauses.next();
            let again = apply.may_try_again(&failed.error, begun, pause);
            if nothing_remains && again {
                watch.retrying(failed.name(), pause);
                watch.pause(pause).await?;
                continue;
            }
            return Err(self.whole_failed(failed, &watch));
        }
    }

    fn whole_failed(&self, failed: Failed<'_>, watch: &Watch<'_>) -> Error {
        let Failed { at, error, statement, remains } = failed;
        let step = match at {
            At::Script(step) => step,
            At::Creating => {
                return ours("create the tables of the history", error, |e| self.no_tables(e));
            }
            At::Recording | At::Committing => {
                return ours("record the run", error, Error::database("record the run"));
            }
        };
        let lock = |code: &str| code == code::LOCK_NOT_AVAILABLE || code == code::DEADLOCK_DETECTED;
        let met_lock = database_error(&error).is_some_and(|error| lock(error.code()));
        let blocker = watch.blocker().filter(|_| met_lock);
        let retried_for = self.session.options.lock_retry_for;
        let error = ScriptError::new(step, &error, statement, blocker, remains, retried_for);
        Error::Script(Box::new(error))
    }

    /// All scripts and all rows of the history in one transaction.
    async fn all_at_once<'s>(
        &self,
        apply: &Apply<'_>,
        create: Option<&str>,
        steps: &'s [Step],
        watch: &Watch<'_>,
        report: &mut Report,
    ) -> Result<Option<Failed<'s>>, Error> {
        let transaction = match Transaction::own(self.session).await {
            Ok(transaction) => transaction,
            Err(error) => {
                apply.is_ours(&error).await?;
                return Err(ours("begin the run", error, Error::database("begin the run")));
            }
        };
        let mut ran = Ran::with_capacity(steps.len());
        let all = self.all(create, steps, watch, &transaction, &mut ran);
        let failed = match watch.run(all).await {
            Watched::Ended(Ok(())) => {
                return self.commit_all(apply, transaction, steps, &ran, report).await;
            }
            Watched::Ended(Err(failed)) => failed,
            Watched::GivenUp => return Err(Error::Interrupted),
        };
        let id = transaction.id().to_owned();
        let doing = format!("while {} ran", failed.name());
        let left = apply.undo(&doing, &failed.error, transaction).await?;
        if left {
            self.keep(apply, &id, &ran, report).await?;
            return Ok(Some(Failed { remains: Remains::WhatItCommitted, ..failed }));
        }
        if self.interrupt.came() {
            return Err(Error::Interrupted);
        }
        Ok(Some(failed))
    }

    async fn all<'s>(
        &self,
        create: Option<&str>,
        steps: &'s [Step],
        watch: &Watch<'_>,
        transaction: &Transaction,
        ran: &mut Ran,
    ) -> Result<(), Failed<'s>> {
        if let Some(create) = create {
            self.session.execute(create).await.map_err(|error| Failed::new(At::Creating, error))?;
        }
        // What a script left behind is put away before the next one; and one that ended the
        // transaction is found out before it takes another script with it.
        let tidy = format!(
            "{}; {}, EXISTS (SELECT FROM pg_catalog.pg_event_trigger) AS triggers",
            self.session.reset_sql(),
            transaction.is_open_sql()
        );
        // What an event trigger does is not told by the statement that fires it. With one script there
        // is no next one to be kept from it.
        let mut triggers = steps.len() > 1;
        for step in steps {
            let at = At::Script(step);
            if self.interrupt.came() {
                return Err(Failed::new(at, Error::Interrupted));
            }
            (self.events)(&Event::Started { name: &step.name, direction: step.direction });
            let begun = Instant::now();
            let body = Body::new(self.session, watch, step, Unit::Script);
            call(step, &body, transaction).await.map_err(|error| Failed {
                statement: body.failed_statement(),
                ..Failed::new(at, error)
            })?;
            if triggers || body.may_have_touched_the_session() {
                let tidied = async {
                    let row = self.session.row(tidy.as_str()).await?;
                    Ok::<_, sqlx::Error>((row.try_get("is_open")?, row.try_get("triggers")?))
                };
                let is_open: bool;
                (is_open, triggers) = tidied.await.map_err(|error| Failed::new(at, error))?;
                if !is_open {
                    return Err(Failed::new(at, LeftTransaction));
                }
            }
            ran.push((step.clone(), begun.elapsed()));
        }
        let guard = Guard { pid: self.session.facts.pid, transaction: Some(transaction.id()) };
        self.record_all(ran, guard).await.map_err(|error| Failed::new(At::Recording, error))
    }

    async fn record_all(&self, ran: &Ran, guard: Guard<'_>) -> anyhow::Result<()> {
        let entries: Vec<_> = ran.iter().map(|(step, took)| entry(step, *took)).collect();
        let written = self.session.execute(done_sql(self.session, &entries, guard)).await?;
        ensure!(written.rows_affected() == 2 * entries.len() as u64, LeftTransaction);
        Ok(())
    }

    async fn commit_all<'s>(
        &self,
        apply: &Apply<'_>,
        transaction: Transaction,
        steps: &'s [Step],
        ran: &Ran,
        report: &mut Report,
    ) -> Result<Option<Failed<'s>>, Error> {
        let id = transaction.id().to_owned();
        let Err(error) = transaction.commit(self.session).await else {
            finished(apply, ran, report);
            return Ok(None);
        };
        let Some(last) = steps.last() else {
            return Ok(None);
        };
        if !is_lost(&error) {
            let undone = self.session.execute("ROLLBACK").await.map(drop);
            apply.after_failure(&running(last), &error, undone.map_err(Into::into)).await?;
            return Ok(Some(Failed::new(At::Committing, error)));
        }
        let lost =
            |doing: &str| Error::SessionLost { doing: doing.to_owned(), reason: said(&error) };
        Err(match apply.fate(&id, last).await {
            Fate::Committed => {
                finished(apply, ran, report);
                lost("just after the run was committed")
            }
            Fate::RolledBack => lost(
                "before the run, which was one transaction, was committed: nothing of it remains",
            ),
            Fate::Unknown => Error::CommitUnknown { name: "the run".to_owned() },
        })
    }

    /// A script has ended the transaction by itself. If it committed it, the scripts before are
    /// applied, and what is missing is their rows.
    async fn keep(
        &self,
        apply: &Apply<'_>,
        id: &str,
        ran: &Ran,
        report: &mut Report,
    ) -> Result<(), Error> {
        if ran.is_empty() || !apply.is_committed(id).await? {
            return Ok(());
        }
        let guard = Guard { pid: self.session.facts.pid, transaction: None };
        let doing = "record the scripts that a later one had committed";
        let written = self.record_all(ran, guard).await;
        written.map_err(|error| ours(doing, error, Error::database(doing)))?;
        finished(apply, ran, report);
        Ok(())
    }
}

fn finished(apply: &Apply<'_>, ran: &Ran, report: &mut Report) {
    for (step, took) in ran {
        apply.finished(step, *took, report);
    }
}

/// The error of something that was not a script's to do.
fn ours(doing: &str, error: anyhow::Error, refused: impl Fn(sqlx::Error) -> Error) -> Error {
    match error.downcast::<sqlx::Error>() {
        Ok(error) => refused(error),
        Err(error) => {
            Error::SessionLost { doing: format!("before it could {doing}"), reason: said(&error) }
        }
    }
}

/// Why one transaction is not possible, if that is what went wrong. A COMMIT that fails does not say
/// which script is to blame, and one transaction for each does.
fn impossible(failed: &Failed<'_>) -> Option<String> {
    let database = database_error(&failed.error)?;
    let codes = [code::UNSAFE_NEW_ENUM_VALUE, code::OBJECT_IN_USE, code::OUT_OF_MEMORY];
    let is_impossible = matches!(failed.at, At::Committing) || codes.contains(&database.code());
    is_impossible.then(|| database.message().to_owned())
}
