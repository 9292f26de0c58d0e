//! Taking an instance: one that waits for its next test, a free one, or a new clone.

use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::admin::{self, Waiting, has_code};
use crate::instance::{self, Instance, Origin};
use crate::keeper::{CONNECTIONS, Work};
use crate::records::{self, Claim, Claimed};
use crate::slots::POOL;
use crate::template::{Contents, Template, said};

/// For how long a clone is tried again while somebody looks at the template.
const PATIENCE: Duration = Duration::from_secs(30);

impl Work {
    /// Takes an instance for a test of its own.
    pub(crate) async fn begin_test(
        self: &Rc<Self>,
        contents: Option<&Contents>,
    ) -> Result<Instance, String> {
        self.ready.begin();
        let taken = self.take(contents).await;
        if taken.is_err() {
            self.ready.end();
        }
        taken
    }

    /// Takes an instance with these contents, or an empty one.
    pub(crate) async fn take(
        self: &Rc<Self>,
        contents: Option<&Contents>,
    ) -> Result<Instance, String> {
        let template = match contents {
            Some(contents) => Some((contents, self.template(contents).await?)),
            None => None,
        };
        let mut waiting = Waiting::new(CONNECTIONS);
        loop {
            let seen = self.changes.get();
            if let Some((_, template)) = &template
                && let Some(warm) = self.take_warm(template).await?
            {
                return Ok(warm);
            }
            let name = template.as_ref().map(|(_, template)| template.name.as_str());
            // Enough of them are about to be warm, which takes less time than a new one.
            let is_near = name.is_some_and(|name| self.warming_of(name).count() > self.spares);
            if !is_near && let Some(slot) = self.slot_or_cool().await? {
                let taking = async {
                    match &template {
                        Some((contents, template)) => self.cold(template, contents, slot).await,
                        None => self.empty(slot).await,
                    }
                };
                return self.or_slot_back(slot, taking).await;
            }
            if !self.may_wait_connected() {
                // It had a slot before; now it waits for a seat, like all others.
                self.disconnect().await;
            }
            self.wait(seen).await;
            waiting.say();
        }
    }

    /// An instance that waits here for its next test.
    async fn take_warm(self: &Rc<Self>, template: &Template) -> Result<Option<Instance>, String> {
        while let Some(warm) = self.ready.pop(Some(&template.name)) {
            let uses = warm.origin.as_ref().map_or(0, |origin| origin.uses);
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
    async fn slot_or_cool(self: &Rc<Self>) -> Result<Option<i32>, String> {
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
        taking: impl Future<Output = Result<T, String>>,
    ) -> Result<T, String> {
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
    ) -> Result<Option<Claimed>, String> {
        let names: Vec<String> = self.warming_of(&template.name).collect();
        let mut admin = self.admin().await?;
        let claim = Claim { owner: self.owner, template: &template.name, known, except: &names };
        claim.make(&mut admin.connection).await.map_err(said)
    }

    /// A free instance that another process or an earlier run has put back, or a new clone.
    async fn cold(
        self: &Rc<Self>,
        template: &Arc<Template>,
        contents: &Contents,
        slot: i32,
    ) -> Result<Instance, String> {
        while let Some(Claimed { name, uses, state }) = self.claim(template, None).await? {
            match instance::open(&self.server, &name, POOL).await {
                Ok(pool) => {
                    let template = Arc::clone(template);
                    let origin = Some(Origin { template, uses, state, caretaker: None });
                    return Ok(Instance { name, slot, pool, origin });
                }
                // Somebody has dropped it by hand.
                Err(error) if has_code(&error, "3D000") => self.remove(&name).await?,
                Err(error) => return Err(said(error)),
            }
        }
        let mut template = Arc::clone(template);
        let name = match self.clone_of(&template).await? {
            Some(name) => name,
            None => {
                // Somebody has dropped the template since.
                self.templates.borrow_mut().remove(&template.name);
                template = self.template(contents).await?;
                let name = self.clone_of(&template).await?;
                name.ok_or_else(|| format!("somebody keeps dropping {}", template.name))?
            }
        };
        let pool = instance::open(&self.server, &name, POOL).await.map_err(said)?;
        let state = template.pristine.new_state(&self.admin().await?.facts.era);
        let origin = Some(Origin { template, uses: 0, state, caretaker: None });
        Ok(Instance { name, slot, pool, origin })
    }

    /// Clones the template; none if it is gone. The clone is written down first, so that it is found
    /// if this process is killed.
    async fn clone_of(self: &Rc<Self>, template: &Template) -> Result<Option<String>, String> {
        let name = records::instance_name();
        let facts = {
            let mut admin = self.admin().await?;
            let facts = admin.facts.clone();
            let state = template.pristine.new_state(&facts.era);
            let of = Some((template.name.as_str(), &state));
            records::add(&mut admin.connection, &name, self.owner, of).await.map_err(said)?;
            facts
        };
        // Before 15 there is one strategy, and it copies files. Where nothing is flushed it is the
        // faster one; where all is, the checkpoints that it asks for are not.
        let strategy = if facts.version >= 150_000 { " STRATEGY FILE_COPY" } else { "" };
        let sql = format!("CREATE DATABASE \"{name}\" TEMPLATE \"{}\"{strategy}", template.name);
        let begun = Instant::now();
        let mut waiting = Waiting::new("somebody to leave the template");
        loop {
            let mut builder = self.builder().await?;
            match admin::execute(&mut builder, sql.clone()).await {
                Ok(()) if facts.is_superuser => {
                    let copied = records::copy_settings(&mut builder, &template.name, &name).await;
                    return copied.map(|()| Some(name)).map_err(said);
                }
                Ok(()) => return Ok(Some(name)),
                // Somebody looks at the template just now: autovacuum, say.
                Err(error) if has_code(&error, "55006") && begun.elapsed() < PATIENCE => {}
                Err(error) if has_code(&error, "3D000") => {
                    records::remove(&mut builder, &name).await.map_err(said)?;
                    return Ok(None);
                }
                Err(error) => return Err(said(error)),
            }
            drop(builder);
            waiting.pause().await;
        }
    }

    async fn empty(self: &Rc<Self>, slot: i32) -> Result<Instance, String> {
        let name = records::instance_name();
        {
            let mut admin = self.admin().await?;
            records::add(&mut admin.connection, &name, self.owner, None).await.map_err(said)?;
        }
        let mut builder = self.builder().await?;
        let created = admin::execute(&mut builder, format!("CREATE DATABASE \"{name}\"")).await;
        created.map_err(said)?;
        drop(builder);
        let pool = instance::open(&self.server, &name, POOL).await.map_err(said)?;
        Ok(Instance { name, slot, pool, origin: None })
    }
}
