//! Taking an instance: one that waits for its next test, a free one, or a new clone.

use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::spawn_local;

use crate::admin::{self, Waiting};
use crate::connection_budget::POOL;
use crate::error::{Error, Result};
use crate::instance::{self, Instance, Provenance};
use crate::manager::{CONNECTIONS, ManagerState};
use crate::registry::{self, ClaimRequest, ClaimedInstance};
use crate::sqlstate::{OBJECT_IN_USE, UNDEFINED_DATABASE, has_sqlstate};
use crate::template::{Template, TemplateSpec};

/// For how long a clone is tried again while somebody looks at the template.
const PATIENCE: Duration = Duration::from_secs(30);

impl ManagerState {
    /// Takes an instance for a test of its own.
    pub(crate) async fn begin_test(
        self: &Rc<Self>,
        contents: Option<&TemplateSpec>,
    ) -> Result<Instance> {
        self.ready.begin();
        let taken = self.take(contents).await;
        if taken.is_err() {
            self.ready.end();
        }
        taken
    }

    /// Takes an instance with these contents, or an empty one.
    pub(crate) async fn take(self: &Rc<Self>, contents: Option<&TemplateSpec>) -> Result<Instance> {
        self.waiting.set(self.waiting.get() + 1);
        let taken = match contents {
            Some(contents) => self.take_filled(contents).await,
            None => self.take_empty().await,
        };
        self.waiting.set(self.waiting.get() - 1);
        taken
    }

    /// The one that is there first: a warm one, a free one, or a clone that this test or another one has
    /// asked for.
    async fn take_filled(self: &Rc<Self>, contents: &TemplateSpec) -> Result<Instance> {
        let template = self.template(contents).await?;
        let mut waiting = Waiting::new(CONNECTIONS);
        loop {
            let seen = self.changes.get();
            if let Some(warm) = self.take_warm(&template).await? {
                return Ok(warm);
            }
            if let Some(error) = self.not_cloned.take() {
                return Err(error);
            }
            if self.needs_more()
                && let Some(slot) = self.slot_or_cool().await?
            {
                if let Some(free) = self.or_slot_back(slot, self.free(&template, slot)).await? {
                    return Ok(free);
                }
                self.clone_ahead(contents.clone(), slot);
            }
            self.wait_for_a_slot(seen, &mut waiting).await;
        }
    }

    async fn take_empty(self: &Rc<Self>) -> Result<Instance> {
        let mut waiting = Waiting::new(CONNECTIONS);
        loop {
            let seen = self.changes.get();
            if let Some(slot) = self.slot_or_cool().await? {
                return self.or_slot_back(slot, self.empty(slot)).await;
            }
            self.wait_for_a_slot(seen, &mut waiting).await;
        }
    }

    async fn wait_for_a_slot(&self, seen: u64, waiting: &mut Waiting) {
        if !self.may_wait_connected() {
            // It had a slot before; now it waits for a seat, like all others.
            self.disconnect().await;
        }
        self.wait(seen).await;
        waiting.say();
    }

    /// Whether more tests wait than instances are about to be warm. A process that has put some back has
    /// many tests, and needs a few more, so that one is warm when a test asks.
    fn needs_more(&self) -> bool {
        let opening = self.processors - self.opening.available_permits();
        let spares = if opening > 0 { self.processors } else { 0 };
        opening + self.cloning.get() < self.waiting.get() + spares
    }

    /// An instance that waits here for its next test.
    async fn take_warm(self: &Rc<Self>, template: &Template) -> Result<Option<Instance>> {
        while let Some(warm) = self.ready.pop(Some(&template.name)) {
            let uses = warm.provenance.as_ref().map_or(0, |provenance| provenance.uses);
            let is_reserved = self.ready.take_reserved(&warm.name);
            if is_reserved || self.claim(template, Some((&warm.name, uses))).await?.is_some() {
                return Ok(Some(warm));
            }
            // Another process has it now.
            self.give_slot_back(warm.slot).await?;
        }
        Ok(None)
    }

    /// A slot, if need be that of an instance which waits here for a test of another template: it stays
    /// free.
    async fn slot_or_cool(self: &Rc<Self>) -> Result<Option<i32>> {
        if let Some(slot) = self.slot().await? {
            return Ok(Some(slot));
        }
        if let Some(other) = self.ready.pop(None) {
            self.release(|name| name == other.name).await?;
            return Ok(Some(other.slot));
        }
        self.end_an_idle_share().await?;
        Ok(None)
    }

    async fn or_slot_back<T>(
        self: &Rc<Self>,
        slot: i32,
        taking: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let taken = taking.await;
        if taken.is_err() {
            self.give_slot_back(slot).await?;
        }
        taken
    }

    pub(crate) async fn claim(
        self: &Rc<Self>,
        template: &Template,
        known: Option<(&str, i32)>,
    ) -> Result<Option<ClaimedInstance>> {
        let mut names: Vec<String> = self.warming_of(&template.name).collect();
        // One that waits here is taken from here, with its session. As a free one it would be there twice, and a test
        // that got the other half would find its session ended.
        names.extend(self.ready.names_of(&template.name));
        let mut admin = self.admin().await?;
        let claim =
            ClaimRequest { owner: self.owner, template: &template.name, known, except: &names };
        claim.make(&mut admin.connection).await.map_err(Error::from)
    }

    /// A free instance that another process or an earlier run has put back, if there is one.
    async fn free(
        self: &Rc<Self>,
        template: &Arc<Template>,
        slot: i32,
    ) -> Result<Option<Instance>> {
        while let Some(ClaimedInstance { name, uses, state }) = self.claim(template, None).await? {
            match instance::open(&self.server, &name, POOL).await {
                Ok(pool) => {
                    let template = Arc::clone(template);
                    let provenance =
                        Some(Provenance { template, uses, state, reset_connection: None });
                    return Ok(Some(Instance { name, slot, pool, provenance }));
                }
                // Somebody has dropped it by hand.
                Err(error) if has_sqlstate(&error, UNDEFINED_DATABASE) => {
                    self.remove(&name).await?
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    /// Makes a clone while the test that asks for it waits for whichever instance is warm first.
    fn clone_ahead(self: &Rc<Self>, contents: TemplateSpec, slot: i32) {
        self.cloning.set(self.cloning.get() + 1);
        let state = Rc::clone(self);
        spawn_local(async move {
            let cloned = state.or_slot_back(slot, state.clone_now(&contents, slot)).await;
            state.cloning.set(state.cloning.get() - 1);
            match cloned {
                Ok(instance) => {
                    state.ready.reserve(&instance.name);
                    state.ready.push(instance);
                }
                Err(error) => state.not_cloned.set(Some(error)),
            }
            state.changed();
        });
    }

    async fn clone_now(self: &Rc<Self>, contents: &TemplateSpec, slot: i32) -> Result<Instance> {
        let mut template = self.template(contents).await?;
        let name = match self.clone_of(&template).await? {
            Some(name) => name,
            None => {
                // Somebody has dropped the template since.
                self.templates.borrow_mut().remove(&template.name);
                template = self.template(contents).await?;
                let name = self.clone_of(&template).await?;
                name.ok_or_else(|| Error::TemplateDropped { template: template.name.clone() })?
            }
        };
        let pool = instance::open(&self.server, &name, POOL).await?;
        let state = template.pristine.new_state(&self.admin().await?.facts.stats_epoch);
        let provenance = Some(Provenance { template, uses: 0, state, reset_connection: None });
        Ok(Instance { name, slot, pool, provenance })
    }

    /// Clones the template; none if it is gone. The clone is written down first, so that it is found
    /// if this process is killed.
    async fn clone_of(self: &Rc<Self>, template: &Template) -> Result<Option<String>> {
        let name = registry::instance_name();
        let facts = {
            let mut admin = self.admin().await?;
            let facts = admin.facts.clone();
            let state = template.pristine.new_state(&facts.stats_epoch);
            let of = Some((template.name.as_str(), &state));
            registry::add(&mut admin.connection, &name, self.owner, of).await?;
            facts
        };
        let sql = format!(
            "CREATE DATABASE \"{name}\" TEMPLATE \"{}\"{}",
            template.name,
            strategy(facts.version)
        );
        let begun = Instant::now();
        let mut waiting = Waiting::new("somebody to leave the template");
        loop {
            let mut builder = self.builder().await?;
            match admin::execute(&mut builder, sql.clone()).await {
                Ok(()) if facts.is_superuser => {
                    let copied = registry::copy_settings(&mut builder, &template.name, &name).await;
                    return copied.map(|()| Some(name)).map_err(Error::from);
                }
                Ok(()) => {
                    let copied =
                        registry::copy_settings_by_statements(&mut builder, &template.name, &name);
                    if let Err(error) = copied.await {
                        registry::remove(&mut builder, &name).await?;
                        return Err(error);
                    }
                    return Ok(Some(name));
                }
                // Somebody looks at the template just now: autovacuum, say.
                Err(error) if has_sqlstate(&error, OBJECT_IN_USE) && begun.elapsed() < PATIENCE => {
                }
                Err(error) if has_sqlstate(&error, UNDEFINED_DATABASE) => {
                    registry::remove(&mut builder, &name).await?;
                    return Ok(None);
                }
                Err(source) => {
                    return Err(Error::CloneTemplate { template: template.name.clone(), source });
                }
            }
            drop(builder);
            waiting.pause().await;
        }
    }

    async fn empty(self: &Rc<Self>, slot: i32) -> Result<Instance> {
        let name = registry::instance_name();
        let strategy = {
            let mut admin = self.admin().await?;
            registry::add(&mut admin.connection, &name, self.owner, None).await?;
            strategy(admin.facts.version)
        };
        let mut builder = self.builder().await?;
        let created =
            admin::execute(&mut builder, format!("CREATE DATABASE \"{name}\"{strategy}")).await;
        created.map_err(|source| Error::CreateDatabase { name: name.clone(), source })?;
        drop(builder);
        let pool = instance::open(&self.server, &name, POOL).await?;
        Ok(Instance { name, slot, pool, provenance: None })
    }
}

/// How the server copies a database. Before 15 there is one strategy, and it copies files. Where nothing is
/// flushed it is the faster one; where all is, the checkpoints that it asks for are not.
const fn strategy(version: u32) -> &'static str {
    if version >= 150_000 { " STRATEGY FILE_COPY" } else { "" }
}

#[cfg(test)]
mod tests {
    use seedbed_engine::prelude::Schema;
    use seedbed_engine::{BoxFuture, Project, Script};
    use test_support::Deadline;
    use tokio::task::LocalSet;

    use super::*;
    use crate::instance::End;
    use crate::server::Server;
    use crate::warm_pool::WarmPool;

    fn up<'a>(schema: &'a Schema<'a>) -> BoxFuture<'a, seedbed_engine::prelude::Result> {
        Box::pin(async move { schema.execute("CREATE TABLE things (id int PRIMARY KEY)").await })
    }

    /// What no other process has a template for.
    fn contents() -> TemplateSpec {
        let name: &str = format!("m20250101_000000_{}", uuid::Uuid::new_v4().simple()).leak();
        let script: &Script = Box::leak(Box::new(Script::functions(name, name, name, up)));
        TemplateSpec {
            project: Project { migrations: vec![script].leak(), seeds: &[] },
            seed_environment: None,
        }
    }

    async fn a_warm_instance_is_no_free_one() -> Result<()> {
        let ready = Arc::<WarmPool>::default();
        let state = Rc::new(ManagerState::new(Server::find()?, Arc::clone(&ready)));
        if !state.admin().await?.facts.can_reset {
            eprintln!("NOT TESTED: this server puts no instance back");
            return Ok(());
        }
        let contents = contents();
        let first = state.begin_test(Some(&contents)).await?;
        let name = first.name.clone();
        // The only test, so that the records say that anybody may have its instance.
        state.end_test(first, End::Pass).await?;
        let template = state.template(&contents).await?;
        let deadline = Deadline::new();
        while ready.names_of(&template.name) != [name.as_str()] {
            deadline.check(|| format!("{name} is not warm"));
            state.wait(state.changes.get()).await;
        }
        assert_eq!(state.claim(&template, None).await?, None);
        let next = state.begin_test(Some(&contents)).await?;
        assert_eq!(next.name, name);
        state.end_test(next, End::Pass).await?;
        state.remove(&name).await?;
        state.remove(&template.name).await
    }

    #[tokio::test]
    async fn an_instance_that_waits_here_is_taken_from_here_and_not_as_a_free_one() {
        LocalSet::new().run_until(a_warm_instance_is_no_free_one()).await.expect("the server runs");
    }
}
