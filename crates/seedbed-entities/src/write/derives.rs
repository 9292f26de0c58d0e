//! Renders the derives of rows and enums.

use seedbed_config::{EntityOptions, SerdeDerives};

/// Returns a `#[derive(…)]` with the derives of an item, those of serde, and those that a project has chosen.
pub(super) fn derives(
    own: &[&str],
    options: &EntityOptions,
    chosen: &[String],
    last: &str,
) -> String {
    let mut all = own.to_vec();
    all.extend(serde(options.serde));
    for path in chosen {
        if !all.contains(&path.as_str()) && path != last {
            all.push(path);
        }
    }
    all.push(last);
    format!("#[derive({})]\n", all.join(", "))
}

fn serde(derives: SerdeDerives) -> &'static [&'static str] {
    match derives {
        SerdeDerives::None => &[],
        SerdeDerives::Serialize => &["::serde::Serialize"],
        SerdeDerives::Deserialize => &["::serde::Deserialize"],
        SerdeDerives::Both => &["::serde::Serialize", "::serde::Deserialize"],
    }
}
