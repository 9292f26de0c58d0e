//! The search path under which a statement is executed.

use std::collections::BTreeSet;

use seedbed_sql::quote_ident_if_needed as ident;

use super::definition::function_object;
use crate::model::{Column, DatabaseSchema, Object, ObjectKind, PartKind, Table};

/// The statements that the server can only execute if the names in the body of a function are found.
///
/// While the server creates an index, a generated column, a check or a partition, it evaluates or inlines functions. A
/// body that is a string finds its names by the search path of the session. These statements are executed under the
/// search path under which the schema was read, and all others under an empty one.
pub(super) struct SearchPath {
    /// The thesauri, and the objects that call a function whose body needs the search path: tables, views, domains and
    /// statistics objects.
    roots: BTreeSet<Object>,
    path: String,
    is_set: bool,
}

impl SearchPath {
    pub(super) fn new(schema: &DatabaseSchema) -> Self {
        let path: Vec<String> =
            schema.read_context.search_path.iter().map(|name| ident(name)).collect();
        let roots = if path.is_empty() { BTreeSet::new() } else { roots(schema) };
        Self { roots, path: path.join(", "), is_set: false }
    }

    /// Returns the statement that sets the search path for the statement of the object, if it differs from the current
    /// one.
    pub(super) fn before(&mut self, object: &Object) -> String {
        let is_needed = !self.roots.is_empty() && self.roots.contains(&object.root());
        if is_needed == self.is_set {
            return String::new();
        }
        self.is_set = is_needed;
        let path = if is_needed { &self.path } else { "''" };
        format!("\nSET search_path = {path};\n")
    }

    /// Returns the statement that restores the search path at the end of the file.
    pub(super) fn end(&self) -> String {
        if self.is_set { "\nSET search_path = '';\n".to_owned() } else { String::new() }
    }
}

impl DatabaseSchema {
    /// Returns the dictionaries of text search that name another dictionary in their options. The server finds it by
    /// the search path, and stores no dependency on it.
    pub(super) fn thesauri(&self) -> impl Iterator<Item = Object> {
        let dictionaries = self.text_search_dictionaries.iter();
        let thesauri = dictionaries.filter(|(_, one)| one.template.name == "thesaurus");
        thesauri.map(|(name, _)| Object::qualified(ObjectKind::TextSearchDictionary, name))
    }
}

/// Returns the thesauri, the objects with an expression that calls a function whose body needs the search path, the
/// partitions of such tables, and the tables that refer to keys of such tables.
fn roots(schema: &DatabaseSchema) -> BTreeSet<Object> {
    let functions = schema.functions.iter().filter(|(_, function)| function.uses_search_path);
    let mut callers: BTreeSet<Object> =
        functions.map(|(signature, function)| function_object(signature, function)).collect();
    let mut roots: BTreeSet<Object> = schema.thesauri().collect();
    if callers.is_empty() {
        return roots;
    }
    // An object that uses such a function, type or domain needs the search path too.
    loop {
        let before = (callers.len(), roots.len());
        for (object, dependencies) in &schema.dependencies {
            if !dependencies.keys().any(|other| callers.contains(other)) {
                continue;
            }
            match object.kind {
                ObjectKind::Function
                | ObjectKind::Procedure
                | ObjectKind::Aggregate
                | ObjectKind::Type => drop(callers.insert(object.clone())),
                ObjectKind::Domain => {
                    callers.insert(object.root());
                    roots.insert(object.root());
                }
                _ if is_evaluated(schema, object) => drop(roots.insert(object.root())),
                _ => {}
            }
        }
        let partitions = schema.tables.values().filter_map(|table| {
            let parent = &table.partition_of.as_ref()?.parent;
            let parent = Object::qualified(ObjectKind::Table, parent);
            roots.contains(&parent).then(|| table.object())
        });
        let partitions: Vec<Object> = partitions.collect();
        roots.extend(partitions);
        if before == (callers.len(), roots.len()) {
            break;
        }
    }
    // The server checks a foreign key by a query, and prepares the indexes of the referenced table for it.
    let referring = schema.tables.values().filter(|table| {
        let mut references = table.constraints.values().filter_map(|key| key.references.as_ref());
        references.any(|to| roots.contains(&Object::qualified(ObjectKind::Table, &to.table)))
    });
    let referring: Vec<Object> = referring.map(Table::object).collect();
    roots.extend(referring);
    roots
}

/// Returns whether the server evaluates the expressions of an object or a part while it is created. The server does not
/// evaluate those of defaults, triggers, rules and policies.
fn is_evaluated(schema: &DatabaseSchema, object: &Object) -> bool {
    let is_generated = || {
        let table = object.qualified_name().and_then(|name| schema.tables.get(&name));
        let column = table.and_then(|table| table.column(&object.part.as_ref()?.name));
        column.is_some_and(Column::is_generated)
    };
    match (object.kind, object.part_kind()) {
        (ObjectKind::Statistics, _) => true,
        (ObjectKind::MaterializedView, part) => part == Some(PartKind::Index),
        (ObjectKind::Table, None) => true,
        (ObjectKind::Table, Some(PartKind::Default)) => is_generated(),
        (ObjectKind::Table, Some(part)) => {
            matches!(part, PartKind::Column | PartKind::Constraint | PartKind::Index)
        }
        _ => false,
    }
}
