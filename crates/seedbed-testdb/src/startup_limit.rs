//! Limits how many processes of this machine connect to the server before they have a slot.
//!
//! A process needs connections to request a slot. If many processes start at once and each of them connects, no
//! connection is left for the tests that have a slot. For this reason, a process takes a startup permit before it
//! connects, and releases the permit when it has a slot. A process that waits for a permit holds no connection.
//!
//! A permit is a locked file, which the operating system unlocks when the process ends for any reason.

use std::cell::RefCell;
use std::env;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::registry;

/// The number of processes that may start at once. Each process uses two of the connections that the connection budget
/// reserves.
const MAX_STARTING_PROCESSES: u64 = 10;

/// The startup permit of this process, if it has one.
#[derive(Debug)]
pub(crate) struct StartupLimit {
    /// The directory of the lock files. Without a directory, there is no limit.
    dir: Option<PathBuf>,
    permit: RefCell<Option<File>>,
}

impl StartupLimit {
    /// Creates the limit for the given server. This process has no permit yet.
    pub(crate) fn new(server: &str) -> Self {
        Self { dir: create_lock_dir(&env::temp_dir(), server), permit: RefCell::default() }
    }

    /// Returns whether this process has a permit.
    pub(crate) fn has_permit(&self) -> bool {
        self.permit.borrow().is_some()
    }

    /// Takes a permit, and returns false if other processes have all of them.
    ///
    /// Returns true without a permit if this machine cannot lock files, because then there is no limit.
    pub(crate) fn try_acquire(&self) -> bool {
        let Some(dir) = self.dir.as_ref().filter(|_| !self.has_permit()) else {
            return true;
        };
        // Each attempt starts with another file, so that processes do not all contend for the first file.
        let (first, _) = uuid::Uuid::new_v4().as_u64_pair();
        for number in 0..MAX_STARTING_PROCESSES {
            let path = dir.join((first.wrapping_add(number) % MAX_STARTING_PROCESSES).to_string());
            let Ok(file) = File::options().create(true).append(true).open(path) else {
                return true;
            };
            match file.try_lock() {
                Ok(()) => {
                    *self.permit.borrow_mut() = Some(file);
                    return true;
                }
                Err(TryLockError::WouldBlock) => {}
                // The file system does not support locks.
                Err(TryLockError::Error(_)) => return true,
            }
        }
        false
    }

    /// Releases the permit, if this process has one.
    ///
    /// A program that another thread is just starting has a copy of the file until it runs, so closing the file is not
    /// enough.
    pub(crate) fn release(&self) {
        if let Some(file) = self.permit.take() {
            // An error means that the file system does not support locks, so there is nothing to release.
            let _ = file.unlock();
        }
    }
}

/// Creates the directory of the lock files, one for each user and server. Returns `None` if the directory cannot be
/// created.
fn create_lock_dir(temp_dir: &Path, server: &str) -> Option<PathBuf> {
    let name = format!("{:016x}", registry::lock_key(server));
    let user = rustix::process::geteuid().as_raw();
    let dir = temp_dir.join(format!("seedbed-testdb-{user}")).join(name);
    fs::create_dir_all(&dir).ok().map(|()| dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_permit_has_one_holder_until_it_is_released() {
        let temp_dir = tempfile::tempdir().expect("a directory");
        let process = || StartupLimit {
            dir: create_lock_dir(temp_dir.path(), "db.example:5432"),
            permit: RefCell::default(),
        };
        let first: Vec<StartupLimit> = (0..MAX_STARTING_PROCESSES).map(|_| process()).collect();
        assert!(first.iter().all(StartupLimit::try_acquire));
        let late = process();
        assert!(!late.try_acquire(), "all permits are held");
        first[0].release();
        assert!(late.try_acquire() && late.has_permit());
        assert!(!first[0].try_acquire(), "the late process has the released permit");
    }

    #[test]
    fn without_a_directory_the_startup_limit_does_not_apply() {
        let process = StartupLimit { dir: None, permit: RefCell::default() };
        assert!(process.try_acquire() && !process.has_permit());
    }
}
