//! Acquires an instance for a test: a warm one, a free one, or a new clone of the template.

use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::spawn_local;

use crate::admin;
use crate::connection_budget::CONNECTIONS_PER_TEST;
use crate::error::{Error, Result};
use crate::instance::{self, Instance, Provenance};
use crate::manager::ManagerState;
use crate::registry::{self, Claim, ClaimedInstance, database_settings};
use crate::sqlstate::{OBJECT_IN_USE, UNDEFINED_DATABASE, has_sqlstate};
use crate::template::{Template, TemplateSpec};
use crate::wait::{OTHER_TESTS, Wait};

/// The time during which a clone is retried while a session is connected to the template.
const CLONE_RETRY_TIMEOUT: Duration = Duration::from_secs(30);

impl ManagerState {
    /// Starts a test that has its own instance.
    pub(crate) async fn start_test(
        self: &Rc<Self>,
        spec: Option<&TemplateSpec>,
    ) -> Result<Instance> {
        self.warm_pool.test_started();
        let acquired = self.acquire_instance(spec).await;
        if acquired.is_err() {
            self.warm_pool.test_ended();
        }
        acquired
    }

    /// Acquires an instance of the given specification, or an empty database.
    pub(crate) async fn acquire_instance(
        self: &Rc<Self>,
        spec: Option<&TemplateSpec>,
    ) -> Result<Instance> {
        self.waiting_tests.set(self.waiting_tests.get() + 1);
        let acquired = match spec {
            Some(spec) => self.acquire_migrated(spec).await,
            None => self.acquire_empty().await,
        };
        self.waiting_tests.set(self.waiting_tests.get() - 1);
        acquired
    }

    /// Acquires whichever instance is available first: a warm one, a free one, or a clone that this test or
    /// another one has requested.
    async fn acquire_migrated(self: &Rc<Self>, spec: &TemplateSpec) -> Result<Instance> {
        let template = self.template(spec).await?;
        let mut wait = Wait::new(OTHER_TESTS);
        loop {
            let seen = self.change_count.get();
            if let Some(warm) = self.try_acquire_warm(&template).await? {
                return Ok(warm);
            }
            if let Some(error) = self.clone_error.take() {
                return Err(error);
            }
            if self.needs_another_instance()
                && let Some(slot) = self.try_acquire_slot_or_evict().await?
            {
                let free = self.release_slot_on_error(slot, self.try_acquire_free(&template, slot));
                if let Some(free) = free.await? {
                    return Ok(free);
                }
                self.spawn_clone(spec.clone(), slot);
            }
            self.wait_for_slot(seen, &mut wait).await;
        }
    }

    async fn acquire_empty(self: &Rc<Self>) -> Result<Instance> {
        let mut wait = Wait::new(OTHER_TESTS);
        loop {
            let seen = self.change_count.get();
            if let Some(slot) = self.try_acquire_slot_or_evict().await? {
                return self.release_slot_on_error(slot, self.create_empty(slot)).await;
            }
            self.wait_for_slot(seen, &mut wait).await;
        }
    }

    async fn wait_for_slot(&self, seen: u64, wait: &mut Wait) {
        if !self.may_wait_connected() {
            // This process holds neither a slot nor a startup permit, so it closes its connections while it waits for a
            // permit.
            self.disconnect().await;
        }
        self.wait_for_change(seen).await;
        wait.print_if_due();
    }

    /// Returns whether more tests are waiting than instances are being prepared. If a session is being opened for an
    /// instance that was reset, this process runs many tests. It then also prepares spare instances, so that later
    /// tests find a warm instance at once.
    fn needs_another_instance(&self) -> bool {
        let warming = self.processors - self.warm_up_permits.available_permits();
        let spares = if warming > 0 { self.processors } else { 0 };
        warming + self.pending_clones.get() < self.waiting_tests.get() + spares
    }

    /// Takes a warm instance of the given template from the pool of this process.
    async fn try_acquire_warm(self: &Rc<Self>, template: &Template) -> Result<Option<Instance>> {
        while let Some(warm) = self.warm_pool.pop_newest(&template.name) {
            let uses = warm.provenance.as_ref().map_or(0, |provenance| provenance.uses);
            let is_reserved = self.warm_pool.remove_reservation(&warm.name);
            if is_reserved || self.try_claim(template, Some((&warm.name, uses))).await?.is_some() {
                return Ok(Some(warm));
            }
            // Another process has claimed the instance.
            self.release_slot(warm.slot).await?;
        }
        Ok(None)
    }

    /// Takes a free slot, or the slot of a warm instance of another template, which then becomes free for any process.
    async fn try_acquire_slot_or_evict(self: &Rc<Self>) -> Result<Option<i32>> {
        if let Some(slot) = self.try_acquire_slot().await? {
            return Ok(Some(slot));
        }
        if let Some(other) = self.warm_pool.pop_oldest() {
            self.free_reserved(|name| name == other.name).await?;
            return Ok(Some(other.slot));
        }
        self.release_idle_shared_instance().await?;
        Ok(None)
    }

    async fn release_slot_on_error<T>(
        self: &Rc<Self>,
        slot: i32,
        acquire: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let acquired = acquire.await;
        if acquired.is_err() {
            self.release_slot(slot).await?;
        }
        acquired
    }

    /// Claims a free instance in the registry. With a name and a number of uses, claims only the instance with this
    /// name, and only if no test has used it since. Without them, claims any instance.
    pub(crate) async fn try_claim(
        self: &Rc<Self>,
        template: &Template,
        name_and_uses: Option<(&str, i32)>,
    ) -> Result<Option<ClaimedInstance>> {
        let mut excluded: Vec<String> = self.warming_names(&template.name).collect();
        // A warm instance of this process is acquired from the pool, with its session. If a test claimed it as a free
        // instance, two tests could have it, and the session of one of them would be terminated.
        excluded.extend(self.warm_pool.names(&template.name));
        let mut admin = self.admin().await?;
        let claim = Claim {
            owner: self.owner,
            template: &template.name,
            name_and_uses,
            excluded: &excluded,
        };
        Ok(claim.execute(&mut admin.connection).await?)
    }

    /// Acquires a free instance that another process, or an earlier run, has reset.
    async fn try_acquire_free(
        self: &Rc<Self>,
        template: &Arc<Template>,
        slot: i32,
    ) -> Result<Option<Instance>> {
        while let Some(claimed) = self.try_claim(template, None).await? {
            let ClaimedInstance { name, uses, baseline } = claimed;
            match instance::open_pool(&self.server, &name, CONNECTIONS_PER_TEST).await {
                Ok(pool) => {
                    let template = Arc::clone(template);
                    let provenance =
                        Some(Provenance { template, uses, baseline, reset_connection: None });
                    return Ok(Some(Instance { name, slot, pool, provenance }));
                }
                // A user has dropped the database, but the registry still lists it.
                Err(error) if has_sqlstate(&error, UNDEFINED_DATABASE) => {
                    self.drop_database(&name).await?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    /// Starts to create a clone, while the test that needs it waits for whichever instance is available first.
    fn spawn_clone(self: &Rc<Self>, spec: TemplateSpec, slot: i32) {
        self.pending_clones.set(self.pending_clones.get() + 1);
        let state = Rc::clone(self);
        spawn_local(async move {
            let cloned = state.release_slot_on_error(slot, state.create_clone(&spec, slot)).await;
            state.pending_clones.set(state.pending_clones.get() - 1);
            match cloned {
                Ok(instance) => {
                    state.warm_pool.add_reservation(&instance.name);
                    state.warm_pool.push(instance);
                }
                Err(error) => state.clone_error.set(Some(error)),
            }
            state.notify_change();
        });
    }

    /// Creates a clone. Builds the template again if a user has dropped the template.
    async fn create_clone(self: &Rc<Self>, spec: &TemplateSpec, slot: i32) -> Result<Instance> {
        let mut template = self.template(spec).await?;
        let name = match self.clone_database(&template).await? {
            Some(name) => name,
            None => {
                self.templates.borrow_mut().remove(&template.name);
                template = self.template(spec).await?;
                let name = self.clone_database(&template).await?;
                name.ok_or_else(|| Error::TemplateDropped { template: template.name.clone() })?
            }
        };
        let pool = instance::open_pool(&self.server, &name, CONNECTIONS_PER_TEST).await?;
        let baseline =
            template.snapshot.baseline_of_new_clone(&self.admin().await?.server.stats_epoch);
        let provenance = Some(Provenance { template, uses: 0, baseline, reset_connection: None });
        Ok(Instance { name, slot, pool, provenance })
    }

    /// Clones the template, and returns the name of the clone, or `None` if the template does not exist.
    ///
    /// The registry lists the clone before it is created, so that the reaper finds it if this process is killed.
    async fn clone_database(self: &Rc<Self>, template: &Template) -> Result<Option<String>> {
        let name = registry::new_instance_name();
        let server = {
            let mut admin = self.admin().await?;
            let server = admin.server.clone();
            let baseline = template.snapshot.baseline_of_new_clone(&server.stats_epoch);
            let provenance = Some((template.name.as_str(), &baseline));
            registry::insert(&mut admin.connection, &name, self.owner, provenance).await?;
            server
        };
        let sql = format!(
            "CREATE DATABASE \"{name}\" TEMPLATE \"{}\"{}",
            template.name,
            copy_strategy(server.version)
        );
        let started_at = Instant::now();
        let mut wait = Wait::new("other sessions to leave the template");
        loop {
            let mut ddl = self.ddl().await?;
            match admin::execute(&mut ddl, sql.clone()).await {
                Ok(()) if server.is_superuser => {
                    database_settings::copy_in_catalog(&mut ddl, &template.name, &name).await?;
                    return Ok(Some(name));
                }
                Ok(()) => {
                    let copied =
                        database_settings::copy_by_statements(&mut ddl, &template.name, &name);
                    if let Err(error) = copied.await {
                        registry::drop_database(&mut ddl, &name).await?;
                        return Err(error);
                    }
                    return Ok(Some(name));
                }
                // A session is connected to the template, such as an autovacuum worker.
                Err(error)
                    if has_sqlstate(&error, OBJECT_IN_USE)
                        && started_at.elapsed() < CLONE_RETRY_TIMEOUT => {}
                Err(error) if has_sqlstate(&error, UNDEFINED_DATABASE) => {
                    registry::drop_database(&mut ddl, &name).await?;
                    return Ok(None);
                }
                Err(source) => {
                    return Err(Error::CloneTemplate { template: template.name.clone(), source });
                }
            }
            drop(ddl);
            wait.pause().await;
        }
    }

    async fn create_empty(self: &Rc<Self>, slot: i32) -> Result<Instance> {
        let name = registry::new_instance_name();
        let strategy = {
            let mut admin = self.admin().await?;
            registry::insert(&mut admin.connection, &name, self.owner, None).await?;
            copy_strategy(admin.server.version)
        };
        let mut ddl = self.ddl().await?;
        let created = admin::execute(&mut ddl, format!("CREATE DATABASE \"{name}\"{strategy}"));
        created.await.map_err(|source| Error::CreateDatabase { name: name.clone(), source })?;
        drop(ddl);
        let pool = instance::open_pool(&self.server, &name, CONNECTIONS_PER_TEST).await?;
        Ok(Instance { name, slot, pool, provenance: None })
    }
}

/// Returns the clause of `CREATE DATABASE` that makes the server copy files. PostgreSQL 14 has no other strategy.
///
/// Copying files is faster on a server that flushes nothing to disk. On other servers it is slower, because of the
/// checkpoints that it requests.
const fn copy_strategy(version: u32) -> &'static str {
    if version >= 150_000 { " STRATEGY FILE_COPY" } else { "" }
}

#[cfg(test)]
mod tests {
    use seedbed_engine::prelude::Schema;
    use seedbed_engine::{BoxFuture, Project, Script};
    use test_support::Deadline;
    use tokio::task::LocalSet;

    use super::*;
    use crate::instance::TestOutcome;
    use crate::server::DatabaseServer;
    use crate::warm_pool::WarmPool;

    fn up<'a>(schema: &'a Schema<'a>) -> BoxFuture<'a, seedbed_engine::prelude::Result> {
        Box::pin(async move { schema.execute("CREATE TABLE things (id int PRIMARY KEY)").await })
    }

    /// Returns a specification for which no other process has a template.
    fn unique_spec() -> TemplateSpec {
        let name: &str = format!("m20250101_000000_{}", uuid::Uuid::new_v4().simple()).leak();
        let script: &Script = Box::leak(Box::new(Script::from_functions(name, name, name, up)));
        TemplateSpec {
            project: Project { migrations: vec![script].leak(), seeds: &[] },
            seed_environment: None,
        }
    }

    async fn check_that_a_warm_instance_cannot_be_claimed() -> Result<()> {
        let warm_pool = Arc::<WarmPool>::default();
        let state =
            Rc::new(ManagerState::new(DatabaseServer::find_or_start()?, Arc::clone(&warm_pool)));
        if !state.admin().await?.server.can_reset {
            eprintln!("NOT TESTED: this server resets no instance");
            return Ok(());
        }
        let spec = unique_spec();
        let first = state.start_test(Some(&spec)).await?;
        let name = first.name.clone();
        // No other test runs, so the registry lists the instance as free.
        state.end_test(first, TestOutcome::Passed).await?;
        let template = state.template(&spec).await?;
        let deadline = Deadline::new();
        while warm_pool.names(&template.name) != [name.as_str()] {
            deadline.check(|| format!("{name} is not warm"));
            state.wait_for_change(state.change_count.get()).await;
        }
        assert_eq!(state.try_claim(&template, None).await?, None);
        let next = state.start_test(Some(&spec)).await?;
        assert_eq!(next.name, name);
        state.end_test(next, TestOutcome::Passed).await?;
        state.drop_database(&name).await?;
        state.drop_database(&template.name).await
    }

    #[tokio::test]
    async fn a_warm_instance_is_acquired_from_the_pool_and_not_claimed_as_a_free_one() {
        let check = check_that_a_warm_instance_cannot_be_claimed();
        LocalSet::new().run_until(check).await.expect("the server runs");
    }
}
