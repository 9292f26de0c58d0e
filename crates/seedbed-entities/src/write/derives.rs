//! Renders the derives of models and enums.

use seedbed_config::{EntityOptions, SerdeDerives};

/// Returns a `#[derive(…)]` with the item's own derives, those of serde, those that a project has chosen, and the
/// derive of SeaORM, which is the last.
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
