//! Writes the list of scripts that `bench-migrator` links, as a project's registry has it.

use std::fmt::Write as _;

#[path = "src/names.rs"]
#[allow(unreachable_pub, reason = "build.rs includes the file too")]
mod names;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/names.rs");
    let checksum = "0".repeat(64);
    let mut list = "&[\n".to_owned();
    for n in 0..names::MOST {
        let name = names::script_name(n);
        writeln!(list, "&Script::functions({name:?}, {name:?}, {checksum:?}, up),")
            .expect("a string takes every text");
    }
    list += "]";
    let folder = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(std::path::Path::new(&folder).join("scripts.rs"), list)
        .expect("OUT_DIR can be written to");
}
