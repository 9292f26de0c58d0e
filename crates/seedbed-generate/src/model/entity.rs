//! What a model needs to know of an entity, from the text that `make entities` wrote.

use super::ModelError;

/// An entity, as far as a model goes.
#[derive(Debug)]
pub(super) struct Entity<'t> {
    /// The module.
    pub(super) name: &'t str,
    /// What a row is, if the table says so.
    pub(super) purpose: Option<&'t str>,
    /// The columns of the primary key, in their order.
    pub(super) keys: Vec<Field<'t>>,
    /// The columns that a new row needs, those of a key that nobody makes among them, and none that the database
    /// has a default for.
    pub(super) required: Vec<Field<'t>>,
    /// Whether those are all of its columns.
    pub(super) requires_all: bool,
    /// Whether SeaORM has made another `find_by_id` for a unique column of that name.
    pub(super) has_another_id: bool,
    /// The enums of its columns.
    enums: Vec<&'t str>,
}

#[derive(Debug, Clone)]
pub(super) struct Field<'t> {
    pub(super) name: &'t str,
    pub(super) rust: &'t str,
    attributes: String,
    /// Whether a new row gets a value by the database, as the documentation says.
    is_made: bool,
}

/// How a value of a key is written in a test: one that no row has.
const NOBODYS: &[(&str, &str)] = &[
    ("Uuid", "Uuid::nil()"),
    ("String", "\"nowhere\""),
    ("i16", "-1"),
    ("i32", "-1"),
    ("i64", "-1"),
    ("bool", "false"),
    ("Decimal", "Decimal::NEGATIVE_ONE"),
    ("Date", "Date::default()"),
    ("Time", "Time::default()"),
    ("DateTime", "DateTime::default()"),
    ("DateTimeWithTimeZone", "DateTimeWithTimeZone::default()"),
];

impl<'t> Entity<'t> {
    pub(super) fn parse(name: &'t str, text: &'t str) -> Result<Self, ModelError> {
        let fields = fields(text);
        let keys: Vec<Field<'_>> = fields.iter().filter(|field| field.is_key()).cloned().collect();
        let enums: Vec<&str> = text.lines().filter_map(enum_of).collect();
        if keys.is_empty() {
            return Err(ModelError::NoModel(name.to_owned()));
        }
        let is_odd = |key: &&Field<'_>| key.nobodys().is_none() && !enums.contains(&key.rust);
        if let Some(odd) = keys.iter().find(is_odd) {
            return Err(ModelError::Key {
                entity: name.to_owned(),
                column: odd.name.to_owned(),
                rust: odd.rust.to_owned(),
            });
        }
        let is_required = |field: &Field<'_>| {
            !field.is_made
                && !field.rust.starts_with("Option<")
                && !matches!(field.name, "created_at" | "updated_at")
        };
        let columns = fields.len();
        let has_another_id =
            fields.iter().any(|field| field.name == "id" && field.has("unique") && !field.is_key());
        let required: Vec<Field<'_>> = fields.into_iter().filter(is_required).collect();
        let requires_all = required.len() == columns;
        let purpose = text.lines().next().and_then(|line| line.split_once("`: "));
        let purpose = purpose.map(|(_, purpose)| purpose);
        Ok(Self { name, purpose, keys, required, requires_all, has_another_id, enums })
    }

    /// The enums of those columns.
    pub(super) fn enums(&self, fields: &[Field<'t>]) -> Vec<&'t str> {
        let is_used = |name: &&&str| {
            let list = format!("Vec<{name}>");
            fields.iter().any(|field| field.rust == **name || field.rust == list)
        };
        self.enums.iter().filter(is_used).copied().collect()
    }

    /// The one thing that no two rows may share, if it is just one: a text, or a key that is given.
    pub(super) fn unique(&self) -> Option<Unique<'_, 't>> {
        let texts =
            self.required.iter().filter(|field| field.has("unique") && field.rust == "String");
        let is_given = self.required.iter().any(Field::is_key);
        let mut unique = texts.map(Unique::Text).chain(is_given.then_some(Unique::Key));
        unique.next().filter(|_| unique.next().is_none())
    }
}

/// What no two rows may share.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unique<'e, 't> {
    Text(&'e Field<'t>),
    Key,
}

impl<'t> Field<'t> {
    /// Its name as an argument, beside that of the connection.
    pub(super) fn argument(&self) -> &'t str {
        if self.name == "db" { "db_value" } else { self.name }
    }

    /// A value of it that no row has; that of an enum is found out in the test.
    pub(super) fn nobodys(&self) -> Option<&'static str> {
        let is_cast = self.attributes.contains("save_as");
        // Text that another type is made of may be none of that.
        if self.rust == "String" && is_cast && !self.attributes.contains("save_as = \"citext\"") {
            return None;
        }
        NOBODYS.iter().find(|(rust, _)| *rust == self.rust).map(|(_, value)| *value)
    }

    fn is_key(&self) -> bool {
        self.has("primary_key")
    }

    fn has(&self, attribute: &str) -> bool {
        self.attributes.split(',').any(|known| known.trim() == attribute)
    }
}

/// `pub use super::enums::Mood;`
fn enum_of(line: &str) -> Option<&str> {
    line.strip_prefix("pub use super::enums::")?.strip_suffix(';')
}

/// The columns; relations are none.
fn fields(text: &str) -> Vec<Field<'_>> {
    let mut found = Vec::new();
    let (mut attributes, mut is_made) = (String::new(), false);
    let body = text.split_once("pub struct Model {\n").map_or("", |(_, body)| body);
    for line in body.lines().take_while(|line| *line != "}").map(str::trim) {
        let field = line.strip_prefix("pub ").and_then(|field| field.split_once(": "));
        match field {
            Some((name, rust)) => {
                let rust = rust.trim_end_matches(',');
                let is_relation = ["BelongsTo<", "HasOne<", "HasMany<"];
                if !is_relation.iter().any(|relation| rust.starts_with(relation)) {
                    found.push(Field { name, rust, attributes, is_made });
                }
                (attributes, is_made) = (String::new(), false);
            }
            // A long attribute goes over several lines.
            None if line.starts_with("//") => {
                is_made |= matches!(
                    line,
                    "/// Made by the database." | "/// The database has a default for it."
                );
            }
            None => attributes += line.trim_start_matches("#[sea_orm(").trim_end_matches(")]"),
        }
    }
    found
}
