//! Tests of the diagrams.

mod large;
mod pictures;
mod texts;

use seedbed_schema::DatabaseSchema;
use seedbed_schema::model::{
    BaseType, Column, Constraint, ConstraintKind, DataType, DependencyKind, EnumType, Index,
    NotNull, Object, ObjectKind, QualifiedName, Reference, ReferentialAction, Table, TypeModifier,
    View, ViewKind,
};

/// Builds a schema for a test. The names of relations and of types of the database are
/// `schema.name`, without quotes. A column is `name type`, with `~` for a space in the name or type
/// and `!` for NOT NULL.
#[derive(Default)]
struct SchemaBuilder(DatabaseSchema);

fn qualified(name: &str) -> QualifiedName {
    let (schema, name) = name.split_once('.').expect("a schema");
    QualifiedName::new(schema, name)
}

impl SchemaBuilder {
    fn table(mut self, name: &str, columns: &[&str]) -> Self {
        let name = qualified(name);
        let mut table = Table::new(name.clone());
        table.columns = columns.iter().map(|text| self.column(text)).collect();
        self.0.tables.insert(name, table);
        self
    }

    fn column(&self, text: &str) -> Column {
        let (name, data_type) =
            text.trim_end_matches('!').split_once(' ').expect("a name and a type");
        let mut column =
            Column::new(name.replace('~', " "), self.data_type(&data_type.replace('~', " ")));
        column.not_null = text.ends_with('!').then(NotNull::default);
        column
    }

    fn data_type(&self, text: &str) -> DataType {
        let is_array = text.ends_with("[]");
        let builtin = |name: &str| BaseType::Builtin(name.to_owned());
        let (base, modifier) = match text.trim_end_matches("[]") {
            "numeric(10,2)" => {
                (builtin("numeric"), Some(TypeModifier::Digits { precision: 10, scale: 2 }))
            }
            "timestamptz(3)" => {
                (builtin("timestamp with time zone"), Some(TypeModifier::Precision(3)))
            }
            text if text.contains('.') => {
                let name = qualified(text);
                let is_enum = self.0.enums.contains_key(&name);
                (if is_enum { BaseType::Enum(name) } else { BaseType::Other(name) }, None)
            }
            text => (builtin(text), None),
        };
        DataType { base, modifier, is_array }
    }

    fn built(&mut self, table: &str) -> &mut Table {
        self.0.tables.get_mut(&qualified(table)).expect("a table of the test")
    }

    fn constraint(mut self, table: &str, constraint: Constraint) -> Self {
        let constraints = &mut self.built(table).constraints;
        constraints.insert(format!("c{:04}", constraints.len()), constraint);
        self
    }

    fn primary(self, table: &str, columns: &[&str]) -> Self {
        self.constraint(table, Constraint::new(ConstraintKind::PrimaryKey, owned(columns), ""))
    }

    fn unique(self, table: &str, columns: &[&str]) -> Self {
        self.constraint(table, Constraint::new(ConstraintKind::Unique, owned(columns), ""))
    }

    /// Adds a foreign key with `ON DELETE CASCADE`.
    fn foreign(self, table: &str, columns: &[&str], to: &str, targets: &[&str]) -> Self {
        let mut references = Reference::new(qualified(to), owned(targets));
        references.on_delete = ReferentialAction::Cascade;
        let mut constraint = Constraint::new(ConstraintKind::ForeignKey, owned(columns), "");
        constraint.references = Some(references);
        self.constraint(table, constraint)
    }

    fn index(mut self, table: &str, name: &str, index: Index) -> Self {
        self.built(table).indexes.insert(name.to_owned(), index);
        self
    }

    fn labels(mut self, name: &str, labels: Vec<String>) -> Self {
        self.0.enums.insert(qualified(name), EnumType::new(labels));
        self
    }

    /// Adds a view that reads the given tables.
    fn view(mut self, kind: ViewKind, name: &str, columns: &[&str], reads: &[&str]) -> Self {
        let columns = columns.iter().map(|text| self.column(text)).collect();
        let view = View::new(qualified(name), kind, columns);
        for table in reads {
            let table = Object::qualified(ObjectKind::Table, &qualified(table));
            self.0.add_dependency(view.object(), table, DependencyKind::Normal);
        }
        self.0.views.insert(qualified(name), view);
        self
    }

    /// Adds a comment on a column or on the table.
    fn comment(mut self, table: &str, column: Option<&str>, text: &str) -> Self {
        let table = self.built(table);
        let commented = match column {
            None => Some(&mut table.comment),
            Some(name) => table
                .columns
                .iter_mut()
                .find(|column| column.name == name)
                .map(|column| &mut column.comment),
        };
        *commented.expect("the column was built") = Some(text.to_owned());
        self
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// Returns the tables of the sample application that have relationships.
fn sample() -> DatabaseSchema {
    let mut builder = SchemaBuilder::default().table(
        "public.organization_members",
        &["id uuid!", "organization_id uuid!", "user_id uuid!", "role_id uuid!"],
    );
    for table in ["public.organizations", "public.products", "public.roles", "public.users"] {
        builder =
            builder.table(table, &["id uuid!", "name character varying!"]).primary(table, &["id"]);
    }
    for (column, to) in [
        ("organization_id", "public.organizations"),
        ("role_id", "public.roles"),
        ("user_id", "public.users"),
    ] {
        builder = builder.foreign("public.organization_members", &[column], to, &["id"]);
    }
    builder.0
}

fn sample_with_views() -> DatabaseSchema {
    let builder = SchemaBuilder(sample());
    let builder = builder.view(
        ViewKind::Plain,
        "public.admins",
        &["id uuid"],
        &["public.users", "public.roles"],
    );
    builder.view(ViewKind::Materialized, "public.totals", &["n bigint", "of uuid"], &[]).0
}

/// Returns tables whose names and comments contain special characters of SQL, XML, Mermaid and Markdown.
fn awkward_names() -> DatabaseSchema {
    SchemaBuilder::default()
        .table("public.order", &["id uuid!", "<b>&\"x\" text", "pk integer!"])
        .table("shop.A | `b`]]>", &["order~id uuid", "at timestamptz(3)!"])
        .table("public.a%b", &["x numeric(10,2)"])
        .table("public.a\\b", &["y shop.odd~type[]!"])
        .table("public.größe", &[])
        .primary("public.order", &["id"])
        .foreign("shop.A | `b`]]>", &["order id"], "public.order", &["id"])
        .comment("public.order", None, "It's <i>&\n*bold* \u{1}| \"x\"")
        .comment("public.order", Some("pk"), "No | key")
        .0
}
