//! Tests that the documents are right about commands, flags, errors, code blocks and each other.
//!
//! `scripts/user-journey.sh` executes the commands and the Rust blocks; these tests ensure that the documents contain
//! no others.

mod documents;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use documents::{MarkdownFile, blocks, code_spans, documents, files, guide, read, root};

#[test]
fn every_rust_block_is_executed_by_the_user_journey() {
    let journey = read("scripts/user-journey.sh");
    let mut texts: BTreeMap<String, (String, String)> = BTreeMap::new();
    for MarkdownFile { path, text } in guide() {
        for block in blocks(&text).0.into_iter().filter(|block| block.language == "rust") {
            let comment = block.comment.filter(|(kind, _)| kind == "journey");
            let (_, name) =
                comment.unwrap_or_else(|| panic!("{path}: no journey:\n{}", block.text));
            assert!(journey.contains(&format!("block {name}")), "{path}: nobody runs {name}");
            let (first, same) =
                texts.entry(name.clone()).or_insert_with(|| (path.clone(), block.text.clone()));
            assert_eq!(*same, block.text, "{name} differs between {first} and {path}");
        }
    }
    assert!(texts.len() > 8, "{texts:?}");
}

#[test]
fn every_json_document_and_every_printed_text_is_compared_by_the_user_journey() {
    let journey = read("scripts/user-journey.sh");
    let sources: String =
        files("crates", &["rs"]).iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    for MarkdownFile { path, text } in guide() {
        for block in blocks(&text).0 {
            match (block.language.as_str(), block.comment) {
                ("json", Some((kind, name))) => {
                    assert_eq!(kind, "json", "{path}");
                    assert!(
                        journey.contains(&format!("json {name} ")),
                        "{path}: nobody compares {name}"
                    );
                    for key in block
                        .text
                        .split('"')
                        .skip(1)
                        .step_by(2)
                        .filter(|key| block.text.contains(&format!("\"{key}\":")))
                    {
                        let is_known = [format!("\"{key}\""), format!("{key}:")];
                        assert!(
                            is_known.iter().any(|known| sources.contains(known)),
                            "{path}: {key}"
                        );
                    }
                }
                ("json", None) => panic!("{path}: nobody compares\n{}", block.text),
                ("text", Some((kind, name))) => {
                    assert_eq!(kind, "printed", "{path}");
                    assert!(
                        journey.contains(&format!("prints {name}")),
                        "{path}: nobody compares {name}"
                    );
                }
                _ => {}
            }
        }
    }
}

/// Returns the source of the programs. Continued lines of literals are joined, and quotes are plain.
fn programs() -> Vec<(PathBuf, String)> {
    let folders = ["crates", "apps", "scripts"];
    let all = folders.iter().flat_map(|folder| files(folder, &["rs", "sh"]));
    // The checkout itself may be in a directory with this name.
    let root = root();
    let is_test = |file: &Path| {
        let path = file.strip_prefix(&root).unwrap_or(file);
        path.components().any(|part| part.as_os_str() == "tests")
    };
    let sources = all.filter(|file| !is_test(file));
    // The mark `\u{1}` stands for a backslash at the end of a line, and is removed with the start of the next line.
    let joined = |text: String| {
        let mut lines = String::new();
        for line in text.lines() {
            match line.strip_suffix('\\') {
                Some(start) if lines.ends_with('\u{1}') => {
                    lines.pop();
                    lines += start.trim_start();
                    lines.push('\u{1}');
                }
                Some(start) => {
                    lines += start;
                    lines.push('\u{1}');
                }
                None if lines.ends_with('\u{1}') => {
                    lines.pop();
                    lines += line.trim_start();
                    lines.push('\n');
                }
                None => {
                    lines += line;
                    lines.push('\n');
                }
            }
        }
        lines.replace("\\\"", "\"").replace("{{", "{").replace("}}", "}")
    };
    sources.map(|file| (file.clone(), joined(fs::read_to_string(file).unwrap()))).collect()
}

/// Returns whether the text contains the parts in their order, each not far behind the previous one.
fn has_in_order(text: &str, parts: &[&str]) -> bool {
    const FAR: usize = 300;
    let Some((first, rest)) = parts.split_first() else {
        return true;
    };
    text.match_indices(first).any(|(at, _)| {
        let mut after = &text[at + first.len()..];
        rest.iter().all(|part| match after.find(part) {
            Some(at) if at < FAR => {
                after = &after[at + part.len()..];
                true
            }
            _ => false,
        })
    })
}

/// Tests the messages in the guide. In `troubleshooting.md`, `…` stands for names and values, or for a part of the text
/// that varies.
#[test]
fn every_error_of_the_guide_is_one_that_the_programs_print() {
    let programs = programs();
    let (mut count, mut not_printed) = (0, String::new());
    for MarkdownFile { path, text } in guide() {
        let texts = blocks(&text).0.into_iter();
        for block in texts.filter(|block| block.language == "text" && block.comment.is_none()) {
            for line in block.text.lines() {
                let prefixes = ["error: ", "hint: ", "warning: "];
                let message =
                    prefixes.iter().find_map(|prefix| line.strip_prefix(prefix)).unwrap_or(line);
                let parts: Vec<&str> = message
                    .split('…')
                    .map(str::trim)
                    .filter(|part| part.chars().any(char::is_alphanumeric))
                    .collect();
                assert!(!parts.is_empty(), "{path}: {line}");
                let is_printed = programs.iter().any(|(_, source)| has_in_order(source, &parts));
                if !is_printed {
                    not_printed += &format!("\n{path}: {line}");
                }
                count += 1;
            }
        }
    }
    assert!(not_printed.is_empty(), "no program prints:{not_printed}");
    assert!(count > 30, "{count}");
}

/// Returns the make commands of a document: those in its transcripts, and those in backquotes.
fn make_commands(text: &str) -> Vec<String> {
    let (blocks, prose) = blocks(text);
    let shown = blocks.iter().filter(|block| block.language == "console");
    let shown =
        shown.flat_map(|block| block.text.lines().filter_map(|line| line.strip_prefix("$ ")));
    let commands =
        shown.map(str::to_owned).chain(code_spans(&prose).map(|span| span.replace('\n', " ")));
    commands.filter(|command| command.starts_with("make ")).collect()
}

#[test]
fn every_make_command_is_a_target_of_the_makefile_with_variables_that_it_takes() {
    let makefile = read("Makefile");
    let targets: BTreeSet<&str> = makefile
        .lines()
        .filter(|line| line.contains("## ") && !line.starts_with('#'))
        .filter_map(|line| line.split_once(':').map(|(target, _)| target))
        .collect();
    let variables = read("crates/seedbed-cli/src/commands/make.rs");
    let mut count = 0;
    for MarkdownFile { path, text } in documents() {
        for command in make_commands(&text) {
            let words = shell_words::split(&command)
                .unwrap_or_else(|error| panic!("{path}: {command}: {error}"));
            for word in &words[1..] {
                match word.split_once('=') {
                    Some((name, _)) if name.chars().any(|c| c.is_ascii_uppercase()) => {}
                    // scripts/versions.sh reads this comment.
                    Some(("version", _)) => {}
                    Some((name, _)) => {
                        assert!(
                            variables.contains(&format!("(\"{name}\", ")),
                            "{path}: {command}: {name}="
                        );
                    }
                    None => {
                        let is_target = targets.contains(word.as_str())
                            || word.starts_with('<')
                            || word == "TARGET";
                        assert!(is_target, "{path}: {command}: no target {word}");
                        count += 1;
                    }
                }
            }
        }
    }
    assert!(count > 50, "{count}");
}

#[test]
fn every_flag_in_the_documents_is_one_that_a_program_takes() {
    let sources: Vec<String> = [
        "crates/seedbed-migrator/src/args.rs",
        "crates/seedbed-migrator/src/args/schema.rs",
        "crates/seedbed-cli/src/cli.rs",
    ]
    .iter()
    .map(|path| read(path))
    .chain(
        files("crates/seedbed-cli/src/commands", &["rs"])
            .iter()
            .map(|file| fs::read_to_string(file).unwrap()),
    )
    .chain([read("crates/bench/src/main.rs"), read("crates/torture/src/main.rs")])
    .collect();
    // These are flags of Docker, Git, cargo and pg_dump.
    let others =
        ["init", "rm", "file", "tag", "volumes", "diff-filter", "help", "offline", "schema-only"];
    for MarkdownFile { path, text } in guide() {
        let parts = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        for flag in parts
            .filter_map(|part| part.strip_prefix("--"))
            .filter(|flag| flag.starts_with(|c: char| c.is_ascii_lowercase()))
        {
            let field = format!("{}: ", flag.trim_end_matches('-').replace('-', "_"));
            let is_taken = sources.iter().any(|source| source.contains(&field));
            assert!(is_taken || others.contains(&flag), "{path}: --{flag}");
        }
    }
}

/// Returns the anchor that a heading gets on the web.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn every_relative_link_leads_to_a_file_and_a_heading() {
    for MarkdownFile { path, text } in documents() {
        let (_, prose) = blocks(&text);
        let folder = root().join(&path).parent().unwrap().to_owned();
        for (at, _) in prose.match_indices("](") {
            let target = prose[at + 2..].split(')').next().unwrap();
            if target.contains("://") {
                continue;
            }
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { root().join(&path) } else { folder.join(file) };
            assert!(file.exists(), "{path}: {target}");
            if !heading.is_empty() {
                let text = fs::read_to_string(&file).unwrap();
                let (_, prose) = blocks(&text);
                let mut headings = prose.lines().filter(|line| line.starts_with('#')).map(anchor);
                assert!(headings.any(|has| has == heading), "{path}: {target}");
            }
        }
    }
}

#[test]
fn every_path_of_the_checkout_that_a_document_names_exists() {
    let mut count = 0;
    for MarkdownFile { path, text } in documents() {
        for span in code_spans(&blocks(&text).1) {
            let is_path = ["crates/", "apps/", "scripts/", "docs/", "docker/"]
                .iter()
                .any(|start| span.starts_with(start));
            let is_plain = span.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
            // These are files that the tutorial creates, and files that only some checkouts have.
            let is_created = span.contains("widget") || span.contains("by_hand");
            if is_path && is_plain && !is_created {
                assert!(root().join(span).exists(), "{path}: {span}");
                count += 1;
            }
        }
    }
    assert!(count > 20, "{count}");
}

#[test]
fn every_page_of_the_guide_is_listed_and_says_what_it_answers() {
    let index = read("docs/guide/README.md");
    for file in files("docs/guide", &["md"]) {
        let name = file.file_name().unwrap().to_str().unwrap();
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains("\nThis page answers: "), "{name}");
        assert!(
            name == "README.md" || index.contains(&format!("]({name})")),
            "{name} is not listed"
        );
    }
    let decisions = read("docs/decisions/README.md");
    for file in files("docs/decisions", &["md"]) {
        let name = file.file_name().unwrap().to_str().unwrap();
        assert!(
            name == "README.md" || decisions.contains(&format!("]({name})")),
            "{name} is not listed"
        );
    }
}

#[test]
fn the_readme_and_the_rules_stay_short() {
    let lines = |path: &str| read(path).lines().count();
    assert!(lines("README.md") <= 140);
    let style = read("docs/STYLE.md");
    let (rules, _) =
        style.split_once("\n## Vocabulary").expect("the vocabulary comes after the rules");
    assert!(rules.lines().count() <= 60, "{}", rules.lines().count());
}
