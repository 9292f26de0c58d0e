//! Tests of the models, one file each, and of the scripts. All tests are in one program, because each program is linked
//! again after every edit of a script.

mod organization;
mod organization_member;
mod product;
mod role;
mod scripts;
mod user;

/// Tests that every file is listed above, because the tests in an unlisted file would not run.
#[test]
fn every_test_file_is_listed() -> std::io::Result<()> {
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it"))? {
        let file = file?.path();
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let listed = include_str!("main.rs").lines().any(|line| line == format!("mod {name};"));
        assert!(listed || name == "main", "{} is not listed in main.rs", file.display());
    }
    Ok(())
}
