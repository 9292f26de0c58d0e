//! What killed processes have left behind, and what nobody has used for long.

use std::rc::Rc;
use std::sync::Arc;

use sqlx::PgConnection;

use crate::admin;
use crate::instance::Origin;
use crate::keeper::Work;
use crate::pristine::Reset;
use crate::records::{self, Hold, Leftover};
use crate::server::ADMIN;
use crate::template::{Template, said};

impl Work {
    /// Puts back or drops them, in a session of its own: for that of the records the locks of this
    /// process are free. Best effort, as the next run looks again.
    pub(crate) async fn sweep(self: Rc<Self>, mut leftovers: Vec<Leftover>) {
        if leftovers.is_empty() {
            return;
        }
        let Ok(mut session) = admin::connect(&self.server.options(ADMIN)).await else {
            return;
        };
        while let Some(leftover) = leftovers.pop() {
            if self.sweep_one(&leftover, &mut session).await.is_err() {
                return;
            }
        }
    }

    async fn sweep_one(
        self: &Rc<Self>,
        leftover: &Leftover,
        session: &mut PgConnection,
    ) -> Result<(), String> {
        let Some(hold) = Hold::take(session, leftover, self.owner).await.map_err(said)? else {
            return Ok(());
        };
        if !self.adopt(&leftover.name, session).await.unwrap_or(false) {
            self.remove(&leftover.name).await?;
        }
        hold.release(session).await.map_err(said)
    }

    /// Puts back the instance of a killed process, if its template is still in use.
    async fn adopt(
        self: &Rc<Self>,
        name: &str,
        session: &mut PgConnection,
    ) -> Result<bool, String> {
        let taken = records::taken(session, name).await.map_err(said)?;
        let can_reset = self.admin().await?.facts.can_reset;
        let Some((template, uses, counters)) = taken.filter(|_| can_reset) else {
            return Ok(false);
        };
        let Some(template) = Template::find(session, &template).await? else {
            return Ok(false);
        };
        let template = Arc::new(template);
        let mut origin = Origin { template, uses, counters, caretaker: None };
        match origin.put_back(&self.server, name).await.map_err(said)? {
            Reset::Done(counters) => records::free(session, name, &counters).await.map_err(said),
            Reset::Beyond(_) => Ok(false),
        }
    }
}
