//! The enums, all in one file: one may be in several tables.

use std::collections::BTreeMap;

use super::{WRITTEN, docs};
use crate::names::{camel, plain};
use crate::shape::Shape;
use crate::types::readable;

/// Of those names, from SQL to Rust.
pub(super) fn text(shape: &Shape, names: &BTreeMap<String, String>) -> String {
    let mut text = format!("//! The enum types.\n{WRITTEN}\nuse sea_orm::entity::prelude::*;\n");
    for (name, labels) in &shape.enums {
        let Some(rust) = names.get(name) else {
            continue;
        };
        let plain = plain(name);
        let (comment, mut of_labels) = comments(shape.comments.get(name), labels);
        text += "\n";
        text += &docs("///", &comment.unwrap_or_else(|| format!("The enum type `{plain}`.")));
        text += "#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]\n";
        text += &format!(
            "#[sea_orm(rs_type = \"String\", db_type = \"Enum\", enum_name = {:?})]\n\
             pub enum {rust} {{\n",
            readable(name)
        );
        for label in labels {
            let comment = of_labels.remove(label.as_str());
            text += &docs("///", &comment.unwrap_or_else(|| format!("`{label}`.")));
            text += &format!("#[sea_orm(string_value = {label:?})]\n{},\n", camel(label));
        }
        text += "}\n";
    }
    text
}

/// PostgreSQL has no comment on a label, so a line `label: …` of the type's comment is taken for one.
fn comments<'l>(
    comment: Option<&String>,
    labels: &'l [String],
) -> (Option<String>, BTreeMap<&'l str, String>) {
    let mut of_type = Vec::new();
    let mut of_labels = BTreeMap::new();
    for line in comment.iter().flat_map(|comment| comment.lines()) {
        let label = line.split_once(": ").and_then(|(label, text)| {
            let label = labels.iter().find(|known| *known == label)?;
            Some((label.as_str(), text.to_owned()))
        });
        match label {
            Some((label, text)) => {
                of_labels.insert(label, text);
            }
            None => of_type.push(line),
        }
    }
    (Some(of_type.join("\n")).filter(|text| !text.is_empty()), of_labels)
}
