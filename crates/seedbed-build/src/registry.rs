//! The registry: the generated Rust source that lists all scripts, for a `build.rs`.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::{Format, Name, ScanError, ScriptKind, SourceFile, scan, scan_seeds};

/// Runs [`emit_registry`] for the crate that is being built. A `build.rs` needs no other call.
///
/// On an error, prints the message and the hint for cargo, which fails the build, and returns. If the build script
/// exited with 1 instead, cargo would repeat its whole output above the message.
///
/// ```no_run
/// // In the function `main` of build.rs:
/// seedbed_build::discover();
/// ```
pub fn discover() {
    let variable = |name| match env::var_os(name) {
        Some(value) => Ok(PathBuf::from(value)),
        None => Err(ScanError::MissingVariable { name }),
    };
    let emitted = variable("CARGO_MANIFEST_DIR")
        .and_then(|manifest_dir| emit_registry(&manifest_dir, &variable("OUT_DIR")?));
    if let Err(error) = emitted {
        println!("{}", cargo_error_lines(&error));
    }
}

/// Finds the scripts in `src/migrations` and `src/seeds` below `manifest_dir` and writes the files that the crate
/// includes:
///
/// - `registry.rs`: the modules `migrations` and `seeds` with a module for each file, and the statics `MIGRATIONS` and
///   `SEEDS` with a `seedbed::Script` for each;
/// - `migrations.rs`: the same items without the seeds;
/// - `names.rs`: the static `MIGRATION_NAMES`, for a program that needs the names and links no script.
///
/// Writes each file only if its content changes: `names.rs` if a migration is added or removed, `registry.rs` also if
/// the tokens of a script change. Each script is described in a separate module, so that rustc compiles little after an
/// edit. Prints the lines that make cargo run the build script again if anything in the folders changes.
///
/// # Errors
///
/// Fails as [`scan()`] does, and also if a path is not Unicode or if `out_dir` cannot be written.
pub fn emit_registry(manifest_dir: &Path, out_dir: &Path) -> Result<(), ScanError> {
    let folder = |kind: ScriptKind| manifest_dir.join("src").join(kind.plural());
    let (migrations, seeds) = (folder(ScriptKind::Migration), folder(ScriptKind::Seed));
    // Cargo watches everything below a folder, so no line is needed for each file.
    for folder in [&migrations, &seeds] {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    let (migrations, seeds) = (scan(&migrations)?, scan_seeds(&seeds)?);
    write_if_changed(&out_dir.join("names.rs"), &render_names(&migrations))?;
    let mut text = String::with_capacity(1000 * (migrations.len() + seeds.len() + 1));
    render_kind(&mut text, workspace_root(manifest_dir), ScriptKind::Migration, &migrations)?;
    write_if_changed(&out_dir.join("migrations.rs"), &text)?;
    // `registry.rs` begins with the text of `migrations.rs`.
    render_kind(&mut text, workspace_root(manifest_dir), ScriptKind::Seed, &seeds)?;
    write_if_changed(&out_dir.join("registry.rs"), &text)
}

/// Returns the root of the workspace, which has the `Cargo.lock`. Paths in messages are relative to it, because
/// commands are typed there.
fn workspace_root(manifest_dir: &Path) -> &Path {
    let mut folders = manifest_dir.ancestors();
    folders.find(|folder| folder.join("Cargo.lock").is_file()).unwrap_or(manifest_dir)
}

/// Writes a file unless it already has the given text, so that cargo does not recompile the crate that includes it.
fn write_if_changed(path: &Path, text: &str) -> Result<(), ScanError> {
    if fs::read(path).is_ok_and(|current| current == text.as_bytes()) {
        return Ok(());
    }
    fs::write(path, text).map_err(|source| ScanError::Write { path: path.to_owned(), source })
}

/// Renders `names.rs`.
fn render_names(migrations: &[SourceFile]) -> String {
    let mut text = String::from(
        "/// The names of all migrations, as the history stores them, sorted.\npub static MIGRATION_NAMES: &[&str] = &[\n",
    );
    let mut names: Vec<&Name> = migrations.iter().map(SourceFile::name_in_history).collect();
    names.sort_unstable();
    for name in names {
        text.push_str(&format!("    {:?},\n", name.as_str()));
    }
    text.push_str("];\n");
    text
}

/// Appends the part of the registry for one kind of script to `text`.
fn render_kind(
    text: &mut String,
    workspace: &Path,
    kind: ScriptKind,
    files: &[SourceFile],
) -> Result<(), ScanError> {
    let (singular, plural) = (kind.as_str(), kind.plural());
    text.push_str(&format!("/// The {plural}, each file a module.\npub mod {plural} {{\n"));
    for file in files {
        let path = string_literal(&absolute(&file.path)?)?;
        let name = file.name.as_str();
        text.push_str(&format!("    #[path = {path}]\n    pub mod {name};\n"));
    }
    text.push_str(&format!("}}\n\nmod {singular}_scripts {{\n"));
    for file in files {
        render_script(text, workspace, kind, file)?;
    }
    let list = plural.to_uppercase();
    text.push_str(&format!(
        "}}\n\n/// The {plural}, in the order of their names.\n\
         pub static {list}: &[&::seedbed::Script] = &[\n"
    ));
    for file in files {
        text.push_str(&format!("    &{singular}_scripts::{}::SCRIPT,\n", file.name));
    }
    text.push_str("];\n\n");
    Ok(())
}

/// Appends the module that describes one script to `text`.
fn render_script(
    text: &mut String,
    workspace: &Path,
    kind: ScriptKind,
    file: &SourceFile,
) -> Result<(), ScanError> {
    let (name, plural, checksum) = (file.name.as_str(), kind.plural(), file.checksum);
    let path = string_literal(file.path.strip_prefix(workspace).unwrap_or(&file.path))?;
    let declared = file.declarations;
    let mut functions = String::new();
    let mut options = String::new();
    let (constructor, body) = match file.format {
        Format::Functions => {
            functions.push_str(&render_function("up"));
            if declared.down {
                functions.push_str(&render_function("down"));
                options.push_str("\n                .down(down)");
            }
            ("from_functions", "up")
        }
        Format::SeaOrm => ("from_sea_orm", "|| ::std::boxed::Box::new(script::Migration)"),
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
{functions}
        pub(crate) static SCRIPT: ::seedbed::Script =
            ::seedbed::Script::{constructor}(
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

/// Renders a function that boxes the future of the script's function. The function is not a closure, because rustc puts
/// all closures into one codegen unit, which it would regenerate after an edit of any script.
fn render_function(name: &str) -> String {
    format!(
        r#"
        fn {name}<'a>(
            schema: &'a ::seedbed::Schema<'a>,
        ) -> ::seedbed::SchemaFuture<'a> {{
            ::std::boxed::Box::pin(script::{name}(schema))
        }}
"#
    )
}

/// Renders a path as a Rust string literal.
fn string_literal(path: &Path) -> Result<String, ScanError> {
    match path.to_str() {
        Some(path) => Ok(format!("{path:?}")),
        None => Err(ScanError::NotUnicode { path: path.to_owned() }),
    }
}

/// Makes a path absolute, because rustc would look for a relative path beside the registry.
fn absolute(path: &Path) -> Result<PathBuf, ScanError> {
    std::path::absolute(path)
        .map_err(|source: io::Error| ScanError::Read { path: path.to_owned(), source })
}

/// Formats an error as the lines that make cargo fail the build and print the message.
fn cargo_error_lines(error: &ScanError) -> String {
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
