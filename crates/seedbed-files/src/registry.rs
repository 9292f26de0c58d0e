//! The Rust source that names all scripts, for `build.rs`.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::{Format, Kind, Name, ScanError, SourceFile, scan, scan_seeds};

/// All that a `build.rs` has to do: [`emit_registry`] for the crate that is being built.
///
/// On an error it tells cargo what is wrong and what to do, and cargo fails the build. It returns
/// then too: a build script that exits with 1 has its whole output repeated above the message.
///
/// ```no_run
/// // In the function `main` of build.rs:
/// seedbed_files::build();
/// ```
pub fn build() {
    let variable = |name| match env::var_os(name) {
        Some(value) => Ok(PathBuf::from(value)),
        None => Err(ScanError::NoVariable { name }),
    };
    let emitted = variable("CARGO_MANIFEST_DIR")
        .and_then(|manifest_dir| emit_registry(&manifest_dir, &variable("OUT_DIR")?));
    if let Err(error) = emitted {
        println!("{}", cargo_error(&error));
    }
}

/// Finds the scripts in `src/migrations` and `src/seeds` below `manifest_dir`, and writes what the
/// crate includes:
///
/// - `registry.rs`: the modules `migrations` and `seeds` with a module for each file, and the statics
///   `MIGRATIONS` and `SEEDS` with a `seedbed_cli::engine::Script` for each;
/// - `migrations.rs`: the same without the seeds;
/// - `names.rs`: the static `MIGRATION_NAMES`, for who wants to know them without linking a script.
///
/// Each is written only if it changes: `names.rs` when a migration comes or goes, `registry.rs`
/// also when a script does something else than before. Each script is described in a module of its
/// own, so that an edit makes rustc compile little again. Prints the lines that make cargo run the
/// build script again when anything in the folders changes.
///
/// # Errors
///
/// A [`ScanError`] as of [`scan()`]; also if a path is not Unicode, or `out_dir` cannot be written.
pub fn emit_registry(manifest_dir: &Path, out_dir: &Path) -> Result<(), ScanError> {
    let folder = |kind: Kind| manifest_dir.join("src").join(kind.plural());
    let (migrations, seeds) = (folder(Kind::Migration), folder(Kind::Seed));
    // Cargo looks at everything below a folder, so no line for each file is needed.
    for folder in [&migrations, &seeds] {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    let (migrations, seeds) = (scan(&migrations)?, scan_seeds(&seeds)?);
    write_if_changed(&out_dir.join("names.rs"), &names(&migrations))?;
    let mut text = String::with_capacity(1000 * (migrations.len() + seeds.len() + 1));
    section(&mut text, workspace(manifest_dir), Kind::Migration, &migrations)?;
    write_if_changed(&out_dir.join("migrations.rs"), &text)?;
    section(&mut text, workspace(manifest_dir), Kind::Seed, &seeds)?;
    write_if_changed(&out_dir.join("registry.rs"), &text)
}

/// The folder that messages name files from: the workspace's, where people type, which is known by
/// its `Cargo.lock`.
fn workspace(manifest_dir: &Path) -> &Path {
    let mut folders = manifest_dir.ancestors();
    folders.find(|folder| folder.join("Cargo.lock").is_file()).unwrap_or(manifest_dir)
}

/// An untouched file keeps its time, and what includes it is not compiled again.
fn write_if_changed(path: &Path, text: &str) -> Result<(), ScanError> {
    if fs::read(path).is_ok_and(|present| present == text.as_bytes()) {
        return Ok(());
    }
    fs::write(path, text).map_err(|source| ScanError::Write { path: path.to_owned(), source })
}

fn names(migrations: &[SourceFile]) -> String {
    let mut text = String::from(
        "/// The names of all migrations in the history, in their order.\npub static MIGRATION_NAMES: &[&str] = &[\n",
    );
    let mut names: Vec<&Name> = migrations.iter().map(SourceFile::name_in_history).collect();
    names.sort_unstable();
    for name in names {
        text.push_str(&format!("    {:?},\n", name.as_str()));
    }
    text.push_str("];\n");
    text
}

/// All that the registry has of one kind.
fn section(
    text: &mut String,
    workspace: &Path,
    kind: Kind,
    files: &[SourceFile],
) -> Result<(), ScanError> {
    let (singular, plural) = (kind.as_str(), kind.plural());
    text.push_str(&format!("/// The {plural}, each file a module.\npub mod {plural} {{\n"));
    for file in files {
        let path = literal(&absolute(&file.path)?)?;
        let name = file.name.as_str();
        text.push_str(&format!("    #[path = {path}]\n    pub mod {name};\n"));
    }
    text.push_str(&format!("}}\n\nmod {singular}_scripts {{\n"));
    for file in files {
        script(text, workspace, kind, file)?;
    }
    let list = plural.to_uppercase();
    text.push_str(&format!(
        "}}\n\n/// The {plural}, in the order of their names.\n\
         pub static {list}: &[&::seedbed_cli::engine::Script] = &[\n"
    ));
    for file in files {
        text.push_str(&format!("    &{singular}_scripts::{}::SCRIPT,\n", file.name));
    }
    text.push_str("];\n\n");
    Ok(())
}

/// The module that describes one script.
fn script(
    text: &mut String,
    workspace: &Path,
    kind: Kind,
    file: &SourceFile,
) -> Result<(), ScanError> {
    let (name, plural, checksum) = (file.name.as_str(), kind.plural(), file.checksum);
    let path = literal(file.path.strip_prefix(workspace).unwrap_or(&file.path))?;
    let declared = file.declarations;
    let mut functions = String::new();
    let mut options = String::new();
    let (constructor, body) = match file.format {
        Format::Functions => {
            functions.push_str(&function("up"));
            if declared.down {
                functions.push_str(&function("down"));
                options.push_str("\n                .down(down)");
            }
            ("functions", "up")
        }
        Format::SeaOrm => ("sea_orm", "|| ::std::boxed::Box::new(script::Migration)"),
    };
    for (is_declared, option) in [
        (declared.transaction, ".transaction(script::TRANSACTION)"),
        (declared.irreversible, ".irreversible(script::IRREVERSIBLE)"),
    ] {
        if is_declared {
            options.push_str("\n                ");
            options.push_str(option);
        }
    }
    if let Some(environment) = &file.environment {
        options.push_str(&format!("\n                .environment(\"{environment}\")"));
    }
    text.push_str(&format!(
        r#"    pub(super) mod {name} {{
        use super::super::{plural}::{name} as script;
        use ::seedbed_cli::engine;
{functions}
        pub(crate) static SCRIPT: engine::Script =
            engine::Script::{constructor}(
                "{name}",
                {path},
                "{checksum}",
                {body},
            ){options};
    }}
"#
    ));
    Ok(())
}

/// A function that boxes what the script's own one returns. Not a closure: what rustc makes of those
/// lands in one unit of code, all of which is generated again at each edit of any script.
fn function(name: &str) -> String {
    format!(
        r#"
        fn {name}<'a>(
            schema: &'a engine::Schema<'a>,
        ) -> engine::SchemaFuture<'a> {{
            ::std::boxed::Box::pin(script::{name}(schema))
        }}
"#
    )
}

/// A path as a Rust string.
fn literal(path: &Path) -> Result<String, ScanError> {
    match path.to_str() {
        Some(path) => Ok(format!("{path:?}")),
        None => Err(ScanError::NotUnicode { path: path.to_owned() }),
    }
}

/// rustc would look for a relative path beside the registry.
fn absolute(path: &Path) -> Result<PathBuf, ScanError> {
    std::path::absolute(path)
        .map_err(|source: io::Error| ScanError::Read { path: path.to_owned(), source })
}

/// The lines that cargo shows as errors of this crate, one for each line of the message.
fn cargo_error(error: &ScanError) -> String {
    let mut message = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        _ = write!(message, ": {error}");
        cause = error.source();
    }
    if let Some(hint) = error.hint() {
        _ = write!(message, "\nhint: {hint}");
    }
    let lines: Vec<String> = message.lines().map(|line| format!("cargo::error={line}")).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests;
