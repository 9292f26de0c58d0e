//! The lock that allows only one command at a time start or stop a server.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use crate::{Error, Progress, wait};

/// The time that a command waits for the lock. The holder may be creating a cluster. Every wait of the holder has a
/// limit, so this limit is rarely reached.
const TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// A lock on a checkout's server. Dropping the value releases the lock. If the process dies, the kernel releases the
/// lock.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Acquires the lock in `checkout_dir`, and waits while another process holds it.
pub(crate) fn acquire(checkout_dir: &Path, progress: &mut Progress<'_>) -> Result<Lock, Error> {
    let path = checkout_dir.join("lock");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(Error::io("open", &path))?;
    let try_lock = || match file.try_lock() {
        Ok(()) => Ok(Some(())),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(Error::io("lock", &path)(error)),
    };
    if try_lock()?.is_none() {
        let event = format!("{}, which is starting or stopping the server", describe_holder(&path));
        wait::until(&event, TIMEOUT, progress, try_lock)?;
    }
    write_holder_pid(&mut file).map_err(Error::io("write", &path))?;
    Ok(Lock { _file: file })
}

fn write_holder_pid(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

/// Describes the holder for a message. The answer may be out of date, because this read is not synchronized with the
/// lock.
fn describe_holder(path: &Path) -> String {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(20).read_to_string(&mut text));
    match (read, text.trim()) {
        (Ok(_), pid) if !pid.is_empty() => format!("process {pid}"),
        _ => "another command".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    #[test]
    fn a_waiting_command_reports_which_process_holds_the_lock() {
        let checkout_dir = tempfile::tempdir().unwrap();
        let lock = acquire(checkout_dir.path(), &mut |_: &str| {}).unwrap();
        let (sender, receiver) = mpsc::channel::<String>();

        let message = thread::scope(|scope| {
            let waiter = scope.spawn(move || {
                let mut report = |line: &str| sender.send(line.to_owned()).unwrap();
                acquire(checkout_dir.path(), &mut report).is_ok()
            });
            let message = receiver.recv_timeout(test_support::test_timeout());
            drop(lock);
            assert!(waiter.join().unwrap());
            message.unwrap()
        });

        let expected = format!(
            "waiting for process {}, which is starting or stopping the server",
            std::process::id()
        );
        assert!(message.starts_with(&expected), "{message}");
    }
}
