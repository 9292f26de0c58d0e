//! Renders the source of a model and of its test.

use seedbed_entities::{FieldDescription, doc_comment, plural, singular};

use super::plan::{ModelPlan, Unique, argument, enums, missing_value};
use crate::names::join_with;

/// The maximum number of columns that `create` takes as arguments. Together with the connection, these are as many
/// arguments as clippy's `too_many_arguments` allows.
const MAX_COLUMNS: usize = 6;

impl ModelPlan<'_> {
    /// Renders the model.
    pub(super) fn model(&self) -> String {
        let name = self.name();
        let mut imports = vec!["ActiveModel", "Entity", "Model"];
        imports.extend(enums(if self.is_by_arguments() { &self.required } else { &self.keys }));
        imports.sort_unstable();
        let set = if self.is_by_arguments() && !self.required.is_empty() {
            "use sea_orm::Set;\n"
        } else {
            ""
        };
        format!(
            "{}\nuse entity::{name}::{{{}}};\n{set}use sea_orm::entity::prelude::*;\n\n\
             use crate::Error;\n\n{}\n{}\n{}",
            self.heading(),
            imports.join(", "),
            self.create(),
            self.get(),
            self.delete(),
        )
    }

    /// Renders the test of the model.
    pub(super) fn test(&self) -> String {
        let name = self.name();
        let enums = enums(&self.keys);
        let values: String = self.keys.iter().map(|key| missing_key_binding(key)).collect();
        let mut preludes: Vec<&str> = self.keys.iter().map(|key| key.rust_type.as_str()).collect();
        preludes.retain(|rust| rust.starts_with(char::is_uppercase) && !enums.contains(rust));
        preludes.retain(|rust| *rust != "String");
        preludes.sort_unstable();
        preludes.dedup();
        let import = |from: &str, names: &[&str]| match names {
            [] => String::new(),
            [name] => format!("use {from}::{name};\n"),
            names => format!("use {from}::{{{}}};\n", names.join(", ")),
        };
        let iterable = if enums.is_empty() { "" } else { "use sea_orm::Iterable as _;\n" };
        format!(
            "{}\nuse anyhow::{{Context, Result}};\nuse backend::models::{name};\n{}{iterable}{}\
             use seedbed_testdb::TestDatabase;\n\n\
             #[tokio::test]\n\
             async fn a_missing_{name}_is_reported() -> Result<()> {{\n\
             let database = TestDatabase::new(&rds::project()).await;\n\
             let db = database.connection();\n{values}\n\
             let missing = {name}::get(db, {}).await;\n\n\
             let error = missing.err().context(\"expected an error\")?;\n\
             assert_eq!(error.to_string(), format!(\"there is no {} `{}`\"));\n\
             Ok(())\n}}\n",
            self.heading(),
            import(&format!("entity::{name}"), &enums),
            import("sea_orm::entity::prelude", &preludes),
            self.key_arguments().join(", "),
            self.words(),
            self.key_in_words(),
        )
    }

    /// Returns the first line of both files: the plural of the name, and the first line of the table's comment.
    fn heading(&self) -> String {
        let rows = plural(&self.words());
        let mut letters = rows.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string());
        let rows = first.unwrap_or_default() + letters.as_str();
        let comment = self.entity.comment.as_deref().and_then(|text| text.lines().next());
        doc_comment("//!", &comment.map_or(format!("{rows}."), |text| format!("{rows}: {text}")))
    }

    fn name(&self) -> &str {
        &self.entity.module
    }

    /// Returns the singular of the name in words, such as `user role` for `users_role`. The first noun of a join table
    /// is a plural, and the table has a column for its id.
    fn words(&self) -> String {
        let name = self.name();
        let all_singular = name.match_indices('_').find_map(|(at, _)| {
            let first = singular(&name[..at]);
            let id = format!("{first}_id");
            self.entity.fields.iter().any(|field| field.name == id).then(|| first + &name[at..])
        });
        all_singular.unwrap_or_else(|| name.to_owned()).replace('_', " ")
    }

    fn article(&self) -> &'static str {
        let name = self.name();
        // These begin with the sound of `you`, as in `user`, `unit` and `euro`.
        let is_you = ["eu", "uni", "us", "uti", "uu"].iter().any(|start| name.starts_with(start));
        if name.starts_with(['a', 'e', 'i', 'o', 'u']) && !is_you { "an" } else { "a" }
    }

    /// Returns whether `create` takes the columns as arguments rather than an active model.
    fn is_by_arguments(&self) -> bool {
        self.required.len() <= MAX_COLUMNS
    }

    /// Returns the name of the variable for a row, which must not be the name of an argument.
    fn variable(&self) -> &str {
        let is_taken =
            self.required.iter().chain(&self.keys).any(|field| argument(field) == self.name());
        if is_taken { "row" } else { self.name() }
    }

    fn key_arguments(&self) -> Vec<&str> {
        self.keys.iter().map(|key| argument(key)).collect()
    }

    /// Returns the format string of the key for a message. An enum is only printable with `Debug`.
    fn key_in_words(&self) -> String {
        let value = |key: &FieldDescription| match missing_value(key) {
            Some(_) => format!("{{{}}}", argument(key)),
            None => format!("{{{}:?}}", argument(key)),
        };
        let values: Vec<String> = self.keys.iter().map(|key| value(key)).collect();
        values.join(" ")
    }

    /// Returns the expression of the key for an error.
    fn key_value(&self) -> String {
        match self.keys.as_slice() {
            [key] if missing_value(key).is_some() => argument(key).to_owned(),
            _ => format!("format!(\"{}\")", self.key_in_words()),
        }
    }

    fn create(&self) -> String {
        let (name, article, words) = (self.name(), self.article(), self.words());
        let start = format!("/// Creates {article} {words}.\n///\n/// # Errors\n");
        if !self.is_by_arguments() {
            return format!(
                "{start}/// Fails if the database rejects it.\npub async fn create(\
                 db: &impl ConnectionTrait, {name}: ActiveModel) -> Result<Model, Error> {{\n\
                 Ok({name}.insert(db).await?)\n}}\n"
            );
        }
        let arguments: String =
            self.required.iter().map(|field| format!(", {}", parameter(field))).collect();
        let values: String = self.required.iter().map(|field| value(field)).collect();
        let row = match self.required.as_slice() {
            // The source is not `ActiveModel::default()`, which is ambiguous between two traits.
            [] => "ActiveModel { ..Default::default() }".to_owned(),
            _ if self.required.len() == self.entity.fields.len() => {
                format!("ActiveModel {{ {values} }}")
            }
            _ => format!("ActiveModel {{ {values}..Default::default() }}"),
        };
        let row_name = self.variable();
        let taken = |label: &str, value: &str| {
            format!(
                "{row_name}.insert(db).await.map_err(|error| Error::taken(error, {label:?}, {value}))"
            )
        };
        let (errors, insert) = match self.unique() {
            Some(Unique::Text(field)) => {
                let label = field.name.replace('_', " ");
                (
                    format!("Returns [`Error::Taken`] if another {words} has the {label}."),
                    taken(&label, argument(field)),
                )
            }
            Some(Unique::Key) => {
                let value = match self.keys.as_slice() {
                    // `Error::taken` takes a string.
                    [key] if missing_value(key).is_some() && key.rust_type != "String" => {
                        format!("{}.to_string()", argument(key))
                    }
                    _ => self.key_value(),
                };
                ("Returns [`Error::Taken`] if it already exists.".to_owned(), taken(&words, &value))
            }
            None => (
                "Fails if the database rejects it.".to_owned(),
                format!("Ok({row_name}.insert(db).await?)"),
            ),
        };
        format!(
            "{start}/// {errors}\npub async fn create(db: &impl ConnectionTrait{arguments}) \
             -> Result<Model, Error> {{\nlet {row_name} = {row};\n{insert}\n}}\n"
        )
    }

    fn get(&self) -> String {
        let (row_name, words) = (self.variable(), self.words());
        let arguments: Vec<String> = self.keys.iter().map(|key| parameter(key)).collect();
        let values: Vec<String> = self.keys.iter().map(|key| owned(key)).collect();
        let values = match values.as_slice() {
            [value] => value.clone(),
            values => format!("({})", values.join(", ")),
        };
        let entity = if self.has_another_id() { "<Entity as EntityTrait>" } else { "Entity" };
        let names = self.keys.iter().map(|key| key.name.replace('_', " ")).collect();
        format!(
            "/// Returns the {words} with the given {}.\n///\n/// # Errors\n\
             /// Returns [`Error::NotFound`] if it does not exist.\n\
             pub async fn get(db: &impl ConnectionTrait, {}) -> Result<Model, Error> {{\n\
             let {row_name} = {entity}::find_by_id({values}).one(db).await?;\n\
             {row_name}.ok_or_else(|| Error::not_found({words:?}, {}))\n}}\n",
            join_with("and", names),
            arguments.join(", "),
            self.key_value(),
        )
    }

    fn delete(&self) -> String {
        let (name, words) = (self.name(), self.words());
        format!(
            "/// Deletes the {words}.\n///\n/// # Errors\n/// Fails if the database rejects it.\n\
             pub async fn delete(db: &impl ConnectionTrait, {name}: Model) -> Result<(), Error> {{\n\
             {name}.delete(db).await?;\nOk(())\n}}\n"
        )
    }
}

/// Returns the parameter for a field.
fn parameter(field: &FieldDescription) -> String {
    match field.rust_type.as_str() {
        "String" => format!("{}: &str", argument(field)),
        rust => format!("{}: {}", argument(field), in_backend(rust)),
    }
}

/// Returns a type of the entity crate as the backend names it. A type that the settings choose may have `crate` in its
/// path.
fn in_backend(rust: &str) -> String {
    let is_boundary = |c: char| !c.is_alphanumeric() && c != '_';
    let words = rust.split_inclusive(is_boundary);
    let words = words.map(|word| match word.strip_prefix("crate") {
        Some(end) if end.chars().all(is_boundary) => format!("entity{end}"),
        _ => word.to_owned(),
    });
    words.collect()
}

/// Returns the field of an active model that is set to the argument.
fn value(field: &FieldDescription) -> String {
    format!("{}: Set({}), ", field.name, owned(field))
}

/// Returns the argument as an owned value.
fn owned(field: &FieldDescription) -> String {
    match field.rust_type.as_str() {
        "String" => format!("{}.to_owned()", argument(field)),
        _ => argument(field).to_owned(),
    }
}

/// Returns the statement that binds a key that no row has.
fn missing_key_binding(key: &FieldDescription) -> String {
    let name = argument(key);
    match missing_value(key) {
        Some(value) => format!("let {name} = {value};\n"),
        None => {
            format!(
                "let {name} = {0}::iter().next().context(\"`{0}` has no values\")?;\n",
                key.rust_type
            )
        }
    }
}
