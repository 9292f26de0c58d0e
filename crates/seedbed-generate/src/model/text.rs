//! The text of a model and of its test.

use super::entity::{Entity, Field};

/// More arguments than this nobody reads, and clippy neither.
const ARGUMENTS: usize = 6;

impl Entity<'_> {
    pub(super) fn model(&self) -> String {
        let name = self.name;
        let mut imports = vec!["ActiveModel", "Entity", "Model"];
        if self.is_by_arguments() {
            imports.extend(self.enums());
        }
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

    pub(super) fn test(&self) -> String {
        let name = self.name;
        let id = match self.key.rust {
            "Uuid" => "let id = Uuid::nil();".to_owned(),
            "String" => "let id = \"nowhere\";".to_owned(),
            _ => "let id = -1;".to_owned(),
        };
        let prelude =
            if self.key.rust == "Uuid" { "use sea_orm::entity::prelude::Uuid;\n" } else { "" };
        format!(
            "{}\nuse anyhow::{{Context, Result}};\nuse backend::models::{name};\n{prelude}\
             use seedbed_testdb::TestDatabase;\n\n\
             #[tokio::test]\n\
             async fn {}_{name}_that_is_not_there_is_named() -> Result<()> {{\n\
             let database = TestDatabase::new(&rds::project()).await;\n\
             let db = database.connection();\n{id}\n\n\
             let missing = {name}::get(db, id).await;\n\n\
             let error = missing.err().context(\"there is one\")?;\n\
             assert_eq!(error.to_string(), format!(\"there is no {} {{id}}\"));\n\
             Ok(())\n}}\n",
            self.heading(),
            self.article(),
            self.words(),
        )
    }

    fn heading(&self) -> String {
        let plural = crate::words::plural(&self.words());
        let mut letters = plural.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string());
        let plural = first.unwrap_or_default() + letters.as_str();
        match self.purpose {
            Some(purpose) => format!("//! {plural}: {purpose}\n"),
            None => format!("//! {plural}.\n"),
        }
    }

    fn words(&self) -> String {
        self.name.replace('_', " ")
    }

    fn article(&self) -> &'static str {
        if self.name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
    }

    /// Whether `create` takes the columns one by one.
    fn is_by_arguments(&self) -> bool {
        self.key_is_made()
            && self.required.len() <= ARGUMENTS
            && self.required.iter().all(|field| field.name != "db")
    }

    fn create(&self) -> String {
        let (name, article, words) = (self.name, self.article(), self.words());
        let start = format!("/// Creates {article} {words}.\n///\n/// # Errors\n");
        if !self.is_by_arguments() {
            return format!(
                "{start}/// When the database refuses.\npub async fn create(\
                 db: &impl ConnectionTrait, {name}: ActiveModel) -> Result<Model, Error> {{\n\
                 Ok({name}.insert(db).await?)\n}}\n"
            );
        }
        let arguments: String =
            self.required.iter().map(|field| format!(", {}", argument(field))).collect();
        let values: String = self.required.iter().map(value).collect();
        let row = match self.required.as_slice() {
            [] => "ActiveModel::default()".to_owned(),
            _ => format!("ActiveModel {{ {values}..Default::default() }}"),
        };
        let (errors, insert) = match self.unique() {
            Some(Field { name: unique, .. }) => {
                let what = unique.replace('_', " ");
                (
                    format!("[`Error::Taken`] when another {words} has the {what}."),
                    format!(
                        "{name}.insert(db).await.map_err(|error| \
                         Error::taken(error, {what:?}, {unique}))"
                    ),
                )
            }
            None => {
                ("When the database refuses.".to_owned(), format!("Ok({name}.insert(db).await?)"))
            }
        };
        format!(
            "{start}/// {errors}\npub async fn create(db: &impl ConnectionTrait{arguments}) \
             -> Result<Model, Error> {{\nlet {name} = {row};\n{insert}\n}}\n"
        )
    }

    fn get(&self) -> String {
        let (name, words) = (self.name, self.words());
        let (argument, id) = match self.key.rust {
            "String" => ("&str", "id.to_owned()"),
            rust => (rust, "id"),
        };
        let key = self.key.name.replace('_', " ");
        format!(
            "/// The {words} with that {key}.\n///\n/// # Errors\n\
             /// [`Error::NotFound`] when there is none.\n\
             pub async fn get(db: &impl ConnectionTrait, id: {argument}) -> Result<Model, Error> {{\n\
             let {name} = Entity::find_by_id({id}).one(db).await?;\n\
             {name}.ok_or_else(|| Error::not_found({words:?}, id))\n}}\n"
        )
    }

    fn delete(&self) -> String {
        let (name, words) = (self.name, self.words());
        format!(
            "/// Deletes the {words}.\n///\n/// # Errors\n/// When the database refuses.\n\
             pub async fn delete(db: &impl ConnectionTrait, {name}: Model) -> Result<(), Error> {{\n\
             {name}.delete(db).await?;\nOk(())\n}}\n"
        )
    }
}

fn argument(field: &Field<'_>) -> String {
    match field.rust {
        "String" => format!("{}: &str", field.name),
        rust => format!("{}: {rust}", field.name),
    }
}

/// In the order of the arguments.
fn value(field: &Field<'_>) -> String {
    match field.rust {
        "String" => format!("{0}: Set({0}.to_owned()), ", field.name),
        _ => format!("{0}: Set({0}), ", field.name),
    }
}
