//! The enums with their names in Rust.

use std::collections::BTreeMap;

use seedbed_config::EntityOptions;
use seedbed_schema::model::{DatabaseSchema, QualifiedName};

use super::names::grouped;
use super::settings;
use crate::names::{enum_type_name, generated_type_names, variants};
use crate::warning::EntityWarning;

/// An enum that is a type in Rust.
#[derive(Debug)]
pub(crate) struct EntityEnum<'s> {
    pub(crate) type_name: String,
    /// The labels with their variants.
    pub(crate) labels: Vec<(&'s str, String)>,
    pub(crate) comment: Option<&'s str>,
    /// Whether the type has a variant for labels that are added later.
    pub(crate) has_other: bool,
}

/// Returns the enums that are a type in Rust. An enum without labels has no values, and an enum whose labels are not
/// distinct variants is read as text.
pub(super) fn new<'s>(
    schema: &'s DatabaseSchema,
    options: &EntityOptions,
    warnings: &mut Vec<EntityWarning>,
) -> BTreeMap<&'s QualifiedName, EntityEnum<'s>> {
    let mut enums = BTreeMap::new();
    for (name, enum_type) in &schema.enums {
        let settings = settings::find(&options.enums, name);
        let Some(variants) = variants(&enum_type.labels).filter(|names| !names.is_empty()) else {
            continue;
        };
        let given = settings.and_then(|settings| settings.name.clone());
        let labels = enum_type.labels.iter().map(String::as_str).zip(variants).collect();
        enums.insert(
            name,
            EntityEnum {
                type_name: given.unwrap_or_else(|| enum_type_name(name)),
                labels,
                comment: enum_type.comment.as_deref(),
                has_other: settings.is_some_and(|settings| settings.other),
            },
        );
    }
    // First the enums whose types have the same name are removed, and then those whose type has the name of a type that
    // SeaORM's macros generate for another enum. In one pass, the former would be reported again for each generated
    // type.
    skip_same_names(&mut enums, warnings, |name| vec![name.to_owned()]);
    skip_same_names(&mut enums, warnings, |name| {
        let generated = generated_type_names(name).into_iter();
        generated.chain([name.to_owned()]).collect()
    });
    enums
}

/// Removes the enums that have a name in common. `names` returns the names in Rust that an enum takes, given the name
/// of its type.
fn skip_same_names(
    enums: &mut BTreeMap<&QualifiedName, EntityEnum<'_>>,
    warnings: &mut Vec<EntityWarning>,
    names: impl Fn(&str) -> Vec<String>,
) {
    let in_rust = enums.iter().flat_map(|(name, entity_enum)| {
        names(&entity_enum.type_name).into_iter().map(|rust| (rust, *name))
    });
    for (type_name, same) in grouped(in_rust) {
        for name in &same {
            enums.remove(*name);
        }
        let same = same.into_iter().cloned().collect();
        warnings.push(EntityWarning::SameEnum { enums: same, type_name });
    }
}
