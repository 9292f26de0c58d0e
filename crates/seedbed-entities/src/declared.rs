//! Reads the source of an entity.

use quote::ToTokens;
use seedbed_schema::model::QualifiedName;
use syn::ext::IdentExt as _;
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Expr, ExprLit, Fields, GenericArgument, Item, ItemEnum, ItemStruct, Lit, Meta,
    PathArguments, Token, Type,
};

/// The content of a hand-written file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HandWrittenContent {
    /// An extension of a generated entity.
    Extension,
    /// A complete entity, which replaces a generated one or exists without one.
    Entity,
}

impl HandWrittenContent {
    /// Returns whether a source file is an extension or an entity. A comment or a string that mentions
    /// `DeriveEntityModel` does not count.
    pub(crate) fn from_source(source: &str) -> Self {
        const DERIVE: &str = "DeriveEntityModel";
        // rustc reports a source that does not lex. Until it is fixed, any mention of the derive macro counts.
        let is_entity = seedbed_build::contains_identifier(source, DERIVE)
            .unwrap_or_else(|| source.contains(DERIVE));
        if is_entity { Self::Entity } else { Self::Extension }
    }
}

/// An entity in its source.
#[derive(Debug, Clone)]
pub(crate) struct DeclaredEntity {
    pub(crate) table: QualifiedName,
    pub(crate) fields: Vec<DeclaredField>,
}

/// A field that is a column.
#[derive(Debug, Clone)]
pub(crate) struct DeclaredField {
    /// The name of the column.
    pub(crate) column: String,
    /// The variant of SeaORM's `Column`.
    pub(crate) variant: String,
    /// The type without `Option`, and without spaces.
    pub(crate) rust_type: String,
    /// The same type without the paths before names, such as `Vec<Uuid>`.
    pub(crate) plain_type: String,
    pub(crate) nullable: bool,
    pub(crate) is_key: bool,
    pub(crate) unique: bool,
    /// The SQL type that the column is cast to when it is read.
    pub(crate) select_as: Option<String>,
}

/// An enum in its source.
#[derive(Debug, Clone)]
pub(crate) struct DeclaredEnum {
    /// The name as SeaORM writes it, such as `extra.mood`.
    pub(crate) name: String,
    pub(crate) labels: Vec<String>,
}

/// Returns the entity of a source file, if the file is Rust and has one.
pub(crate) fn entity(source: &str) -> Option<DeclaredEntity> {
    let file = syn::parse_file(source).ok()?;
    file.items.iter().find_map(|item| match item {
        Item::Struct(model) if model.ident == "Model" => declared(model),
        _ => None,
    })
}

/// Returns the enums of a source file.
pub(crate) fn enums(source: &str) -> Vec<DeclaredEnum> {
    let items = syn::parse_file(source).map(|file| file.items).unwrap_or_default();
    let declared = items.iter().filter_map(|item| match item {
        Item::Enum(item) => declared_enum(item),
        _ => None,
    });
    declared.collect()
}

fn declared(model: &ItemStruct) -> Option<DeclaredEntity> {
    let attributes = SeaOrmAttributes::read(&model.attrs);
    let schema = attributes.text("schema_name").unwrap_or_else(|| "public".to_owned());
    let table = QualifiedName::new(schema, attributes.text("table_name")?);
    let Fields::Named(fields) = &model.fields else { return None };
    let fields = fields.named.iter().filter_map(|field| {
        let attributes = SeaOrmAttributes::read(&field.attrs);
        let name = field.ident.as_ref()?.unraw().to_string();
        let inner = generic_argument(&field.ty, &["Option"]);
        // The relations of the format with `#[sea_orm::model]` are not columns.
        let is_relation =
            generic_argument(&field.ty, &["BelongsTo", "HasOne", "HasMany"]).is_some();
        (!is_relation && !attributes.has("ignore")).then(|| DeclaredField {
            column: attributes.text("column_name").unwrap_or_else(|| derived_column(&name)),
            variant: attributes
                .text("enum_name")
                .unwrap_or_else(|| crate::names::column_variant(&name)),
            rust_type: without_spaces(inner.unwrap_or(&field.ty)),
            plain_type: without_paths(inner.unwrap_or(&field.ty)),
            nullable: inner.is_some(),
            is_key: attributes.has("primary_key"),
            unique: attributes.has("unique"),
            select_as: attributes.text("select_as"),
        })
    });
    Some(DeclaredEntity { table, fields: fields.collect() })
}

/// Returns the column that SeaORM derives from a field.
fn derived_column(field: &str) -> String {
    use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
    field.to_upper_camel_case().to_snake_case()
}

fn declared_enum(item: &ItemEnum) -> Option<DeclaredEnum> {
    let attributes = SeaOrmAttributes::read(&item.attrs);
    let name = attributes.text("enum_name")?;
    let labels = item.variants.iter().filter_map(|variant| {
        let attributes = SeaOrmAttributes::read(&variant.attrs);
        attributes.text("string_value")
    });
    Some(DeclaredEnum { name, labels: labels.collect() })
}

/// Returns the `T` of a type such as `Option<T>`, if `names` contains the name of the type.
fn generic_argument<'t>(field_type: &'t Type, names: &[&str]) -> Option<&'t Type> {
    let Type::Path(path) = field_type else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(inner) if names.iter().any(|name| last.ident == name) => Some(inner),
        _ => None,
    }
}

/// Returns the type without the paths before names, and without spaces.
fn without_paths(field_type: &Type) -> String {
    let Type::Path(path) = field_type else { return without_spaces(field_type) };
    let Some(last) = path.path.segments.last() else { return without_spaces(field_type) };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return last.ident.to_string();
    };
    let arguments = arguments.args.iter().map(|argument| match argument {
        GenericArgument::Type(inner) => without_paths(inner),
        other => without_spaces(other),
    });
    format!("{}<{}>", last.ident, arguments.collect::<Vec<_>>().join(","))
}

fn without_spaces(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string().split_whitespace().collect()
}

/// The attributes `#[sea_orm(…)]` of an item.
struct SeaOrmAttributes(Vec<Meta>);

impl SeaOrmAttributes {
    fn read(attributes: &[Attribute]) -> Self {
        let sea_orm_attributes =
            attributes.iter().filter(|attribute| attribute.path().is_ident("sea_orm"));
        let parse = Punctuated::<Meta, Token![,]>::parse_terminated;
        // rustc reports an attribute that does not parse.
        let parsed =
            sea_orm_attributes.filter_map(|attribute| attribute.parse_args_with(parse).ok());
        Self(parsed.flatten().collect())
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|meta| meta.path().is_ident(name))
    }

    fn text(&self, name: &str) -> Option<String> {
        self.0.iter().find_map(|meta| match meta {
            Meta::NameValue(pair) if pair.path.is_ident(name) => match &pair.value {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_about_the_derive_macro_does_not_make_a_file_an_entity() {
        let entity = "#[derive(Clone, DeriveEntityModel)]\npub struct Model {}";
        assert_eq!(HandWrittenContent::from_source(entity), HandWrittenContent::Entity);
        let part = "// The generated file has DeriveEntityModel.\nimpl Model {\n    /* DeriveEntityModel */ }";
        assert_eq!(HandWrittenContent::from_source(part), HandWrittenContent::Extension);
        assert_eq!(
            HandWrittenContent::from_source("impl Model { /* DeriveEntityModel"),
            HandWrittenContent::Entity
        );
    }

    #[test]
    fn the_fields_of_an_entity_are_read() {
        let source = r##"
            #[sea_orm::model]
            #[derive(DeriveEntityModel)]
            #[sea_orm(schema_name = "extra", table_name = "odd things")]
            pub struct Model {
                #[sea_orm(primary_key, auto_increment = false)]
                pub id: Uuid,
                /// The field is a keyword.
                pub r#type: Option<Vec<std::string::String>>,
                #[sea_orm(column_name = "Name", enum_name = "Named", select_as = "text")]
                #[sea_orm(unique)]
                pub name: String,
                #[sea_orm(ignore)]
                pub cache: u8,
                #[sea_orm(has_many)]
                pub others: HasMany<super::other::Entity>,
            }"##;
        let entity = entity(source).expect("the source has an entity");
        assert_eq!(entity.table, QualifiedName::new("extra", "odd things"));
        let fields: Vec<_> = entity
            .fields
            .iter()
            .map(|field| (field.column.as_str(), field.variant.as_str(), field.plain_type.as_str()))
            .collect();
        assert_eq!(
            fields,
            [("id", "Id", "Uuid"), ("type", "Type", "Vec<String>"), ("Name", "Named", "String")]
        );
        let [id, list, name] = entity.fields.as_slice() else { panic!("{fields:?}") };
        assert!(id.is_key && !id.nullable && list.nullable && name.unique);
        assert_eq!(name.select_as.as_deref(), Some("text"));
    }
}
