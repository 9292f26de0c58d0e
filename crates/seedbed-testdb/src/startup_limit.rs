//! How many processes of this machine ask the server for a slot at once.
//!
//! To ask for a slot takes connections too. Of many processes that begin at once, each would hold some
//! until those that have a slot find none left for their tests. So a process takes a seat before it
//! connects, and leaves it when it has a slot; who waits for a seat holds no connection. A seat is a
//! locked file, and so free again when its process ends, however it does.

use std::cell::RefCell;
use std::env;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::registry;

/// The seats; each stands for two connections of those that `slots` leaves to others.
const SEATS: u64 = 10;

/// The seat of this process.
#[derive(Debug)]
pub(crate) struct StartupLimit {
    /// The folder of the files; none if there can be none, and then nobody waits for a seat.
    folder: Option<PathBuf>,
    taken: RefCell<Option<File>>,
}

impl StartupLimit {
    /// One among those of that server.
    pub(crate) fn at(server: &str) -> Self {
        Self { folder: folder(&env::temp_dir(), server), taken: RefCell::default() }
    }

    /// Whether this process has one.
    pub(crate) fn is_taken(&self) -> bool {
        self.taken.borrow().is_some()
    }

    /// Takes one, unless all are taken; false then.
    pub(crate) fn take(&self) -> bool {
        let Some(folder) = self.folder.as_ref().filter(|_| !self.is_taken()) else {
            return true;
        };
        // Each begins at another one: the first is not asked by all.
        let (first, _) = uuid::Uuid::new_v4().as_u64_pair();
        for seat in 0..SEATS {
            let path = folder.join((first.wrapping_add(seat) % SEATS).to_string());
            let Ok(file) = File::options().create(true).append(true).open(path) else {
                return true;
            };
            match file.try_lock() {
                Ok(()) => {
                    *self.taken.borrow_mut() = Some(file);
                    return true;
                }
                Err(TryLockError::WouldBlock) => {}
                // A file system without locks.
                Err(TryLockError::Error(_)) => return true,
            }
        }
        false
    }

    /// Leaves it to others.
    pub(crate) fn leave(&self) {
        *self.taken.borrow_mut() = None;
    }
}

/// A folder of this user's own for each server.
fn folder(temporary: &Path, server: &str) -> Option<PathBuf> {
    let name = format!("{:016x}", registry::lock_key(server));
    let user = rustix::process::geteuid().as_raw();
    let folder = temporary.join(format!("seedbed-testdb-{user}")).join(name);
    fs::create_dir_all(&folder).ok().map(|()| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_is_had_by_one_until_it_is_left() {
        let temporary = tempfile::tempdir().expect("a folder");
        let seat = || StartupLimit {
            folder: folder(temporary.path(), "db.example:5432"),
            taken: RefCell::default(),
        };
        let seats: Vec<StartupLimit> = (0..SEATS).map(|_| seat()).collect();
        assert!(seats.iter().all(StartupLimit::take));
        let late = seat();
        assert!(!late.take(), "all are taken");
        seats[0].leave();
        assert!(late.take() && late.is_taken());
        assert!(!seats[0].take(), "it has another one");
    }

    #[test]
    fn without_a_folder_nobody_waits() {
        let seat = StartupLimit { folder: None, taken: RefCell::default() };
        assert!(seat.take() && !seat.is_taken());
    }
}
