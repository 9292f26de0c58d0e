//! Tests the output to a terminal and to a pipe.

use std::process::Stdio;

use seedbed_testdb::TestDatabase;
use test_support::{clear_environment, require_program};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};

use test_fixture::{Fixture, Gate, SLOW_SCRIPT_GATE, text, within_deadline};

/// The fixture on a pseudo-terminal, which util-linux's `script` creates.
struct Terminal {
    child: Child,
    output: String,
}

impl Terminal {
    fn start(project: &str, url: &str, args: &str, variables: &[(&str, &str)]) -> Self {
        let fixture = Fixture::program();
        let mut command = Command::new(require_program("script", "apt-get install bsdutils"));
        clear_environment(command.as_std_mut());
        let child = command
            .args(["--quiet", "--return", "--flush", "--command"])
            .arg(format!("{} {args}", fixture.display()))
            .arg("/dev/null")
            .env("TERM", "xterm")
            .env("SHELL", "/bin/sh")
            .env("FIXTURE", project)
            .env("DATABASE_URL", url)
            .envs(variables.iter().copied())
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("script(1) starts");
        Self { child, output: String::new() }
    }

    /// Reads until the output contains `text`.
    async fn wait_for_output(&mut self, text: &str) {
        let stdout = self.child.stdout.as_mut().expect("stdout is piped");
        while !self.output.contains(text) {
            let mut buffer = [0; 1024];
            let count =
                within_deadline(text, stdout.read(&mut buffer)).await.expect("stdout can be read");
            assert!(count > 0, "never {text:?}, but {:?}", self.output);
            self.output.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
    }

    async fn type_input(&mut self, text: &str) {
        let stdin = self.child.stdin.as_mut().expect("stdin is piped");
        stdin.write_all(text.as_bytes()).await.expect("stdin can be written");
    }

    /// Waits for the end and returns the output and the exit code.
    async fn wait_for_exit(mut self) -> (String, Option<i32>) {
        let stdout = self.child.stdout.as_mut().expect("stdout is piped");
        let mut rest = Vec::new();
        within_deadline("the end of the output", stdout.read_to_end(&mut rest))
            .await
            .expect("stdout can be read");
        self.output.push_str(&String::from_utf8_lossy(&rest));
        let status = within_deadline("the exit of the program", self.child.wait())
            .await
            .expect("the exit code is available");
        (self.output, status.code())
    }
}

const ESCAPE: char = '\u{1b}';
const GREEN: &str = "\u{1b}[32m";

#[tokio::test]
async fn a_pipe_gets_plain_lines() {
    let db = TestDatabase::empty().await;
    for (project, args) in [
        ("plain", vec!["migrate-up"]),
        ("plain", vec!["migrate-status"]),
        ("plain", vec!["migrate-down", "--verbose"]),
        ("plain", vec!["migrate-up", "--to", "nothing"]),
        ("plain-two-modified", vec!["migrate-up"]),
        ("plain", vec!["migrate-upp"]),
        ("plain", vec!["--help"]),
        ("plain", vec!["seed-up", "--json"]),
    ] {
        let finished = Fixture::new(project, db.url()).run(args.as_slice()).await;
        let all = format!("{}{}", finished.stdout, finished.stderr);
        assert!(!all.contains(ESCAPE) && !all.is_empty(), "{finished}");
    }
}

#[tokio::test]
async fn a_closed_pipe_does_not_stop_a_run() {
    let db = TestDatabase::empty().await;
    for args in [["migrate-up"], ["migrate-status"], ["seed-up"]] {
        let (reader, writer) = std::io::pipe().expect("stdout can be read");
        drop(reader);
        let status = Command::new(Fixture::program())
            .args(args)
            .env("FIXTURE", "plain")
            .env("DATABASE_URL", db.url())
            .current_dir(std::env::temp_dir())
            .stdout(writer.try_clone().expect("the pipe again"))
            .stderr(writer)
            .status();
        assert_eq!(
            within_deadline("the exit of the program", status)
                .await
                .expect("the exit code is available")
                .code(),
            Some(0),
            "{args:?}"
        );
    }
    Fixture::new("plain", db.url()).run(["seed-status", "--exit-code"]).await.succeeded();
}

/// Tests a full disk with the device `/dev/full`, which behaves like a disk without space.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_stops_no_run_and_is_an_error() {
    let db = TestDatabase::empty().await;
    for args in [["migrate-up"], ["migrate-status"], ["--help"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("the device");
        // `output()` would replace stdout with a pipe.
        let child = Command::new(Fixture::program())
            .args(args)
            .env("FIXTURE", "plain")
            .env("DATABASE_URL", db.url())
            .current_dir(std::env::temp_dir())
            .stdout(full)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the fixture starts");
        let output = within_deadline("the exit of the program", child.wait_with_output())
            .await
            .expect("the exit code is available");
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.starts_with("error: failed to write to stdout: "), "{args:?}: {stderr}");
        assert!(stderr.contains("\nhint: "), "{args:?}: {stderr}");
        assert!(!stderr.contains("panicked"), "{args:?}: {stderr}");
    }
    Fixture::new("plain", db.url()).run(["migrate-status", "--exit-code"]).await.succeeded();
}

#[tokio::test]
async fn a_terminal_gets_colors_and_a_spinner_for_a_slow_script() {
    let db = TestDatabase::empty().await;
    let gate = Gate::close(db.connection(), SLOW_SCRIPT_GATE).await;
    let mut terminal = Terminal::start("stands-still", db.url(), "migrate-up", &[]);
    terminal.wait_for_output("applying m20250102_000000_slow").await;
    terminal.wait_for_output("1s").await;
    gate.open().await;
    let (output, code) = terminal.wait_for_exit().await;
    assert_eq!(code, Some(0), "{output}");
    assert!(output.contains(&format!("{GREEN}applied ")), "{output:?}");
    // The first script ended before its progress was shown.
    assert!(!output.contains("applying m20250101_000001_rows"), "{output:?}");
    assert!(output.contains("2 migrations applied in "), "{output:?}");

    let terminal = Terminal::start("stands-still", db.url(), "migrate-up --to nothing", &[]);
    let (output, code) = terminal.wait_for_exit().await;
    assert_eq!(code, Some(1), "{output}");
    assert!(output.contains("\u{1b}[31m") && output.contains("hint"), "{output:?}");
}

#[tokio::test]
async fn a_terminal_without_colors_gets_no_escape_sequences() {
    let db = TestDatabase::empty().await;
    for args in
        ["migrate-up", "migrate-down", "migrate-up --to nothing", "migrate-upp", "migrate-status"]
    {
        let (output, _) =
            Terminal::start("plain", db.url(), args, &[("NO_COLOR", "1")]).wait_for_exit().await;
        assert!(!output.contains(ESCAPE) && !output.is_empty(), "{args}: {output:?}");
    }
}

#[tokio::test]
async fn a_narrow_terminal_shows_the_state_of_a_script_on_a_second_line() {
    let db = TestDatabase::empty().await;
    let command = |columns| {
        format!("migrate-status; stty rows 24 cols {columns}; $FIXTURE_PROGRAM migrate-status")
    };
    let program = Fixture::program().display().to_string();
    let program = [("FIXTURE_PROGRAM", program.as_str())];
    let lines = async |columns| {
        let (output, code) =
            Terminal::start("plain", db.url(), &command(columns), &program).wait_for_exit().await;
        assert_eq!(code, Some(0), "{output}");
        output.lines().filter(|line| line.contains("pending")).count()
    };
    // The first table is that of a terminal whose width is not known.
    assert_eq!(lines(100).await, 10, "5 lines in each");
    let (output, _) =
        Terminal::start("plain", db.url(), &command(30), &program).wait_for_exit().await;
    assert!(output.contains(" m20250101_000001_rows\r\n     pending\r\n"), "{output:?}");
}

#[tokio::test]
async fn a_reset_asks_for_confirmation_on_a_terminal() {
    let db = TestDatabase::empty().await;
    let name = text(db.connection(), "SELECT current_database()::text").await;
    let args = format!("db-reset --database-name {name}");
    for (answer, expected) in [("n\n", 1), ("\n", 1), ("yes please\n", 1), ("y\n", 0)] {
        let mut terminal = Terminal::start("plain", db.url(), &args, &[]);
        terminal.wait_for_output("and everything in it? [y/N] ").await;
        terminal.type_input(answer).await;
        let (output, code) = terminal.wait_for_exit().await;
        assert_eq!(code, Some(expected), "{answer:?}: {output}");
        assert_eq!(
            output.contains("not confirmed; nothing was dropped"),
            expected == 1,
            "{output}"
        );
        assert_eq!(
            output.contains("4 migrations applied, 2 seeds applied"),
            expected == 0,
            "{output}"
        );
    }
}
