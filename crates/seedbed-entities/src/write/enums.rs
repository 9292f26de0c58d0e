//! Renders the enums into one file, because several tables may use the same one.

use std::collections::BTreeMap;

use super::{HEADER, doc_comment};
use crate::entity_schema::EntitySchema;
use crate::names::{camel, plain};
use crate::types::readable;

/// Renders the enums with those Rust names.
pub(super) fn render(entity_schema: &EntitySchema, names: &BTreeMap<String, String>) -> String {
    let mut text = format!("//! The enum types.\n{HEADER}\nuse sea_orm::entity::prelude::*;\n");
    for (name, labels) in &entity_schema.enums {
        let Some(rust) = names.get(name) else {
            continue;
        };
        let plain = plain(name);
        let (comment, mut of_labels) = comments(entity_schema.comments.get(name), labels);
        text += "\n";
        text +=
            &doc_comment("///", &comment.unwrap_or_else(|| format!("The enum type `{plain}`.")));
        text += "#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]\n";
        text += &format!(
            "#[sea_orm(rs_type = \"String\", db_type = \"Enum\", enum_name = {:?})]\n\
             pub enum {rust} {{\n",
            readable(name)
        );
        for label in labels {
            let comment = of_labels.remove(label.as_str());
            text += &doc_comment("///", &comment.unwrap_or_else(|| format!("`{label}`.")));
            text += &format!("#[sea_orm(string_value = {label:?})]\n{},\n", camel(label));
        }
        text += "}\n";
    }
    text
}

/// Splits the comment on a type into its own text and the texts of labels. PostgreSQL has no
/// comments on labels, so a line `label: …` counts as one.
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
