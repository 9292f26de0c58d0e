//! `seedbed schema` and `seedbed schema-check`

use std::ffi::OsString;
use std::path::Path;

use super::migrator::{self, Build};

/// The schema files: the SQL, the page and the diagram.
const FILES: [&str; 3] = [
    "apps/backend/tools/rds/schema.sql",
    "apps/backend/tools/rds/schema.md",
    "apps/backend/tools/rds/schema.svg",
];

/// Writes the schema files. With arguments, runs `migrator schema` with them instead.
pub(crate) fn run(root: Option<&Path>, build: Build, args: &migrator::Args) -> anyhow::Result<()> {
    if args.arguments.is_empty() {
        let source = OsString::from("migrations");
        return migrator::run(root, build, "schema", &with_files(&[source], "--output"));
    }
    migrator::run(root, build, "schema", &args.arguments)
}

/// Fails unless the schema files match the migrations.
pub(crate) fn check(
    root: Option<&Path>,
    build: Build,
    args: &migrator::Args,
) -> anyhow::Result<()> {
    migrator::run(root, build, "schema", &with_files(&args.arguments, "--check"))
}

fn with_files(arguments: &[OsString], flag: &str) -> Vec<OsString> {
    let files = FILES.iter().flat_map(|file| [OsString::from(flag), OsString::from(file)]);
    arguments.iter().cloned().chain(files).collect()
}
