//! The instances that wait here for this process's next tests, each with a session open.
//!
//! Who takes one needs nobody else for it: with many tests at once each turn of the keeper's thread is
//! waited for.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::instance::Instance;
use crate::registry::Availability;
use crate::template::TemplateSpec;

/// What the tests of this process share with the keeper's thread.
#[derive(Debug, Default)]
pub(crate) struct WarmPool(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// How many tests have a database of their own now, or wait for one.
    tests: usize,
    warm: Vec<Warm>,
    /// The names of instances without a test that are still this process's in the records.
    reserved: HashSet<String>,
    /// The server's version, once it is known.
    server_version: Option<u32>,
}

/// An instance that was put back, and whose next test finds a session open.
#[derive(Debug)]
struct Warm {
    instance: Instance,
    since: Instant,
}

impl WarmPool {
    fn state(&self) -> MutexGuard<'_, State> {
        // Each change of it is one step.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An instance with these contents for a test that begins; none if that takes the keeper's thread.
    pub(crate) fn begin_at_once(&self, contents: &TemplateSpec) -> Option<Instance> {
        let name = contents.template_name(self.state().server_version?);
        let mut state = self.state();
        let State { warm, reserved, tests, .. } = &mut *state;
        // The last one: what it needs is still in the caches.
        let at = warm.iter().rposition(|Warm { instance, .. }| {
            instance.template() == Some(&name) && reserved.contains(&instance.name)
        })?;
        let Warm { instance, .. } = warm.remove(at);
        reserved.remove(&instance.name);
        *tests += 1;
        Some(instance)
    }

    pub(crate) fn knows_server(&self, version: u32) {
        self.state().server_version = Some(version);
    }

    /// A test begins, or waits for its database.
    pub(crate) fn begin(&self) {
        self.state().tests += 1;
    }

    /// One has ended; whether it was the last.
    pub(crate) fn end(&self) -> bool {
        let mut state = self.state();
        state.tests -= 1;
        state.tests == 0
    }

    pub(crate) fn has_no_tests(&self) -> bool {
        self.state().tests == 0
    }

    /// Whose an instance is that a test gives back.
    pub(crate) fn next(&self) -> Availability {
        if self.state().tests > 1 { Availability::Reserved } else { Availability::Free }
    }

    /// The records say that it is still this process's.
    pub(crate) fn reserve(&self, name: &str) {
        self.state().reserved.insert(name.to_owned());
    }

    /// Whether it was still this process's: now it is a test's, or anybody's.
    pub(crate) fn take_reserved(&self, name: &str) -> bool {
        self.state().reserved.remove(name)
    }

    /// Those of the reserved ones, which are to become anybody's.
    pub(crate) fn release(&self, those: impl Fn(&str) -> bool) -> Vec<String> {
        self.state().reserved.extract_if(|name| those(name)).collect()
    }

    /// It waits here from now on.
    pub(crate) fn push(&self, instance: Instance) {
        self.state().warm.push(Warm { instance, since: Instant::now() });
    }

    /// The last instance that waits for a test of that template, or the first one of all.
    pub(crate) fn pop(&self, template: Option<&str>) -> Option<Instance> {
        let warm = &mut self.state().warm;
        let at = match template {
            Some(_) => warm.iter().rposition(|warm| warm.instance.template() == template)?,
            None => 0,
        };
        (at < warm.len()).then(|| warm.remove(at).instance)
    }

    /// The names of those that wait for a test of that template.
    pub(crate) fn names_of(&self, template: &str) -> Vec<String> {
        let state = self.state();
        let of = state.warm.iter().filter(|warm| warm.instance.template() == Some(template));
        of.map(|warm| warm.instance.name.clone()).collect()
    }

    /// Those that have waited for that long.
    pub(crate) fn waiting_for(&self, time: Duration) -> Vec<Instance> {
        let warm = &mut self.state().warm;
        let cold = warm.extract_if(.., |warm| warm.since.elapsed() >= time);
        cold.map(|warm| warm.instance).collect()
    }
}
