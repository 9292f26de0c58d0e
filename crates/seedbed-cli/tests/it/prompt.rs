//! Tests the prompt for the fields, which appears only on a terminal.

use std::fs;
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};

use rstest::rstest;
use test_support::{clear_environment, require_program, test_timeout};

use crate::support::{Checkout, stderr, stdout};

/// The end of the prompt.
const PROMPT_END: &str = "write up and down by hand): ";

/// Runs `seedbed` on a pseudo-terminal of util-linux's `script`, and types the text once the output contains `until`.
/// Returns the output and whether the command succeeded.
fn on_a_terminal(checkout: &Checkout, command: &str, until: &str, typed: &str) -> (String, bool) {
    let mut child = script(checkout, command);
    let (mut input, mut output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (mut seen, mut buffer, mut answered) = (Vec::new(), [0; 1024], false);
    loop {
        let count = output.read(&mut buffer).unwrap();
        if count == 0 {
            break;
        }
        seen.extend_from_slice(&buffer[..count]);
        if !answered && String::from_utf8_lossy(&seen).contains(until) {
            input.write_all(typed.as_bytes()).unwrap();
            answered = true;
        }
    }
    let status = child.wait().unwrap();
    (String::from_utf8(seen).unwrap().replace('\r', ""), status.success())
}

fn script(checkout: &Checkout, command: &str) -> Child {
    let seedbed = env!("CARGO_BIN_EXE_seedbed");
    // A command that asks when it should not would wait for an answer forever.
    let limit = test_timeout().as_secs();
    let command = format!("timeout --foreground {limit} {seedbed} {command}");
    let mut script = Command::new(require_program("script", "apt-get install bsdutils"));
    clear_environment(&mut script)
        .args(["--quiet", "--return", "--flush", "--command", &command, "/dev/null"])
        .env("SHELL", "/bin/sh")
        .current_dir(checkout.root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("script(1) starts")
}

fn text_of(checkout: &Checkout, seen: &str) -> String {
    let path = seen.lines().find(|line| line.ends_with(".rs")).unwrap();
    fs::read_to_string(checkout.path(path)).unwrap()
}

#[rstest]
#[case("createWidgets", "name:string! price:decimal(10,2)", "name:string!", r#"string("name")"#)]
#[case("addColorToWidgets", "color:string", "color:text", r#"text_null("color")"#)]
#[case("createStatusEnum", "active inactive", "on off", r#"["on", "off"]"#)]
fn missing_fields_are_prompted_for_once_on_a_terminal(
    #[case] name: &str,
    #[case] example: &str,
    #[case] typed: &str,
    #[case] expected: &str,
) {
    let checkout = Checkout::new();
    let command = format!("create-migration {name}");
    let (seen, done) = on_a_terminal(&checkout, &command, PROMPT_END, &format!("{typed}\n"));
    assert!(done, "{seen}");
    assert!(seen.starts_with(&format!("fields, such as {example}\n")), "{seen}");
    assert_eq!(seen.matches(PROMPT_END).count(), 1, "{seen}");
    assert!(text_of(&checkout, &seen).contains(expected), "{seen}");
}

#[test]
fn an_empty_answer_to_the_prompt_means_no_fields() {
    let checkout = Checkout::new();
    let (seen, done) = on_a_terminal(&checkout, "create-migration createWidgets", PROMPT_END, "\n");
    assert!(done, "{seen}");
    assert!(seen.contains("note: write `up` and `down` by hand; "), "{seen}");
    assert!(text_of(&checkout, &seen).contains("schema.not_written(file!())"), "{seen}");
}

#[test]
fn an_invalid_answer_to_the_prompt_is_reported_like_an_invalid_argument() {
    let checkout = Checkout::new();
    let (seen, done) =
        on_a_terminal(&checkout, "create-migration createWidgets", PROMPT_END, "a:strng\n");
    assert!(!done, "{seen}");
    assert!(seen.contains("field `a:strng`: unknown type `strng`"), "{seen}");
}

#[rstest]
#[case("create-migration createWidgets --unwritten")]
#[case("create-migration createWidgets --fields a:text")]
#[case("create-migration createWidgets --fields ''")]
#[case("create-migration renameWidgetsToGadgets")]
#[case("create-migration doSomething")]
#[case("create-migration createWidgets 2>stderr")]
#[case("create-migration createWidgets </dev/null")]
fn there_is_no_prompt_for_given_fields_or_without_a_terminal_on_stderr(#[case] command: &str) {
    let checkout = Checkout::new();
    let (seen, done) = on_a_terminal(&checkout, command, PROMPT_END, "a:text\n");
    assert!(done && !seen.contains("such as"), "{seen}");
    let stderr = fs::read_to_string(checkout.path("stderr")).unwrap_or_default();
    assert!(!stderr.contains(PROMPT_END), "{stderr}");
}

#[test]
fn there_is_no_prompt_without_a_terminal() {
    let checkout = Checkout::new();
    let output = checkout
        .seedbed(&["create-migration", "createWidgets"])
        .write_stdin("name:string\n")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(!stderr(&output).contains(PROMPT_END), "{output:?}");
    assert!(text_of(&checkout, &stdout(&output)).contains("schema.not_written(file!())"));
}
