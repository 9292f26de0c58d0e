//! One command at a time starts or stops a server.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use crate::{Error, Notice, wait};

/// The process that holds it may be creating a cluster, and everything that it waits for has a limit.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// Held until dropped, or until the process dies: the kernel frees it then.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Takes the lock of `home`, waiting for the one who has it.
pub(crate) fn take(home: &Path, notice: &mut Notice<'_>) -> Result<Lock, Error> {
    let path = home.join("lock");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(Error::io("open", &path))?;
    let attempt = || match file.try_lock() {
        Ok(()) => Ok(Some(())),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(Error::io("lock", &path)(error)),
    };
    if attempt()?.is_none() {
        let what = format!("{}, which is starting or stopping the server", holder(&path));
        wait::until(&what, PATIENCE, notice, attempt)?;
    }
    note_holder(&mut file).map_err(Error::io("write", &path))?;
    Ok(Lock { _file: file })
}

fn note_holder(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

/// For the message only: it may just be changing hands.
fn holder(path: &Path) -> String {
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
    fn who_waits_for_the_lock_says_for_whom() {
        let home = tempfile::tempdir().unwrap();
        let held = take(home.path(), &mut |_: &str| {}).unwrap();
        let (say, heard) = mpsc::channel::<String>();

        let line = thread::scope(|scope| {
            let waiter = scope.spawn(move || {
                take(home.path(), &mut |line: &str| say.send(line.to_owned()).unwrap()).is_ok()
            });
            let line = heard.recv_timeout(test_support::test_timeout());
            drop(held);
            assert!(waiter.join().unwrap());
            line.unwrap()
        });

        let expected = format!(
            "waiting for process {}, which is starting or stopping the server",
            std::process::id()
        );
        assert!(line.starts_with(&expected), "{line}");
    }
}
