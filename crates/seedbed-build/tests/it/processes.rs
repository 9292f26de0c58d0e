//! Tests the creation of scripts by several processes at once, and by a process that is killed.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use seedbed_build::{ScriptKind, ScriptTemplate, ScriptVersion, Slug, create, scan};
use test_support::Deadline;

const FOLDER: &str = "SEEDBED_TEST_FOLDER";
const WORKER: &str = "SEEDBED_TEST_WORKER";

/// Creates 25 migrations with the same requested timestamp.
#[test]
#[ignore = "the other tests run it, each time in a process of its own"]
fn worker() {
    let (Some(folder), Ok(worker)) = (env::var_os(FOLDER), env::var(WORKER)) else {
        return;
    };
    let at = ScriptVersion::parse("20260101_000000").unwrap();
    for number in 0..25 {
        let slug = Slug::parse(&format!("worker {worker} {number}")).unwrap();
        create(Path::new(&folder), &slug, at, ScriptTemplate::Migration).unwrap();
    }
}

/// Starts the test `worker` in another process.
fn start(folder: &Path, worker: usize) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "processes::worker", "--ignored"])
        .env(FOLDER, folder)
        .env(WORKER, worker.to_string())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn eight_concurrent_processes_get_a_timestamp_for_each_script() {
    let folder = tempfile::tempdir().unwrap();
    let workers: Vec<Child> = (0..8).map(|worker| start(folder.path(), worker)).collect();
    for mut worker in workers {
        assert!(worker.wait().unwrap().success());
    }
    let mut versions: Vec<ScriptVersion> =
        scan(folder.path()).unwrap().iter().filter_map(|script| script.name.timestamp()).collect();
    assert_eq!(versions.len(), 200);
    versions.dedup();
    assert_eq!(versions.len(), 200);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 200, "nothing else is left");
}

#[test]
fn a_killed_process_leaves_only_complete_scripts_and_no_lock() {
    // Each round kills the worker one script later than the round before.
    for round in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let mut worker = start(folder.path(), round);
        let deadline = Deadline::new();
        while fs::read_dir(folder.path()).unwrap().count() <= round {
            deadline.check(|| "the worker creates nothing".to_owned());
            thread::yield_now();
        }
        worker.kill().unwrap();
        worker.wait().unwrap();

        let slug = Slug::parse("after").unwrap();
        create(
            folder.path(),
            &slug,
            ScriptVersion::now(),
            ScriptTemplate::from(ScriptKind::Migration),
        )
        .unwrap();
        let scripts = scan(folder.path()).unwrap();
        for script in &scripts {
            let text = fs::read_to_string(&script.path).unwrap();
            assert_eq!(text, ScriptTemplate::Migration.text());
        }
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            scripts.len(),
            "nothing else is left"
        );
    }
}
