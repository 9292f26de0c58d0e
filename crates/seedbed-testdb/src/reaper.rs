//! What killed processes have left behind, and what nobody has used for long.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use sqlx::PgConnection;

use crate::admin;
use crate::error::{Error, Result};
use crate::instance::Provenance;
use crate::manager::ManagerState;
use crate::orphans::{self, GONE, Orphan, OrphanLocks};
use crate::registry::{self, Availability};
use crate::reset::Reset;
use crate::server::ADMIN_DATABASE;
use crate::template::Template;

/// How often one process looks at what others have.
const ROUNDS: u32 = 10;

/// The key of the lock that who sweeps holds.
const SWEEP: i64 = 0x5eed_bed0_7e57_db01;

impl ManagerState {
    /// Puts back or drops them. Best effort, as the next run looks again.
    pub(crate) async fn sweep(self: Rc<Self>) {
        for _ in 0..ROUNDS {
            // Read anew each time: one who sweeps may be killed too.
            match self.sweep_in_turn().await {
                Ok(true) => return,
                Ok(false) | Err(_) => {
                    tokio::time::sleep(GONE + Duration::from_millis(100)).await;
                }
            }
        }
    }

    /// One process at a time does it: it takes a connection, and of many that begin at once each would.
    /// True if nothing is left that belongs to anybody else.
    async fn sweep_in_turn(self: &Rc<Self>) -> Result<bool> {
        if !admin::try_lock(&mut self.admin().await?.connection, SWEEP).await? {
            return Ok(false);
        }
        let swept = self.sweep_all().await;
        admin::unlock(&mut self.admin().await?.connection, SWEEP).await?;
        swept
    }

    /// In a session of its own: for that of the records the locks of this process are free.
    async fn sweep_all(self: &Rc<Self>) -> Result<bool> {
        let mut session = admin::connect(&self.server.options(ADMIN_DATABASE)).await?;
        let mut is_clean = true;
        for leftover in orphans::leftovers(&mut session, self.owner).await? {
            // One that cannot be dropped keeps none of the others.
            is_clean &= self.sweep_one(&leftover, &mut session).await.unwrap_or(false);
        }
        Ok(is_clean)
    }

    /// False if it has to be looked at again: its owner is gone since a moment only, or lives, or the
    /// server is still making what a killed one has asked for.
    async fn sweep_one(
        self: &Rc<Self>,
        leftover: &Orphan,
        session: &mut PgConnection,
    ) -> Result<bool> {
        let Some(hold) = OrphanLocks::take(session, leftover, self.owner).await? else {
            return Ok(false);
        };
        let swept = match self.adopt(&leftover.name, session).await {
            Ok(true) => Ok(true),
            Ok(false) | Err(_) => self.remove(&leftover.name).await.map(|()| true),
        };
        hold.release(session).await?;
        swept
    }

    /// Puts back the instance of a killed process, if its template is still in use.
    async fn adopt(self: &Rc<Self>, name: &str, session: &mut PgConnection) -> Result<bool> {
        let taken = registry::taken(session, name).await?;
        let can_reset = self.admin().await?.facts.can_reset;
        let Some((template, uses, state)) = taken.filter(|_| can_reset) else {
            return Ok(false);
        };
        let Some(template) = Template::find(session, &template).await? else {
            return Ok(false);
        };
        let template = Arc::new(template);
        let mut provenance = Provenance { template, uses, state, reset_connection: None };
        match provenance.put_back(&self.server, name).await? {
            Reset::Done(state) => {
                let put_back =
                    registry::put_back(session, name, self.owner, &state, Availability::Free);
                put_back.await.map_err(Error::from)
            }
            Reset::Beyond(_) => Ok(false),
        }
    }
}
