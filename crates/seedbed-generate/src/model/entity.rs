//! What a model needs to know of an entity, from the text that `make entities` wrote.

use super::ModelError;

/// An entity, as far as a model goes.
#[derive(Debug)]
pub(super) struct Entity<'t> {
    /// The module.
    pub(super) name: &'t str,
    /// What a row is, if the table says so.
    pub(super) purpose: Option<&'t str>,
    pub(super) key: Field<'t>,
    /// The columns that a new row needs.
    pub(super) required: Vec<Field<'t>>,
}

#[derive(Debug, Clone)]
pub(super) struct Field<'t> {
    pub(super) name: &'t str,
    pub(super) rust: &'t str,
    attributes: String,
}

/// What the prelude of SeaORM, or Rust, has; any other type is an enum.
const KNOWN: &[&str] = &[
    "Uuid",
    "String",
    "bool",
    "i16",
    "i32",
    "i64",
    "f32",
    "f64",
    "DateTimeWithTimeZone",
    "DateTime",
    "Date",
    "Time",
    "Json",
    "Vec<u8>",
];

impl<'t> Entity<'t> {
    pub(super) fn parse(name: &'t str, text: &'t str) -> Result<Self, ModelError> {
        let (keys, others): (Vec<Field<'_>>, Vec<Field<'_>>) =
            fields(text).into_iter().partition(|field| field.has("primary_key"));
        let key = match keys.as_slice() {
            [] => return Err(ModelError::NoModel(name.to_owned())),
            [key] if matches!(key.rust, "Uuid" | "i16" | "i32" | "i64" | "String") => key.clone(),
            _ => return Err(ModelError::Key(name.to_owned())),
        };
        let is_required = |field: &Field<'_>| {
            !field.rust.starts_with("Option<") && !matches!(field.name, "created_at" | "updated_at")
        };
        let required = others.into_iter().filter(is_required).collect();
        let purpose = text.lines().next().and_then(|line| line.split_once("`: "));
        Ok(Self { name, purpose: purpose.map(|(_, purpose)| purpose), key, required })
    }

    /// Whether the database makes the key of a new row.
    pub(super) fn key_is_made(&self) -> bool {
        self.key.rust == "Uuid" || !self.key.has("auto_increment = false")
    }

    /// The enums of its columns.
    pub(super) fn enums(&self) -> Vec<&'t str> {
        let mut enums: Vec<&str> = self.required.iter().map(|field| field.rust).collect();
        enums.retain(|rust| !KNOWN.contains(rust));
        enums.sort_unstable();
        enums.dedup();
        enums
    }

    /// The one text that no two rows may share, if it is just one.
    pub(super) fn unique(&self) -> Option<&Field<'t>> {
        let mut unique =
            self.required.iter().filter(|field| field.has("unique") && field.rust == "String");
        unique.next().filter(|_| unique.next().is_none())
    }
}

impl Field<'_> {
    fn has(&self, attribute: &str) -> bool {
        self.attributes.split(',').any(|known| known.trim() == attribute)
    }
}

/// The columns; relations are none.
fn fields(text: &str) -> Vec<Field<'_>> {
    let mut found = Vec::new();
    let mut attributes = String::new();
    let body = text.split_once("pub struct Model {\n").map_or("", |(_, body)| body);
    for line in body.lines().take_while(|line| *line != "}").map(str::trim) {
        let field = line.strip_prefix("pub ").and_then(|field| field.split_once(": "));
        match field {
            Some((name, rust)) => {
                let rust = rust.trim_end_matches(',');
                let is_relation = ["BelongsTo<", "HasOne<", "HasMany<"];
                if !is_relation.iter().any(|relation| rust.starts_with(relation)) {
                    found.push(Field { name, rust, attributes: std::mem::take(&mut attributes) });
                }
                attributes.clear();
            }
            // A long attribute goes over several lines.
            None if line.starts_with("//") => {}
            None => attributes += line.trim_start_matches("#[sea_orm(").trim_end_matches(")]"),
        }
    }
    found
}
