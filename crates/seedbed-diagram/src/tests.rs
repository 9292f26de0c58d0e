//! Tests of the diagrams.

mod large;
mod pictures;
mod texts;

use seedbed_schema::{
    Aspect, Catalog, Column, Constraint, ConstraintKind, Object, ObjectKind, PartKind, Reference,
    Table,
};

/// Builds a catalog for a test. Names are as SQL has them. A column is `name type`, with `!` for
/// NOT NULL.
#[derive(Default)]
struct CatalogBuilder(Catalog);

impl CatalogBuilder {
    fn table(mut self, name: &str, columns: &[&str]) -> Self {
        let column = |text: &&str| {
            let not_null = text.ends_with('!').then(|| "NOT NULL".to_owned());
            let text = text.trim_end_matches('!');
            let (name, data_type) = text.split_once(' ').expect("a name and a type");
            Column {
                name: name.replace('~', " "),
                data_type: data_type.to_owned(),
                collation: None,
                not_null,
                default: None,
                generated: None,
                compression: None,
                storage: None,
                statistics: None,
                options: Vec::new(),
            }
        };
        let table = Table {
            name: name.to_owned(),
            unlogged: false,
            partitioned_by: None,
            method: None,
            options: Vec::new(),
            columns: columns.iter().map(column).collect(),
            constraints: Default::default(),
        };
        self.0.tables.insert(name.to_owned(), table);
        self
    }

    fn constraint(
        mut self,
        table: &str,
        kind: ConstraintKind,
        columns: &[&str],
        references: Option<Reference>,
        definition: &str,
    ) -> Self {
        let columns: Vec<String> = columns.iter().map(|&name| name.to_owned()).collect();
        let constraints = &mut self.0.tables.get_mut(table).expect("it was builder").constraints;
        let name = format!("c{:04}", constraints.len());
        let definition = definition.to_owned();
        constraints.insert(name, Constraint { kind, columns, definition, references });
        self
    }

    fn primary(self, table: &str, columns: &[&str]) -> Self {
        self.constraint(table, ConstraintKind::PrimaryKey, columns, None, "")
    }

    fn unique(self, table: &str, columns: &[&str]) -> Self {
        self.constraint(table, ConstraintKind::Unique, columns, None, "")
    }

    fn foreign(self, table: &str, columns: &[&str], to: &str, targets: &[&str]) -> Self {
        let targets = targets.iter().map(|&name| name.to_owned()).collect();
        let references = Reference { table: to.to_owned(), columns: targets };
        let definition = "FOREIGN KEY (…) REFERENCES … ON DELETE CASCADE";
        self.constraint(table, ConstraintKind::ForeignKey, columns, Some(references), definition)
    }

    fn object(mut self, object: Object, sql: &str) -> Self {
        self.0.objects.insert(object, sql.to_owned());
        self
    }

    fn index(self, table: &str, sql: &str) -> Self {
        let object = self.of(table).part(PartKind::Index, sql);
        self.object(object, sql)
    }

    /// Adds a view with the tables that it reads.
    fn view(mut self, kind: ObjectKind, name: &str, columns: &[&str], reads: &[&str]) -> Self {
        let object = Object::new(kind, name);
        let builder = Self::default().table(name, columns).0.tables.remove(name);
        let columns = builder.map(|table| table.columns).unwrap_or_default();
        self.0.view_columns.insert(object.clone(), columns);
        let reads = reads.iter().map(|&table| Object::new(ObjectKind::Table, table));
        self.0.dependencies.insert(object, reads.collect());
        self
    }

    /// Adds a comment on a column or on the table.
    fn comment(self, table: &str, column: Option<&str>, text: &str) -> Self {
        let root = self.of(table);
        let object = column.map_or(root.clone(), |name| root.part(PartKind::Column, name));
        let sql = format!("COMMENT ON {} IS '{text}';", object.in_comment());
        self.object(object.aspect(Aspect::Comment), &sql)
    }

    fn of(&self, table: &str) -> Object {
        self.0.tables[table].object()
    }
}

/// Returns the tables of the sample application that have relations.
fn sample() -> Catalog {
    let mut builder = CatalogBuilder::default().table(
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

fn sample_with_views() -> Catalog {
    let builder = CatalogBuilder(sample());
    let builder = builder.view(
        ObjectKind::View,
        "public.admins",
        &["id uuid"],
        &["public.users", "public.roles"],
    );
    builder.view(ObjectKind::MaterializedView, "public.totals", &["n bigint", "of uuid"], &[]).0
}

/// Returns names with a meaning in SQL, XML, Mermaid or Markdown.
fn awkward() -> Catalog {
    CatalogBuilder::default()
        .table("public.\"order\"", &["id uuid!", "\"<b>&\"\"x\"\"\" text", "pk integer!"])
        .table("shop.\"A | `b`]]>\"", &["\"order~id\" uuid", "at timestamp(3) with time zone!"])
        .table("public.\"a%b\"", &["x numeric(10,2)"])
        .table("public.\"a\\b\"", &["y shop.\"odd type\"[]!"])
        .table("public.größe", &[])
        .primary("public.\"order\"", &["id"])
        .foreign("shop.\"A | `b`]]>\"", &["\"order id\""], "public.\"order\"", &["id"])
        .comment("public.\"order\"", None, "It''s <i>&\n*bold* \u{1}| \"x\"")
        .comment("public.\"order\"", Some("pk"), "No | key")
        .0
}
