//! The end of a test: its instance is put back, dropped, or kept to be looked at.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_local;

use crate::admin;
use crate::connection_budget::POOL;
use crate::error::{Error, Result};
use crate::instance::{self, End, Instance, Provenance};
use crate::manager::ManagerState;
use crate::registry::{self, Availability};
use crate::reset::Reset;
use crate::sqlstate::{OBJECT_IN_USE, WRONG_OBJECT_TYPE, has_sqlstate};

/// An instance that is not taken for that long gives its slot and its connections away.
pub(crate) const WARM: Duration = Duration::from_secs(2);

impl ManagerState {
    /// Ends a test that had an instance of its own.
    pub(crate) async fn end_test(self: &Rc<Self>, instance: Instance, end: End) -> Result<()> {
        let given_back = self.give_back(instance, end).await;
        // Behind the last test the process ends, perhaps, and others would wait for what it has.
        if self.ready.end() {
            // It would be found as that of a killed process, half made perhaps.
            while self.cloning.get() > 0 && self.ready.has_no_tests() {
                self.wait(self.changes.get()).await;
            }
            self.release(|_| true).await?;
        }
        given_back
    }

    /// Makes those of the reserved instances anybody's.
    pub(crate) async fn release(self: &Rc<Self>, those: impl Fn(&str) -> bool) -> Result<()> {
        let names = self.ready.release(those);
        if names.is_empty() {
            return Ok(());
        }
        let mut admin = self.admin().await?;
        registry::release(&mut admin.connection, &names, self.owner).await.map_err(Error::from)
    }

    /// Ends a test: its instance is put back, dropped or kept when this returns. One that was put back
    /// then gets a session for its next test.
    pub(crate) async fn give_back(self: &Rc<Self>, mut instance: Instance, end: End) -> Result<()> {
        // From here on no clone of the test's handle gets a connection any more.
        drop(instance.pool.close());
        if !self.is_owned(&instance.name).await? {
            self.give_slot_back(instance.slot).await?;
            return Err(Error::OwnershipLost);
        }
        if end == End::Fail {
            {
                let mut admin = self.admin().await?;
                registry::keep(&mut admin.connection, &instance.name).await?;
            }
            return self.give_slot_back(instance.slot).await;
        }
        // Until it is warm, or dropped, no other test here takes it as a free one.
        let warming =
            instance.template().map(|template| (template.to_owned(), instance.name.clone()));
        self.warming.borrow_mut().extend(warming);
        match self.put_back(&mut instance).await {
            Ok(true) => {
                // Sessions that nobody waits for are opened a few at a time: of too many at once none
                // would be ready in time.
                let turn = Arc::clone(&self.opening).acquire_owned().await;
                let state = Rc::clone(self);
                spawn_local(async move {
                    state.warm(instance).await;
                    drop(turn);
                });
                Ok(())
            }
            put_back => {
                self.is_not_warming(&instance.name);
                // What could not be put back can be dropped all the same.
                let removed = self.remove(&instance.name).await;
                self.give_slot_back(instance.slot).await?;
                removed.and(put_back.map(drop))
            }
        }
    }

    /// Makes an instance what its template is, and frees it. False if it has to be dropped.
    async fn put_back(self: &Rc<Self>, instance: &mut Instance) -> Result<bool> {
        // Never closed.
        let _turn = self.putting_back.acquire().await.ok();
        let can_reset = self.admin().await?.facts.can_reset;
        let Some(provenance) = instance.provenance.as_mut().filter(|_| can_reset) else {
            return Ok(false);
        };
        match provenance.put_back(&self.server, &instance.name).await {
            Ok(Reset::Done(state)) => {
                provenance.uses += 1;
                let next = self.ready.next();
                let mut admin = self.admin().await?;
                let (name, connection) = (&instance.name, &mut admin.connection);
                let put_back = registry::put_back(connection, name, self.owner, &state, next);
                let is_there = put_back.await?;
                if is_there && next == Availability::Reserved {
                    self.ready.reserve(name);
                }
                Ok(is_there)
            }
            // It is dropped, so it does not matter what it is like.
            Ok(Reset::Beyond(_)) | Err(_) => Ok(false),
        }
    }

    async fn is_owned(self: &Rc<Self>, name: &str) -> Result<bool> {
        let mut admin = self.admin().await?;
        registry::is_owned(&mut admin.connection, name, self.owner).await.map_err(Error::from)
    }

    /// Drops a database of ours.
    pub(crate) async fn remove(&self, name: &str) -> Result<()> {
        let mut builder = self.builder().await?;
        let removed = registry::remove(&mut builder, name).await;
        // A template or a database in use, by prepared transactions, say.
        if removed.as_ref().is_err_and(|error| {
            has_sqlstate(error, OBJECT_IN_USE) || has_sqlstate(error, WRONG_OBJECT_TYPE)
        }) {
            let sql = format!("ALTER DATABASE \"{name}\" IS_TEMPLATE false ALLOW_CONNECTIONS true");
            admin::execute(&mut builder, sql).await?;
            instance::prepare_for_drop(&self.server, name).await?;
            return registry::remove(&mut builder, name).await.map_err(Error::from);
        }
        removed.map_err(Error::from)
    }

    /// Opens a session for the next test, while nobody waits for it.
    async fn warm(self: &Rc<Self>, mut instance: Instance) {
        let opened = instance::open(&self.server, &instance.name, POOL).await;
        self.is_not_warming(&instance.name);
        match opened {
            Ok(pool) => {
                instance.pool = pool;
                self.ready.push(instance);
                self.changed();
            }
            // It is free; who takes it next will see.
            Err(_) => {
                drop(self.release(|name| name == instance.name).await);
                drop(self.give_slot_back(instance.slot).await);
            }
        }
    }

    /// Drops a free instance if its template has more than enough of them.
    async fn evict_excess(self: &Rc<Self>, instance: &Instance) -> Result<()> {
        let Some(Provenance { template, uses, .. }) = &instance.provenance else {
            return Ok(());
        };
        let too_many = {
            let mut admin = self.admin().await?;
            registry::has_too_many(&mut admin.connection, &template.name).await?
        };
        if too_many && self.claim(template, Some((&instance.name, *uses))).await?.is_some() {
            self.remove(&instance.name).await?;
        }
        Ok(())
    }

    fn is_not_warming(&self, name: &str) {
        self.warming.borrow_mut().retain(|(_, warming)| warming != name);
    }

    /// The names of the instances of a template that are about to be warm.
    pub(crate) fn warming_of(&self, template: &str) -> impl Iterator<Item = String> {
        let warming = self.warming.borrow();
        let of = warming.iter().filter(|(of, _)| of == template);
        let names: Vec<String> = of.map(|(_, name)| name.clone()).collect();
        names.into_iter()
    }

    /// Lets go of the instances that no test has taken for a while: they are anybody's anyway. Without
    /// any, no connection is held.
    pub(crate) async fn cool(self: &Rc<Self>) {
        for instance in self.ready.waiting_for(WARM) {
            instance.pool.close().await;
            // What goes wrong here is found again by who sweeps.
            drop(self.release(|name| name == instance.name).await);
            drop(self.evict_excess(&instance).await);
            // A slot that cannot be given back is lost with its connection, and so free.
            drop(self.give_slot_back(instance.slot).await);
        }
        if self.has_slots() {
            // Whether both sessions still say that this process lives, and anew if not.
            drop(self.admin().await.map(drop));
            drop(self.builder().await.map(drop));
        } else {
            // A process whose tests have ended may go on for long, in a debugger for example.
            self.disconnect().await;
        }
    }
}
