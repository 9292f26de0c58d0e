//! Renders `mod.rs`, which lists the entities, and `prelude.rs`, which has a name for each.

use super::{HAND_WRITTEN_FOLDER, HEADER, Modules};
use crate::names::prelude_name;

const ALLOWED: &str = "
#![allow(
    nonstandard_style, rustdoc::all, clippy::doc_lazy_continuation, clippy::enum_variant_names,
    reason = \"names and comments in the database are not Rust's, and need not be Markdown\"
)]

";

/// Renders the list of modules, each with whether it is generated.
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

/// Renders the names of all entities.
pub(super) fn prelude(modules: &Modules<'_>) -> String {
    let mut text = format!(
        "//! The entities, each by the name of a row.\n{HEADER}\n\
         #![allow(unused_imports, reason = \"a program may use some of them only\")]\n\n"
    );
    for module in modules.keys() {
        text += &format!("pub use super::{module}::Entity as {};\n", prelude_name(module));
    }
    text
}
