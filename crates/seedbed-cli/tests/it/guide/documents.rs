//! The documents, taken apart into blocks and prose.

use std::fs;
use std::path::{Path, PathBuf};

pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

pub(super) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns the files below a folder of the checkout with one of these extensions.
pub(super) fn files(folder: &str, extensions: &[&str]) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|has| extensions.iter().any(|one| has == *one)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A document, by its path in the checkout.
pub(super) struct MarkdownFile {
    pub(super) path: String,
    pub(super) text: String,
}

/// Returns the README and the pages of the guide.
pub(super) fn guide() -> Vec<MarkdownFile> {
    documents()
        .into_iter()
        .filter(|one| one.path == "README.md" || one.path.contains("guide/"))
        .collect()
}

pub(super) fn documents() -> Vec<MarkdownFile> {
    let root = root();
    let named = ["README.md", "CONTRIBUTING.md", "apps/backend/tools/rds/README.md"];
    let named = named.iter().map(|path| root.join(path));
    let documents = named.chain(files("docs", &["md"])).map(|file| MarkdownFile {
        path: file.strip_prefix(&root).unwrap().to_str().unwrap().to_owned(),
        text: fs::read_to_string(file).unwrap(),
    });
    documents.collect()
}

/// A fenced block: the comment on the line before it, the word behind its fence, and its text.
pub(super) struct Block {
    pub(super) comment: Option<(String, String)>,
    pub(super) language: String,
    pub(super) text: String,
}

/// Returns the blocks of a document, and the text outside of them.
pub(super) fn blocks(text: &str) -> (Vec<Block>, String) {
    let (mut blocks, mut prose) = (Vec::new(), String::new());
    let (mut inside, mut last): (Option<Block>, &str) = (None, "");
    for line in text.lines() {
        match (line.strip_prefix("```"), &mut inside) {
            (Some(_), Some(_)) => blocks.extend(inside.take()),
            (Some(language), None) => {
                let comment = last.strip_prefix("<!-- ").and_then(|last| last.strip_suffix(" -->"));
                let comment = comment.and_then(|comment| comment.split_once(": "));
                inside = Some(Block {
                    comment: comment.map(|(kind, name)| (kind.to_owned(), name.to_owned())),
                    language: language.to_owned(),
                    text: String::new(),
                });
            }
            (None, Some(block)) => block.text += &format!("{line}\n"),
            (None, None) => prose += &format!("{line}\n"),
        }
        last = line;
    }
    assert!(inside.is_none(), "a block has no end");
    (blocks, prose)
}

/// Returns the texts in backquotes.
pub(super) fn code_spans(prose: &str) -> impl Iterator<Item = &str> {
    prose.split("\n\n").flat_map(|paragraph| paragraph.split('`').skip(1).step_by(2))
}
