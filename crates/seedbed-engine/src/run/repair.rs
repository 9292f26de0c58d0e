//! Corrects the history by name. Runs no script.

use seedbed_files::Kind;
use sqlx::Row as _;
use std::time::Duration;

use super::Runner;
use crate::Direction;
use crate::error::{Error, LockGone};
use crate::history::{Entry, Guard, LogResult, OtherLocks, changed_sql};
use crate::lock::{self, LockKey};
use crate::plan::{PlanError, Request, find};
use crate::pooler;
use crate::session_reset::SessionReset;
use crate::status::{State, Status};

/// What the history is to say of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repair {
    /// It is applied, as its file is now: accepts a modified script, settles an interrupted one, records a pending one.
    Applied(String),
    /// It is not applied: settles an interrupted script, forgets a missing one.
    NotApplied(String),
}

/// One script whose history was corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    /// Its name.
    pub name: String,
    /// Its state before; `None` if neither the history nor the folder knew it.
    pub before: Option<State>,
    /// Its state afterwards; `None` if nothing knows it any more.
    pub after: Option<State>,
}

impl Runner<'_> {
    /// Corrects the history of these scripts, all of them or none, and returns what each of them was and is.
    ///
    /// # Errors
    /// Fails if a name is unknown, or the database refuses.
    pub async fn repair(
        &self,
        kind: Kind,
        repairs: &[Repair],
        request: &Request,
    ) -> Result<Vec<Repaired>, Error> {
        self.ensure_primary()?;
        let behind_pooler =
            self.interrupt.unless(pooler::refuse(self.session, self.events)).await??;
        let reset = SessionReset::prepare(self.session, behind_pooler).await;
        reset.map_err(Error::database("set up the session"))?;
        let (tables, _) = self.interrupt.unless(self.read()).await??;
        let lock = LockKey::for_schema(tables.schema());
        lock::acquire(self.session, lock, self.events, &self.interrupt).await?;
        let result = self.repair_locked(kind, repairs, request, lock).await;
        lock::free(self.session, self.session.pid).await;
        result
    }

    async fn repair_locked(
        &self,
        kind: Kind,
        repairs: &[Repair],
        request: &Request,
        lock: LockKey,
    ) -> Result<Vec<Repaired>, Error> {
        let doing = "correct the history";
        let (tables, histories) = self.read().await?;
        let before = self.status(kind).await?;
        if let Some(sql) = tables.create_sql(kind) {
            self.session.execute(sql).await.map_err(|error| self.no_tables(&tables, error))?;
        }
        let locks = OtherLocks::Allowed;
        let guard = Guard { pid: self.session.pid, lock, transaction: None, locks };
        let (mut names, mut statements) = (Vec::new(), vec!["BEGIN".to_owned()]);
        for repair in repairs {
            let (given, direction) = match repair {
                Repair::Applied(name) => (name, Direction::Up),
                Repair::NotApplied(name) => (name, Direction::Down),
            };
            let scripts = self.scripts(kind);
            let name = find(scripts, histories.of(kind), given, request)?;
            let script = scripts.get(&name);
            if direction == Direction::Up && script.is_none() {
                return Err(PlanError::FileGone { name }.into());
            }
            let entry = Entry {
                kind,
                name: name.clone(),
                direction,
                checksum: script.map_or("", |script| script.checksum),
                took: Duration::ZERO,
                details: Some("'{\"repaired\": true}'::jsonb".to_owned()),
            };
            // The row of the history is as it should be afterwards, whatever it was.
            let forget = format!(
                "DELETE FROM {} WHERE version = {}",
                tables.history(kind),
                seedbed_sql::quote_literal(&name)
            );
            statements.extend([forget, changed_sql(&tables, &entry, LogResult::Done, guard)]);
            names.push(name);
        }
        statements.push("COMMIT".to_owned());
        let held = format!("SELECT {} AS held", lock.is_held_sql());
        let held = self.session.row(held).await.map_err(Error::database(doing))?;
        if !held.try_get::<bool, _>("held").map_err(Error::database(doing))? {
            return Err(Error::SessionLost {
                doing: doing.to_owned(),
                reason: LockGone.to_string(),
            });
        }
        self.session.execute(statements.join("; ")).await.map_err(Error::database(doing))?;
        let after = self.status(kind).await?;
        let state = |list: &[Status], name: &str| {
            list.iter().find(|status| status.name == name).map(|status| status.state)
        };
        let repaired = names.into_iter().map(|name| Repaired {
            before: state(&before, &name),
            after: state(&after, &name),
            name,
        });
        Ok(repaired.collect())
    }
}
