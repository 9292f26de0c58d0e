//! The statements of each kind of object.

use std::collections::BTreeMap;

use seedbed_sql::quote_ident_if_needed as ident;

use super::definition::Definition;
use super::privileges::{default_privileges, grants};
use super::table::{comment, free_name, server_chosen_name, set_default};
use super::text::{clause, literal, one_per_line, options, with_options};
use crate::model::{
    Aggregate, Collation, CompositeType, Constraint, ConstraintIndex, ConstraintKind, Domain,
    EnumType, EventTrigger, Firing, FunctionDefinition, FunctionText, Index, Object, ObjectKind,
    PartKind, PartitionOf, Policy, QualifiedName, RangeType, ReplicaIdentity, RowSecurity, Rule,
    Sequence, Statistics, Trigger, TriggerSource, View,
};

impl Definition<'_> {
    /// Returns the statements that create the object or part. A column has no separate statement, so its text is the
    /// clause in `CREATE TABLE`.
    pub(crate) fn sql(&self, object: &Object) -> String {
        let name = &object.name;
        let qualified_name = object.qualified_name().unwrap_or_else(|| QualifiedName::new("", ""));
        let part = object.part_sql();
        match *self {
            Self::Namespace => format!("CREATE SCHEMA {name};"),
            Self::Extension(extension) => {
                format!("CREATE EXTENSION {name} WITH SCHEMA {};", ident(&extension.schema))
            }
            Self::Collation(collation) => collation.sql(&qualified_name),
            Self::TextSearchDictionary(dictionary) => dictionary.sql(&qualified_name),
            Self::TextSearchConfiguration(configuration) => configuration.sql(&qualified_name),
            Self::Enum(definition) => definition.sql(&qualified_name),
            Self::Composite(definition) => definition.sql(&qualified_name),
            Self::Range(definition) => definition.sql(&qualified_name),
            Self::Domain(domain) => domain.sql(&qualified_name),
            Self::DomainCheck(check) => {
                format!("ALTER DOMAIN {name} ADD CONSTRAINT {part} {};", check.definition)
            }
            Self::Sequence(sequence) => sequence.sql(&qualified_name),
            Self::OwnedBy((table, column)) => {
                format!("ALTER SEQUENCE {name} OWNED BY {table}.{};", ident(column))
            }
            Self::Function(function) => function.definition.sql(&qualified_name),
            Self::Table(table) => table.definition(),
            Self::Column(column) if object.kind == ObjectKind::MaterializedView => {
                column.settings_of_view(&qualified_name)
            }
            Self::Column(column) => column.definition(&qualified_name),
            Self::Default(expression) => {
                let column = object.part.as_ref().map_or("", |part| &part.name);
                set_default(&qualified_name, column, expression)
            }
            Self::Constraint(constraint) => constraint.sql(&qualified_name, &part),
            Self::Index(index) => index.sql(&part),
            Self::Partition(parent) => parent.sql(&qualified_name),
            Self::Inherits(parent) => format!("ALTER TABLE ONLY {name} INHERIT {parent};"),
            Self::ParentIndex(parent) => format!("ALTER INDEX {parent} ATTACH PARTITION {part};"),
            Self::ReplicaIdentity(identity) => {
                format!("ALTER TABLE ONLY {name} REPLICA IDENTITY {};", identity.clause())
            }
            Self::ClusterOrder(index) => {
                let word = object.kind.as_str().to_uppercase();
                format!("ALTER {word} {name} CLUSTER ON {};", ident(index))
            }
            Self::RowType(row_type) => format!("ALTER TABLE ONLY {name} OF {row_type};"),
            Self::RowSecurity(security) => security.sql(&qualified_name),
            Self::Trigger(trigger) => trigger.sql(&qualified_name, &part),
            Self::Rule(rule) => rule.sql(&qualified_name, &part),
            Self::Policy(policy) => policy.sql(&qualified_name, &part),
            Self::View(view) => view.sql(object.kind),
            Self::Statistics(statistics) => statistics.sql(&qualified_name),
            Self::DefaultPrivileges(key, list) => default_privileges(key, list),
            Self::EventTrigger(trigger) => trigger.sql(&ident(&name.name)),
            Self::Comment(text) => comment(&object.in_comment(), text),
            Self::Privileges(list) => grants(object, list),
        }
    }
}

impl Object {
    /// Returns the text after `COMMENT ON`.
    fn in_comment(&self) -> String {
        let (name, part) = (&self.name, self.part_sql());
        let on = if self.kind == ObjectKind::Domain { "DOMAIN " } else { "" };
        match self.part_kind() {
            Some(PartKind::Column | PartKind::Default) => format!("COLUMN {name}.{part}"),
            Some(PartKind::Index) => format!("INDEX {part}"),
            Some(kind) => format!("{} {part} ON {on}{name}", kind.as_str().to_uppercase()),
            // Without arguments, an aggregate has a star in place of the arguments.
            None if self.kind == ObjectKind::Aggregate
                && name.arguments.as_ref().is_some_and(String::is_empty) =>
            {
                let without = crate::model::ObjectName { arguments: None, ..name.clone() };
                format!("AGGREGATE {without}(*)")
            }
            None => format!("{} {name}", self.kind.as_str().to_uppercase()),
        }
    }
}

impl Collation {
    fn sql(&self, name: &QualifiedName) -> String {
        let mut options = vec![format!("provider = {}", self.provider)];
        let texts = [
            ("lc_collate", &self.lc_collate),
            ("lc_ctype", &self.lc_ctype),
            ("locale", &self.locale),
            ("rules", &self.rules),
        ];
        for (word, text) in texts {
            options.extend(text.as_ref().map(|text| format!("{word} = {}", literal(text))));
        }
        if !self.deterministic {
            options.push("deterministic = false".to_owned());
        }
        format!("CREATE COLLATION {name} ({});", options.join(", "))
    }
}

impl EnumType {
    fn sql(&self, name: &QualifiedName) -> String {
        let labels = self.labels.iter().map(|label| literal(label));
        format!("CREATE TYPE {name} AS ENUM ({});", one_per_line(labels))
    }
}

impl CompositeType {
    fn sql(&self, name: &QualifiedName) -> String {
        let attributes = self.attributes.iter().map(|attribute| {
            let collation = clause("COLLATE", attribute.collation.as_ref());
            format!("{} {}{collation}", ident(&attribute.name), attribute.data_type)
        });
        format!("CREATE TYPE {name} AS ({});", one_per_line(attributes))
    }
}

impl RangeType {
    fn sql(&self, name: &QualifiedName) -> String {
        let mut options = vec![format!("SUBTYPE = {}", self.subtype)];
        let names = [
            ("SUBTYPE_OPCLASS", self.operator_class.as_ref()),
            ("COLLATION", self.collation.as_ref()),
            ("SUBTYPE_DIFF", self.difference.as_ref()),
            ("MULTIRANGE_TYPE_NAME", Some(&self.multirange)),
        ];
        options
            .extend(names.iter().filter_map(|(word, name)| Some(format!("{word} = {}", (*name)?))));
        format!("CREATE TYPE {name} AS RANGE ({});", one_per_line(options))
    }
}

impl Domain {
    fn sql(&self, name: &QualifiedName) -> String {
        let collation = clause("COLLATE", self.collation.as_ref());
        let default = clause("DEFAULT", self.default.as_ref());
        // PostgreSQL 17 and later give the domain's NOT NULL constraint a name. If one of the domain's checks already
        // has the name that the server would choose, the statement names the constraint.
        let default_name = server_chosen_name(&name.name, "", "not_null");
        let is_taken = |name: &str| self.checks.contains_key(name);
        let explicit = is_taken(&default_name).then(|| free_name(&default_name, is_taken));
        let not_null = self.not_null.as_ref().map(|one| one.clause(explicit)).unwrap_or_default();
        format!("CREATE DOMAIN {name} AS {}{collation}{default}{not_null};", self.data_type)
    }
}

impl Sequence {
    fn sql(&self, name: &QualifiedName) -> String {
        let unlogged = if self.unlogged { "UNLOGGED " } else { "" };
        let mut sql = format!("CREATE {unlogged}SEQUENCE {name}");
        if self.options.data_type != "bigint" {
            sql += &format!(" AS {}", self.options.data_type);
        }
        for option in self.options.clauses() {
            sql += &format!(" {option}");
        }
        sql + ";"
    }
}

impl FunctionDefinition {
    fn sql(&self, name: &QualifiedName) -> String {
        match self {
            Self::Function(text) | Self::Procedure(text) => text.sql(),
            Self::Aggregate(aggregate) => aggregate.sql(name),
        }
    }
}

impl FunctionText {
    fn sql(&self) -> String {
        match &self.sql_body {
            Some(body) => format!("{}\n{body};", self.header),
            None => format!("{};", self.header),
        }
    }

    /// Returns the statement that creates the function with an empty body. It is replaced with the definition before
    /// anything calls the function.
    pub(super) fn stub(&self) -> String {
        format!("{}\nAS '';", self.header)
    }
}

impl Aggregate {
    fn sql(&self, name: &QualifiedName) -> String {
        let options = self.options.iter().map(|(word, value)| match value {
            Some(value) => format!("{word} = {value}"),
            None => (*word).to_owned(),
        });
        let options = options.collect::<Vec<_>>().join(",\n    ");
        format!("CREATE AGGREGATE {name}({}) (\n    {options}\n);", self.arguments)
    }
}

impl Constraint {
    fn sql(&self, table: &QualifiedName, name: &str) -> String {
        let only = match self.kind {
            ConstraintKind::PrimaryKey | ConstraintKind::Unique | ConstraintKind::Exclusion => {
                "ONLY "
            }
            _ => "",
        };
        let definition = &self.definition;
        let sql = format!("ALTER TABLE {only}{table} ADD CONSTRAINT {name} {definition};");
        let settings = self.index.as_ref().map(|index| index.settings(table));
        sql + &settings.unwrap_or_default()
    }
}

impl ConstraintIndex {
    /// Returns the statements for the properties that the constraint's definition does not contain.
    fn settings(&self, table: &QualifiedName) -> String {
        let name = table.sibling(&self.name);
        let set = if self.options.is_empty() {
            String::new()
        } else {
            format!("\nALTER INDEX {name} SET ({});", options(&self.options))
        };
        set + &statistics(&name.to_string(), &self.statistics)
    }
}

fn statistics(index: &str, targets: &BTreeMap<i32, i32>) -> String {
    let targets = targets.iter().map(|(column, target)| {
        format!("\nALTER INDEX {index} ALTER COLUMN {column} SET STATISTICS {target};")
    });
    targets.collect()
}

impl Index {
    fn sql(&self, name: &str) -> String {
        let sql = format!("{};{}", self.definition, statistics(name, &self.statistics));
        if self.valid {
            return sql;
        }
        // No statement creates an invalid index.
        let lines = sql.lines().map(|line| format!("\n-- {line}"));
        "-- invalid, left by an interrupted build:".to_owned() + &lines.collect::<String>()
    }
}

impl PartitionOf {
    fn sql(&self, partition: &QualifiedName) -> String {
        let (parent, bound) = (&self.parent, &self.bound);
        let attach = format!("ALTER TABLE ONLY {parent} ATTACH PARTITION {partition} {bound};");
        if self.detach_pending {
            // No statement creates a partition that is being detached.
            format!(
                "-- not attached: an interrupted DETACH PARTITION … CONCURRENTLY waits for FINALIZE. \
                 The statement that attached it:\n-- {attach}"
            )
        } else {
            attach
        }
    }
}

impl ReplicaIdentity {
    fn clause(&self) -> String {
        match self {
            Self::Default => "DEFAULT".to_owned(),
            Self::Nothing => "NOTHING".to_owned(),
            Self::Full => "FULL".to_owned(),
            Self::Index(name) => format!("USING INDEX {}", ident(name)),
        }
    }
}

impl RowSecurity {
    fn sql(self, table: &QualifiedName) -> String {
        let words = [(self.enabled, "ENABLE"), (self.forced, "FORCE")];
        let set = words.iter().filter(|(is_set, _)| *is_set);
        let statements =
            set.map(|(_, word)| format!("ALTER TABLE {table} {word} ROW LEVEL SECURITY;"));
        statements.collect::<Vec<_>>().join("\n")
    }
}

/// Returns the statement for the firing mode of a trigger or rule, unless it is the default.
fn firing(firing: Firing, table: &QualifiedName, kind: &str, name: &str) -> String {
    let word = match firing {
        Firing::Origin => return String::new(),
        Firing::Disabled => "DISABLE",
        Firing::Replica => "ENABLE REPLICA",
        Firing::Always => "ENABLE ALWAYS",
    };
    format!("\nALTER TABLE {table} {word} {kind} {name};")
}

impl Trigger {
    fn sql(&self, table: &QualifiedName, name: &str) -> String {
        let mode = firing(self.firing, table, "TRIGGER", name);
        match &self.source {
            TriggerSource::Statement(statement) => format!("{statement};{mode}"),
            // The trigger of the partition has the mode of its parent until this statement, so the default is written
            // too.
            TriggerSource::Parent(_) if self.firing == Firing::Origin => {
                format!("ALTER TABLE {table} ENABLE TRIGGER {name};")
            }
            TriggerSource::Parent(_) => mode.trim_start().to_owned(),
        }
    }
}

impl Rule {
    fn sql(&self, table: &QualifiedName, name: &str) -> String {
        format!("{};{}", self.definition, firing(self.firing, table, "RULE", name))
    }
}

impl Policy {
    fn sql(&self, table: &QualifiedName, name: &str) -> String {
        let restrictive = if self.restrictive { " AS RESTRICTIVE" } else { "" };
        let command = clause("FOR", self.command.as_ref());
        let roles: Vec<String> = self.roles.iter().map(|role| ident(role)).collect();
        let roles = clause("TO", (!roles.is_empty()).then(|| roles.join(", ")));
        let condition = |word: &str, condition: &Option<String>| {
            clause(word, condition.as_ref().map(|condition| format!("({condition})")))
        };
        let (using, check) =
            (condition("USING", &self.using), condition("WITH CHECK", &self.check));
        format!("CREATE POLICY {name} ON {table}{restrictive}{command}{roles}{using}{check};")
    }
}

impl View {
    pub(super) fn sql(&self, kind: ObjectKind) -> String {
        self.create(kind.as_str().to_uppercase())
    }

    /// Returns the statement that replaces the stub of the view.
    pub(super) fn replace(&self) -> String {
        self.create("OR REPLACE VIEW".to_owned())
    }

    /// Returns the statement that creates the view. `kind` is the text after CREATE.
    fn create(&self, kind: String) -> String {
        let method = clause("USING", self.access_method.as_ref());
        let data = match self.kind {
            crate::model::ViewKind::Plain => "",
            crate::model::ViewKind::Materialized => "\n  WITH NO DATA",
        };
        let (name, options, query) = (&self.name, with_options(&self.options), &self.query);
        format!("CREATE {kind} {name}{method}{options} AS\n{query}{data};")
    }

    /// Returns the statement that creates a view with the same columns and no rows.
    pub(super) fn stub(&self) -> String {
        let columns = self.columns.iter().map(|column| format!("\n    {}", column.placeholder()));
        let columns = columns.collect::<Vec<_>>().join(",");
        format!("CREATE VIEW {} AS\n  SELECT{columns};", self.name)
    }
}

impl Statistics {
    fn sql(&self, name: &QualifiedName) -> String {
        let target =
            self.target.map(|target| format!("\nALTER STATISTICS {name} SET STATISTICS {target};"));
        format!("{};{}", self.definition, target.unwrap_or_default())
    }
}

impl EventTrigger {
    fn sql(&self, name: &str) -> String {
        let mut sql = format!("CREATE EVENT TRIGGER {name} ON {}", self.event);
        if !self.tags.is_empty() {
            let tags: Vec<String> = self.tags.iter().map(|tag| literal(tag)).collect();
            sql += &format!(" WHEN TAG IN ({})", tags.join(", "));
        }
        sql += &format!(" EXECUTE FUNCTION {}();", self.function);
        let word = match self.firing {
            Firing::Origin => return sql,
            Firing::Disabled => "DISABLE",
            Firing::Replica => "ENABLE REPLICA",
            Firing::Always => "ENABLE ALWAYS",
        };
        sql + &format!("\nALTER EVENT TRIGGER {name} {word};")
    }
}
