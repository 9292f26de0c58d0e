//! Renders the enums into one file, because several tables may use the same enum.

use std::collections::BTreeMap;

use seedbed_config::{EntityOptions, SerdeDerives};
use seedbed_schema::model::QualifiedName;

use super::HEADER;
use super::comments::doc_comment;
use super::derives::derives;
use crate::names::{readable, schema_unless_public};
use crate::schema::EntityEnum;

/// Renders the enums.
pub(super) fn render(
    enums: &BTreeMap<&QualifiedName, EntityEnum<'_>>,
    options: &EntityOptions,
) -> String {
    let mut text = format!("//! The enum types.\n{HEADER}\nuse sea_orm::entity::prelude::*;\n");
    for (name, entity_enum) in enums {
        text += &match entity_enum.has_other {
            true => render_with_other_variant(name, entity_enum, options),
            false => render_exhaustive(name, entity_enum, options),
        };
    }
    text
}

/// Renders an enum of exactly the labels that the database has.
fn render_exhaustive(
    name: &QualifiedName,
    entity_enum: &EntityEnum<'_>,
    options: &EntityOptions,
) -> String {
    let derives = derives(
        &["Clone", "Copy", "Debug", "PartialEq", "Eq", "EnumIter"],
        options,
        &options.enum_derives,
        "DeriveActiveEnum",
    );
    let sea_orm = format!(
        "#[sea_orm(rs_type = \"String\", db_type = \"Enum\", enum_name = {:?})]\n",
        sql_name(name)
    );
    let variants =
        variants(entity_enum, options, |label| format!("#[sea_orm(string_value = {label:?})]\n"));
    let docs = docs(name, entity_enum);
    format!("\n{docs}{derives}{sea_orm}pub enum {} {{\n{variants}}}\n", entity_enum.type_name)
}

/// Renders an enum that can be read if the database has more labels.
fn render_with_other_variant(
    name: &QualifiedName,
    entity_enum: &EntityEnum<'_>,
    options: &EntityOptions,
) -> String {
    let rust = &entity_enum.type_name;
    let derives = derives(
        &["Clone", "Debug", "PartialEq", "Eq"],
        options,
        &options.enum_derives,
        "DeriveValueType",
    );
    let mut other = "Other".to_owned();
    while entity_enum.labels.iter().any(|(_, variant)| *variant == other) {
        other.push_str("Label");
    }
    let untagged = if options.serde == SerdeDerives::None { "" } else { "#[serde(untagged)]\n" };
    let variants = variants(entity_enum, options, |_| String::new());
    let arms = |arm: &dyn Fn(&str, &str) -> String| -> String {
        entity_enum.labels.iter().map(|(label, variant)| arm(label, variant)).collect()
    };
    let to_label = arms(&|label, variant| format!("Self::{variant} => {label:?},\n"));
    let to_variant = arms(&|label, variant| format!("{label:?} => Self::{variant},\n"));
    let docs = docs(name, entity_enum);
    format!(
        r#"
{docs}{derives}#[sea_orm(value_type = "String")]
pub enum {rust} {{
{variants}/// A label that was added after this code was generated.
{untagged}{other}(String),
}}

impl std::fmt::Display for {rust} {{
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {{
        f.write_str(match self {{ {to_label} Self::{other}(label) => label }})
    }}
}}

impl std::str::FromStr for {rust} {{
    type Err = std::convert::Infallible;

    fn from_str(label: &str) -> Result<Self, Self::Err> {{
        Ok(match label {{ {to_variant} label => Self::{other}(label.to_owned()) }})
    }}
}}

impl sea_orm::TryGetableArray for {rust} {{
    fn try_get_by<I: sea_orm::ColIdx>(row: &QueryResult, index: I) -> Result<Vec<Self>, sea_orm::TryGetError> {{
        let labels = <Vec<String> as sea_orm::TryGetable>::try_get_by(row, index)?;
        Ok(labels.iter().map(|label| match label.parse() {{ Ok(label) => label }}).collect())
    }}
}}

impl sea_orm::TryFromU64 for {rust} {{
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {{
        Err(DbErr::ConvertFromU64("{rust}"))
    }}
}}
"#
    )
}

fn docs(name: &QualifiedName, entity_enum: &EntityEnum<'_>) -> String {
    let (comment, _) = comments(entity_enum);
    doc_comment("///", &comment.unwrap_or_else(|| format!("The enum type `{}`.", readable(name))))
}

/// Renders the variants, each with its documentation and its name in JSON.
fn variants(
    entity_enum: &EntityEnum<'_>,
    options: &EntityOptions,
    attribute: impl Fn(&str) -> String,
) -> String {
    let (_, mut label_comments) = comments(entity_enum);
    let mut text = String::new();
    for (label, variant) in &entity_enum.labels {
        let comment = label_comments.remove(label);
        text += &doc_comment("///", &comment.unwrap_or_else(|| format!("`{label}`.")));
        text += &attribute(label);
        if options.serde != SerdeDerives::None {
            text += &format!("#[serde(rename = {label:?})]\n");
        }
        text += &format!("{variant},\n");
    }
    text
}

/// Returns the name of an enum in the form that SeaORM's macro expects.
pub(crate) fn sql_name(name: &QualifiedName) -> String {
    match schema_unless_public(name) {
        Some(_) => name.to_string(),
        None => seedbed_sql::quote_ident_if_needed(&name.name),
    }
}

/// Splits the comment on a type into its own text and the texts of labels. PostgreSQL has no
/// comments on labels, so a line `label: …` counts as one.
fn comments<'l>(entity_enum: &EntityEnum<'l>) -> (Option<String>, BTreeMap<&'l str, String>) {
    let mut type_lines = Vec::new();
    let mut label_comments = BTreeMap::new();
    for line in entity_enum.comment.iter().flat_map(|comment| comment.lines()) {
        let label = line.split_once(": ").and_then(|(label, text)| {
            let (label, _) = entity_enum.labels.iter().find(|(known, _)| *known == label)?;
            Some((*label, text.to_owned()))
        });
        match label {
            Some((label, text)) => {
                label_comments.insert(label, text);
            }
            None => type_lines.push(line),
        }
    }
    (Some(type_lines.join("\n")).filter(|text| !text.is_empty()), label_comments)
}
