//! The reaper resets or drops the databases that killed processes left behind, and drops databases that are no longer
//! in use.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use sqlx::PgConnection;

use crate::admin;
use crate::error::Result;
use crate::instance::Provenance;
use crate::manager::ManagerState;
use crate::orphans::{self, GRACE_PERIOD, Orphan, OrphanLocks};
use crate::registry::{self, Availability};
use crate::reset::Reset;
use crate::server::ADMIN_DATABASE;
use crate::template::Template;

/// The number of times that one process looks for orphans.
const ROUNDS: u32 = 10;

/// The key of the advisory lock that a process holds while it reaps.
const REAPER_LOCK: i64 = 0x5eed_bed0_7e57_db01;

impl ManagerState {
    /// Resets or drops all orphans. Ignores errors, because the next run tries again.
    pub(crate) async fn reap(self: Rc<Self>) {
        for _ in 0..ROUNDS {
            // Each round reads the registry again, because a process that reaps can be killed, too.
            match self.reap_if_unlocked().await {
                Ok(true) => return,
                Ok(false) | Err(_) => {
                    tokio::time::sleep(GRACE_PERIOD + Duration::from_millis(100)).await;
                }
            }
        }
    }

    /// Reaps unless another process reaps. Returns true if no orphan is left.
    ///
    /// One process reaps at a time, because it needs a connection, and many processes may start at once.
    async fn reap_if_unlocked(self: &Rc<Self>) -> Result<bool> {
        if !admin::try_lock(&mut self.admin().await?.connection, REAPER_LOCK).await? {
            return Ok(false);
        }
        let reaped = self.reap_all().await;
        admin::unlock(&mut self.admin().await?.connection, REAPER_LOCK).await?;
        reaped
    }

    /// Reaps in a separate session. The server grants a session every lock that it already holds, so in the session of
    /// the registry, taking a lock would not prove that no other part of this process holds it.
    async fn reap_all(self: &Rc<Self>) -> Result<bool> {
        let mut session = admin::connect(&self.server.options(ADMIN_DATABASE)).await?;
        let mut is_clean = true;
        for orphan in orphans::find_orphans(&mut session, self.owner).await? {
            // An orphan that cannot be dropped does not prevent the others from being reaped.
            is_clean &= self.reap_one(&orphan, &mut session).await.unwrap_or(false);
        }
        Ok(is_clean)
    }

    /// Resets or drops one orphan. Returns false if a later round has to try again.
    ///
    /// That is the case if the owner lives, if it ended less than [`GRACE_PERIOD`] ago, or if the server still executes
    /// a statement of the killed owner.
    async fn reap_one(
        self: &Rc<Self>,
        orphan: &Orphan,
        session: &mut PgConnection,
    ) -> Result<bool> {
        let Some(locks) = OrphanLocks::try_acquire(session, orphan, self.owner).await? else {
            return Ok(false);
        };
        let reaped = match self.adopt(&orphan.name, session).await {
            Ok(true) => Ok(true),
            Ok(false) | Err(_) => self.drop_database(&orphan.name).await.map(|()| true),
        };
        locks.release(session).await?;
        reaped
    }

    /// Resets the instance of a killed process and frees it. Returns false if the instance must be dropped.
    async fn adopt(self: &Rc<Self>, name: &str, session: &mut PgConnection) -> Result<bool> {
        let abandoned = registry::find_abandoned_instance(session, name).await?;
        let can_reset = self.admin().await?.server.can_reset;
        let Some((template, uses, baseline)) = abandoned.filter(|_| can_reset) else {
            return Ok(false);
        };
        let Some(template) = Template::load(session, &template).await? else {
            return Ok(false);
        };
        let template = Arc::new(template);
        let mut provenance = Provenance { template, uses, baseline, reset_connection: None };
        match provenance.reset(&self.server, name).await? {
            Reset::Done(baseline) => {
                let (owner, availability) = (self.owner, Availability::Free);
                Ok(registry::record_reset(session, name, owner, &baseline, availability).await?)
            }
            Reset::Impossible(_) => Ok(false),
        }
    }
}
