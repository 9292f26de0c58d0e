//! Releases the instance of a test. The instance is reset, dropped, or kept for inspection.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_local;

use crate::admin;
use crate::connection_budget::CONNECTIONS_PER_TEST;
use crate::error::{Error, Result};
use crate::instance::{self, Instance, Provenance, TestOutcome};
use crate::manager::ManagerState;
use crate::registry::{self, Availability};
use crate::reset::Reset;
use crate::sqlstate::{OBJECT_IN_USE, WRONG_OBJECT_TYPE, has_sqlstate};

/// The time that a warm instance waits for a test before it releases its slot and its connections.
pub(crate) const WARM_LIFETIME: Duration = Duration::from_secs(2);

impl ManagerState {
    /// Ends a test that had its own instance.
    pub(crate) async fn end_test(
        self: &Rc<Self>,
        instance: Instance,
        outcome: TestOutcome,
    ) -> Result<()> {
        let released = self.release_instance(instance, outcome).await;
        // The process may end after the last test, and then other processes would wait for the instances that it has
        // reserved.
        if self.warm_pool.test_ended() {
            // An unfinished clone would look like a clone that a killed process left behind.
            while self.pending_clones.get() > 0 && self.warm_pool.has_no_tests() {
                self.wait_for_change(self.change_count.get()).await;
            }
            self.free_reserved(|_| true).await?;
        }
        released
    }

    /// Lets any process claim the reserved instances whose name matches.
    pub(crate) async fn free_reserved(
        self: &Rc<Self>,
        matches: impl Fn(&str) -> bool,
    ) -> Result<()> {
        let names = self.warm_pool.remove_reservations(matches);
        if names.is_empty() {
            return Ok(());
        }
        let mut admin = self.admin().await?;
        Ok(registry::mark_free(&mut admin.connection, &names, self.owner).await?)
    }

    /// Resets, drops or keeps the instance. If the instance was reset, then opens a session for its next test in the
    /// background.
    pub(crate) async fn release_instance(
        self: &Rc<Self>,
        mut instance: Instance,
        outcome: TestOutcome,
    ) -> Result<()> {
        // The test may have cloned its connection. From here on, no clone of the connection gets a session.
        drop(instance.pool.close());
        if !self.is_owned(&instance.name).await? {
            self.release_slot(instance.slot).await?;
            return Err(Error::OwnershipLost);
        }
        if outcome == TestOutcome::Failed {
            {
                let mut admin = self.admin().await?;
                registry::keep(&mut admin.connection, &instance.name).await?;
            }
            return self.release_slot(instance.slot).await;
        }
        // Until the instance is warm or dropped, no other test of this process claims it as a free instance.
        let warming =
            instance.template_name().map(|template| (template.to_owned(), instance.name.clone()));
        self.warming.borrow_mut().extend(warming);
        match self.reset_instance(&mut instance).await {
            Ok(true) => {
                // Only a few sessions are opened ahead at once. If more were opened at once, none would be open in
                // time.
                let permit = Arc::clone(&self.warm_up_permits).acquire_owned().await;
                let state = Rc::clone(self);
                spawn_local(async move {
                    state.warm_up(instance).await;
                    drop(permit);
                });
                Ok(())
            }
            reset => {
                self.remove_warming(&instance.name);
                // The database is dropped even if the reset failed with an error.
                let dropped = self.drop_database(&instance.name).await;
                self.release_slot(instance.slot).await?;
                dropped.and(reset.map(drop))
            }
        }
    }

    /// Makes an instance equal to its template and records this. Returns false if the instance must be dropped.
    async fn reset_instance(self: &Rc<Self>, instance: &mut Instance) -> Result<bool> {
        // The semaphore is never closed, so this cannot fail.
        let _permit = self.reset_permits.acquire().await.ok();
        let can_reset = self.admin().await?.server.can_reset;
        let Some(provenance) = instance.provenance.as_mut().filter(|_| can_reset) else {
            return Ok(false);
        };
        match provenance.reset(&self.server, &instance.name).await {
            Ok(Reset::Done(baseline)) => {
                provenance.uses += 1;
                let availability = self.warm_pool.next_availability();
                let mut admin = self.admin().await?;
                let (name, connection) = (&instance.name, &mut admin.connection);
                let recorded =
                    registry::record_reset(connection, name, self.owner, &baseline, availability);
                let has_template = recorded.await?;
                if has_template && availability == Availability::Reserved {
                    self.warm_pool.add_reservation(name);
                }
                Ok(has_template)
            }
            // The instance is dropped, so the reason does not matter.
            Ok(Reset::Impossible(_)) | Err(_) => Ok(false),
        }
    }

    async fn is_owned(self: &Rc<Self>, name: &str) -> Result<bool> {
        let mut admin = self.admin().await?;
        Ok(registry::is_owned(&mut admin.connection, name, self.owner).await?)
    }

    /// Drops a database that the registry lists, and removes it from the registry.
    pub(crate) async fn drop_database(&self, name: &str) -> Result<()> {
        let mut ddl = self.ddl().await?;
        let dropped = registry::drop_database(&mut ddl, name).await;
        // The database is marked as a template, or it is in use, for example by a prepared transaction.
        if dropped.as_ref().is_err_and(|error| {
            has_sqlstate(error, OBJECT_IN_USE) || has_sqlstate(error, WRONG_OBJECT_TYPE)
        }) {
            let sql = format!("ALTER DATABASE \"{name}\" IS_TEMPLATE false ALLOW_CONNECTIONS true");
            admin::execute(&mut ddl, sql).await?;
            instance::prepare_for_drop(&self.server, name).await?;
            return Ok(registry::drop_database(&mut ddl, name).await?);
        }
        Ok(dropped?)
    }

    /// Opens a session for the next test, and adds the instance to the pool.
    async fn warm_up(self: &Rc<Self>, mut instance: Instance) {
        let opened = instance::open_pool(&self.server, &instance.name, CONNECTIONS_PER_TEST).await;
        self.remove_warming(&instance.name);
        match opened {
            Ok(pool) => {
                instance.pool = pool;
                self.warm_pool.push(instance);
                self.notify_change();
            }
            // The instance becomes free, and the test that claims it next reports the error.
            Err(_) => {
                drop(self.free_reserved(|name| name == instance.name).await);
                drop(self.release_slot(instance.slot).await);
            }
        }
    }

    /// Drops a free instance if its template has more of them than the limit.
    async fn evict_excess(self: &Rc<Self>, instance: &Instance) -> Result<()> {
        let Some(Provenance { template, uses, .. }) = &instance.provenance else {
            return Ok(());
        };
        let has_excess = {
            let mut admin = self.admin().await?;
            registry::has_excess_free(&mut admin.connection, &template.name).await?
        };
        if has_excess && self.try_claim(template, Some((&instance.name, *uses))).await?.is_some() {
            self.drop_database(&instance.name).await?;
        }
        Ok(())
    }

    fn remove_warming(&self, name: &str) {
        self.warming.borrow_mut().retain(|(_, warming)| warming != name);
    }

    /// Returns the names of the template's instances for which a session is being opened.
    pub(crate) fn warming_names(&self, template: &str) -> impl Iterator<Item = String> {
        let warming = self.warming.borrow();
        let matching = warming.iter().filter(|(name, _)| name == template);
        let names: Vec<String> = matching.map(|(_, name)| name.clone()).collect();
        names.into_iter()
    }

    /// Removes the instances from the pool that no test has taken for a while, so that any process can use them.
    ///
    /// When this process no longer holds a slot, its administrative connections are closed.
    pub(crate) async fn evict_idle(self: &Rc<Self>) {
        for instance in self.warm_pool.remove_idle(WARM_LIFETIME) {
            instance.pool.close().await;
            // The reaper finds the instances for which this fails.
            drop(self.free_reserved(|name| name == instance.name).await);
            drop(self.evict_excess(&instance).await);
            // A slot that cannot be released becomes free when the connection that holds it ends.
            drop(self.release_slot(instance.slot).await);
        }
        if self.holds_slots() {
            // Both sessions hold the liveness lock. A session that was terminated is opened again here.
            drop(self.admin().await.map(drop));
            drop(self.ddl().await.map(drop));
        } else {
            // A process can run for long after its tests have ended, for example in a debugger.
            self.disconnect().await;
        }
    }
}
