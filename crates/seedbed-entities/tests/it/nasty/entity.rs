//! `entities`: of every sort . ​
//! let x = 5;
//! \`\`\`rust
//! compile_error!("it is run");
//! \`\`\`
//! \~\~\~
//! 1 + "a";
//! \~\~\~
//! - \`\`\`
//! > \`\`\`
//! /// *//* #![deny(warnings)] \ ${}"'
//! <b>[not a link][x]
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `entities`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "entities")]
pub struct Model {
    /// Made by the database.
    #[sea_orm(primary_key)]
    pub entity: i64,
    /// \`\`\`compile_fail
    /// let
    #[sea_orm(column_type = "Text")]
    pub model: String,
    /// The column `column`: text.
    #[sea_orm(column_type = "Text")]
    pub column: String,
    /// The column `relation`: text.
    #[sea_orm(column_type = "Text")]
    pub relation: Option<String>,
    /// The column `active_model`: text.
    #[sea_orm(column_type = "Text")]
    pub active_model: Option<String>,
    /// The column `primary_key`: text.
    #[sea_orm(column_type = "Text")]
    pub primary_key: Option<String>,
    /// The column `table`: text.
    #[sea_orm(column_type = "Text")]
    pub table: Option<String>,
    /// The column `related_entity`: text.
    #[sea_orm(column_type = "Text")]
    pub related_entity: Option<String>,
    ///
    /// panic!();
    #[sea_orm(unique)]
    pub id: Option<i32>,
    /// The column `self`: text.
    #[sea_orm(column_name = "self", column_type = "Text")]
    pub entity_self: Option<String>,
    /// The column `super`: text.
    #[sea_orm(column_name = "super", column_type = "Text")]
    pub entity_super: Option<String>,
    /// The column `crate`: text.
    #[sea_orm(column_name = "crate", column_type = "Text")]
    pub entity_crate: Option<String>,
    /// The column `_`: text.
    #[sea_orm(column_name = "_", column_type = "Text")]
    pub n5f: Option<String>,
    /// The column `🎉`: text.
    #[sea_orm(column_name = "🎉", column_type = "Text")]
    pub n1f389: Option<String>,
    /// The column `größe`: text.
    #[sea_orm(column_name = "größe", column_type = "Text")]
    pub größe: Option<String>,
    /// The column `名前`: text.
    #[sea_orm(column_name = "名前", column_type = "Text")]
    pub 名前: Option<String>,
    /// The column `a b`: text.
    #[sea_orm(column_name = "a b", column_type = "Text")]
    pub a_b: Option<String>,
    /// The column `c" = d`: text.
    #[sea_orm(column_name = "c\" = d", column_type = "Text")]
    pub c_d: Option<String>,
    /// The column `e`: text.
    #[sea_orm(column_type = "Text")]
    pub e: Option<String>,
    /// The column `new
    /// line`: text.
    #[sea_orm(column_name = "new\nline", column_type = "Text")]
    pub new_line: Option<String>,
    /// The column `1st`: text.
    #[sea_orm(column_name = "1st", column_type = "Text")]
    pub n1st: Option<String>,
    /// The column `async`: text.
    #[sea_orm(column_name = "async", column_type = "Text")]
    pub entity_async: Option<String>,
    /// The column `r#type`: text.
    #[sea_orm(column_name = "r#type", column_type = "Text")]
    pub r_type: Option<String>,
    /// The column `try`: text.
    #[sea_orm(column_name = "try", column_type = "Text")]
    pub entity_try: Option<String>,
    /// The column `gen`: text.
    #[sea_orm(column_name = "gen", column_type = "Text")]
    pub entity_gen: Option<String>,
    /// The column `static`: text.
    #[sea_orm(column_name = "static", column_type = "Text")]
    pub entity_static: Option<String>,
    /// The column `find`: text.
    #[sea_orm(column_type = "Text")]
    pub find: Option<String>,
    /// The column `def`: text.
    #[sea_orm(column_type = "Text")]
    pub def: Option<String>,
    /// The column `entity_type`: text.
    #[sea_orm(column_type = "Text")]
    pub entity_type: Option<String>,
    /// The column `default`: text.
    #[sea_orm(column_type = "Text")]
    pub default: Option<String>,
    /// The column `union`: text.
    #[sea_orm(column_type = "Text")]
    pub union: Option<String>,
    /// The column `macro_rules`: text.
    #[sea_orm(column_type = "Text")]
    pub macro_rules: Option<String>,
    /// The column `set_id`: text.
    #[sea_orm(column_type = "Text")]
    pub set_id: Option<String>,
    /// The column `x*/`: text.
    #[sea_orm(column_name = "x*/", column_type = "Text")]
    pub x: Option<String>,
    /// The column ``y``: text.
    #[sea_orm(column_name = "`y`", column_type = "Text")]
    pub y: Option<String>,
    /// The column `a_column_whose_name_is_as_long_as_the_server_takes_sixty_three_`: text.
    #[sea_orm(
        column_name = "a_column_whose_name_is_as_long_as_the_server_takes_sixty_three_",
        column_type = "Text"
    )]
    pub a_column_whose_name_is_as_long_as_the_server_takes_sixty_three: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
