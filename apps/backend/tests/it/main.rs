//! The models, one file each, and the scripts: one program, as each program is linked anew after
//! every edit of a script.

mod organization;
mod organization_member;
mod product;
mod role;
mod scripts;
mod user;

/// A file that is not listed above is not compiled, and none of its tests runs.
#[test]
fn every_file_of_tests_is_listed() -> std::io::Result<()> {
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it"))? {
        let file = file?.path();
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let listed = include_str!("main.rs").lines().any(|line| line == format!("mod {name};"));
        assert!(listed || name == "main", "{} is not listed in main.rs", file.display());
    }
    Ok(())
}
