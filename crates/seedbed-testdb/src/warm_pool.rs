//! The instances that wait for the next tests of this process, each with an open session.
//!
//! A test takes an instance from this pool without the manager's thread, because with many tests at once, each call to
//! that thread has to wait for others.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::instance::Instance;
use crate::registry::Availability;
use crate::template::TemplateSpec;

/// The state that the tests of this process share with the manager's thread.
#[derive(Debug, Default)]
pub(crate) struct WarmPool(Mutex<PoolState>);

#[derive(Debug, Default)]
struct PoolState {
    /// The number of tests that have their own database, or wait for one.
    tests: usize,
    warm: Vec<WarmInstance>,
    /// The names of unused instances that the registry still assigns to this process.
    reserved: HashSet<String>,
    /// The server's version, once it is known.
    server_version: Option<u32>,
}

/// An instance that was reset, with a session open for its next test.
#[derive(Debug)]
struct WarmInstance {
    instance: Instance,
    since: Instant,
}

impl WarmPool {
    fn state(&self) -> MutexGuard<'_, PoolState> {
        // Each change of the state is a single step, so a panic leaves it consistent.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a test with a reserved instance of the given specification. Returns `None`, and starts no test, if only
    /// the manager's thread can provide one.
    pub(crate) fn try_start_test(&self, spec: &TemplateSpec) -> Option<Instance> {
        let name = spec.template_name(self.state().server_version?);
        let mut state = self.state();
        let PoolState { warm, reserved, tests, .. } = &mut *state;
        // The last instance is preferred, because its pages are still in the caches.
        let at = warm.iter().rposition(|WarmInstance { instance, .. }| {
            instance.template_name() == Some(&name) && reserved.contains(&instance.name)
        })?;
        let WarmInstance { instance, .. } = warm.remove(at);
        reserved.remove(&instance.name);
        *tests += 1;
        Some(instance)
    }

    /// Stores the server's version, which the name of a template depends on.
    pub(crate) fn set_server_version(&self, version: u32) {
        self.state().server_version = Some(version);
    }

    /// Counts a test that starts.
    pub(crate) fn test_started(&self) {
        self.state().tests += 1;
    }

    /// Counts a test that ends, and returns whether it was the last one.
    pub(crate) fn test_ended(&self) -> bool {
        let mut state = self.state();
        state.tests -= 1;
        state.tests == 0
    }

    /// Returns whether no test of this process has its own database, or waits for one.
    pub(crate) fn has_no_tests(&self) -> bool {
        self.state().tests == 0
    }

    /// Returns the availability that the registry records for an instance that was reset. The instance stays reserved
    /// while other tests run.
    pub(crate) fn next_availability(&self) -> Availability {
        if self.state().tests > 1 { Availability::Reserved } else { Availability::Free }
    }

    /// Remembers that the registry assigns the instance to this process.
    pub(crate) fn add_reservation(&self, name: &str) {
        self.state().reserved.insert(name.to_owned());
    }

    /// Forgets the reservation of an instance, and returns whether there was a reservation.
    pub(crate) fn remove_reservation(&self, name: &str) -> bool {
        self.state().reserved.remove(name)
    }

    /// Forgets the reservations of the instances whose name matches, and returns these names.
    pub(crate) fn remove_reservations(&self, matches: impl Fn(&str) -> bool) -> Vec<String> {
        self.state().reserved.extract_if(|name| matches(name)).collect()
    }

    /// Adds an instance for a later test.
    pub(crate) fn push(&self, instance: Instance) {
        self.state().warm.push(WarmInstance { instance, since: Instant::now() });
    }

    /// Removes and returns the newest instance of the given template.
    pub(crate) fn pop_newest(&self, template: &str) -> Option<Instance> {
        let warm = &mut self.state().warm;
        let at = warm.iter().rposition(|warm| warm.instance.template_name() == Some(template))?;
        Some(warm.remove(at).instance)
    }

    /// Removes and returns the oldest instance of any template.
    pub(crate) fn pop_oldest(&self) -> Option<Instance> {
        let warm = &mut self.state().warm;
        (!warm.is_empty()).then(|| warm.remove(0).instance)
    }

    /// Returns the names of the instances of the given template.
    pub(crate) fn names(&self, template: &str) -> Vec<String> {
        let state = self.state();
        let matching =
            state.warm.iter().filter(|warm| warm.instance.template_name() == Some(template));
        matching.map(|warm| warm.instance.name.clone()).collect()
    }

    /// Removes and returns the instances that no test has taken for `idle_time`.
    pub(crate) fn remove_idle(&self, idle_time: Duration) -> Vec<Instance> {
        let warm = &mut self.state().warm;
        let idle = warm.extract_if(.., |warm| warm.since.elapsed() >= idle_time);
        idle.map(|warm| warm.instance).collect()
    }
}
