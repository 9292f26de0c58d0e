//! The statements of a schema by number.

use std::collections::HashMap;
use std::rc::Rc;

use super::is_in_table;
use crate::model::{Object, PartKind};
use crate::sql::definition::{Definition, Definitions};

/// The number of a statement.
pub(super) type StatementId = usize;

/// The statements, each with a number, because the edges between them are many and objects are slow to compare.
pub(super) struct Statements<'s> {
    objects: Vec<Rc<Object>>,
    ids: HashMap<Rc<Object>, StatementId>,
    /// The definitions of the statements, by number. Statements that were added later have no definition.
    definitions: Vec<Definition<'s>>,
}

impl<'s> Statements<'s> {
    /// Creates a statement for each definition, except for the columns of tables, which are part of `CREATE TABLE`.
    pub(super) fn new(definitions: Definitions<'s>) -> Self {
        let (objects, definitions): (Vec<Rc<Object>>, Vec<Definition<'s>>) = definitions
            .into_iter()
            .filter(|(object, _)| !is_in_table(object))
            .map(|(object, definition)| (Rc::new(object), definition))
            .unzip();
        let ids = objects.iter().cloned().zip(0..).collect();
        Self { objects, ids, definitions }
    }

    pub(super) fn len(&self) -> usize {
        self.objects.len()
    }

    pub(super) fn id(&self, object: &Object) -> Option<StatementId> {
        self.ids.get(object).copied()
    }

    pub(super) fn object(&self, id: StatementId) -> &Object {
        &self.objects[id]
    }

    pub(super) fn definition(&self, id: StatementId) -> Option<&Definition<'s>> {
        self.definitions.get(id)
    }

    /// Adds a statement, unless it exists, and returns its number.
    pub(super) fn add(&mut self, object: Object) -> StatementId {
        if let Some(id) = self.id(&object) {
            return id;
        }
        let (object, id) = (Rc::new(object), self.objects.len());
        self.objects.push(Rc::clone(&object));
        self.ids.insert(object, id);
        id
    }

    /// Adds the stub of a statement, and returns its number.
    pub(super) fn add_stub(&mut self, id: StatementId) -> StatementId {
        self.add(self.objects[id].part(PartKind::Stub, ""))
    }
}
