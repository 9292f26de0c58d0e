//! Compiles the registry with rustc.

use std::fs;
use std::path::Path;
use std::process::Command;

use seedbed_build::{Checksum, ScriptTemplate, emit_registry};

/// The parts of `seedbed` that the registry and the templates use.
const SEEDBED: &str = r#"
pub type Result = std::result::Result<(), String>;
pub type SchemaFuture<'a> = std::pin::Pin<Box<dyn std::future::Future<Output = Result> + Send + 'a>>;
pub type Body = for<'a> fn(&'a Schema<'a>) -> SchemaFuture<'a>;
pub struct Schema<'c>(pub &'c str);
impl Schema<'_> {
    pub fn not_written(&self, file: &str) -> Result { Err(format!("{file}{}", self.0)) }
}
pub trait MigrationTrait { fn name(&self) -> &str; }

pub struct Script {
    pub name: &'static str,
    pub file: &'static str,
    pub checksum: &'static str,
    pub options: [Option<&'static str>; 4],
    pub sea_orm: Option<fn() -> Box<dyn MigrationTrait>>,
}
impl Script {
    pub const fn from_functions(name: &'static str, file: &'static str, checksum: &'static str, _: Body) -> Self {
        Self { name, file, checksum, options: [None; 4], sea_orm: None }
    }
    pub const fn from_sea_orm(
        name: &'static str, file: &'static str, checksum: &'static str, new: fn() -> Box<dyn MigrationTrait>,
    ) -> Self {
        Self { name, file, checksum, options: [None; 4], sea_orm: Some(new) }
    }
    pub const fn down(mut self, _: Body) -> Self { self.options[0] = Some("down"); self }
    pub const fn transaction(mut self, value: bool) -> Self {
        self.options[1] = Some(if value { "transaction" } else { "no transaction" });
        self
    }
    pub const fn irreversible(mut self, why: &'static str) -> Self { self.options[2] = Some(why); self }
    pub const fn environment(mut self, name: &'static str) -> Self { self.options[3] = Some(name); self }
}
"#;

/// The crate that includes the registry.
const PROJECT: &str = r#"
pub mod prelude { pub use seedbed::{MigrationTrait, Result, Schema}; }
include!(concat!(env!("OUT_DIR"), "/names.rs"));
include!(concat!(env!("OUT_DIR"), "/registry.rs"));
"#;

/// A program that prints the registry.
const MAIN: &str = r#"
fn main() {
    println!("{:?}", project::MIGRATION_NAMES);
    for script in project::MIGRATIONS.iter().chain(project::SEEDS) {
        let options: Vec<&str> = script.options.iter().copied().flatten().collect();
        println!("{} {} {} {options:?}", script.name, script.file, script.checksum);
        if let Some(new) = script.sea_orm {
            println!("    {}", new().name());
        }
    }
}
"#;

const SEA_ORM: &str = r#"
use crate::prelude::*;
pub struct Migration;
impl MigrationTrait for Migration {
    fn name(&self) -> &str { "the result of name()" }
}
"#;

/// A seed that declares all options and calls another seed, which is a sibling module.
const OPTIONS: &str = r#"
use crate::prelude::*;
pub const TRANSACTION: bool = false;
pub const IRREVERSIBLE: &str = concat!("the rows", " are gone");
pub async fn up(schema: &Schema<'_>) -> Result { super::m20260101_000003_seed::up(schema).await }
"#;

/// Compiles a source, with warnings as errors.
fn rustc(root: &Path, source: &str, arguments: &[&str]) {
    let output = Command::new("rustc")
        .current_dir(root)
        .env("OUT_DIR", root.join("out"))
        .args(["--edition", "2024", "-D", "warnings", "-L", ".", source])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_registry_compiles_without_a_warning_and_lists_every_script() {
    // A Rust string has to escape the name of this folder.
    let folder = tempfile::Builder::new().prefix("a \"quoted\" \\n 'folder' é ").tempdir().unwrap();
    let root = folder.path();
    for (path, text) in [
        ("src/migrations/m0000010_init.rs", SEA_ORM),
        ("src/migrations/m20260101_000000_a.rs", ScriptTemplate::Migration.text()),
        ("src/seeds/m20260101_000003_seed.rs", ScriptTemplate::Seed.text()),
        ("src/seeds/load-test/m20260101_000002_options.rs", OPTIONS),
        ("seedbed.rs", SEEDBED),
        ("project.rs", PROJECT),
        ("main.rs", MAIN),
        ("out/.gitkeep", ""),
    ] {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    emit_registry(root, &root.join("out")).unwrap();

    rustc(root, "seedbed.rs", &["--crate-type", "rlib"]);
    rustc(root, "project.rs", &["--crate-type", "rlib", "--extern", "seedbed"]);
    rustc(root, "main.rs", &["--extern", "project"]);
    let output = Command::new(root.join("main")).output().unwrap();

    let [migration, seed, options, sea_orm] =
        [ScriptTemplate::Migration.text(), ScriptTemplate::Seed.text(), OPTIONS, SEA_ORM]
            .map(Checksum::from_source);
    let expected = format!(
        r#"["m0000010_init", "m20260101_000000_a"]
m0000010_init src/migrations/m0000010_init.rs {sea_orm} []
    the result of name()
m20260101_000000_a src/migrations/m20260101_000000_a.rs {migration} ["down"]
m20260101_000002_options src/seeds/load-test/m20260101_000002_options.rs {options} ["no transaction", "the rows are gone", "load-test"]
m20260101_000003_seed src/seeds/m20260101_000003_seed.rs {seed} ["down"]
"#
    );
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}

#[test]
fn the_registry_of_empty_folders_compiles_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for folder in ["src/migrations", "src/seeds", "out"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    emit_registry(root, &root.join("out")).unwrap();
    fs::write(root.join("seedbed.rs"), SEEDBED).unwrap();
    fs::write(root.join("project.rs"), PROJECT).unwrap();
    rustc(root, "seedbed.rs", &["--crate-type", "rlib"]);
    rustc(root, "project.rs", &["--crate-type", "rlib", "--extern", "seedbed"]);
}
