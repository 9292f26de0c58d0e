//! Generates the list of scripts that `bench-migrator` links, in the form of a project's registry.

use std::fmt::Write as _;

#[path = "src/script_names.rs"]
#[allow(unreachable_pub, reason = "the library has the same file as a module")]
mod script_names;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/script_names.rs");
    let checksum = "0".repeat(64);
    let mut scripts = "&[\n".to_owned();
    for n in 0..script_names::MAX_SCRIPTS {
        let name = script_names::script_name(n);
        writeln!(
            scripts,
            "&Script::from_functions({name:?}, {name:?}, {checksum:?}, up).down(down),"
        )
        .expect("writing to a string does not fail");
    }
    scripts += "]";
    let out_dir = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(std::path::Path::new(&out_dir).join("scripts.rs"), scripts)
        .expect("OUT_DIR is writable");
}
