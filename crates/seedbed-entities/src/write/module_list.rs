//! Renders `mod.rs`, which lists the entities, and `prelude.rs`, which has a name for each entity.

use std::collections::BTreeSet;

use super::{HAND_WRITTEN_FOLDER, HEADER, Modules};
use crate::names::prelude_name;

/// The lints that generated entities may violate.
const ALLOWED: &str = "
#![allow(
    nonstandard_style, rustdoc::all, clippy::doc_lazy_continuation, clippy::enum_variant_names,
    clippy::upper_case_acronyms,
    reason = \"names and comments of the database need not follow Rust's conventions or Markdown\"
)]

";

/// Renders `mod.rs`.
pub(super) fn render(modules: &Modules<'_>, has_enums: bool) -> String {
    let mut text = format!("//! The tables, one file each.\n{HEADER}{ALLOWED}pub mod prelude;\n\n");
    if has_enums {
        text += "pub mod enums;\n";
    }
    for (module, is_generated) in modules {
        if !is_generated {
            text += &format!("#[path = \"../{HAND_WRITTEN_FOLDER}/{module}.rs\"]\n");
        } else if !module.is_ascii() {
            // rustc does not find a module with such a name by itself.
            text += &format!("#[path = \"{module}.rs\"]\n");
        }
        text += &format!("pub mod {module};\n");
    }
    text
}

/// Renders `prelude.rs`, in which each entity has a distinct name.
pub(super) fn prelude(modules: &Modules<'_>) -> String {
    let mut text = format!(
        "//! Re-exports each entity under its singular name, such as `User`.\n{HEADER}\n\
         #![allow(unused_imports, reason = \"a program may use only some of them\")]\n\n"
    );
    let mut taken = BTreeSet::new();
    for module in modules.keys() {
        let mut name = prelude_name(module);
        while !taken.insert(name.clone()) {
            name.push_str("Entity");
        }
        text += &format!("pub use super::{module}::Entity as {name};\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_the_prelude_are_unique_and_hide_no_type_of_rust() {
        let modules = Modules::from([("option", true), ("option_entity", true), ("user", false)]);
        let prelude = prelude(&modules);
        let exports = prelude.lines().filter(|line| line.starts_with("pub use"));
        let names: Vec<&str> = exports.filter_map(|line| line.split(" as ").nth(1)).collect();
        assert_eq!(names, ["OptionEntity;", "OptionEntityEntity;", "User;"]);
    }
}
