//! The labels of enum types, parsed from their statements.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::object::{Aspect, ObjectKind};

impl Catalog {
    /// Returns the enum types by their qualified names, each with its labels in order.
    #[must_use]
    pub fn enums(&self) -> BTreeMap<String, Vec<String>> {
        let types = self.objects.iter().filter(|(object, _)| {
            object.kind == ObjectKind::Type
                && object.part.is_none()
                && object.aspect == Aspect::Definition
        });
        let enums = types.filter_map(|(object, sql)| {
            let list = sql.strip_prefix(&format!("CREATE TYPE {} AS ENUM (", object.name))?;
            Some((object.name.clone(), literals(list)))
        });
        enums.collect()
    }
}

/// Returns the contents of the quoted strings, which may contain commas and brackets.
fn literals(list: &str) -> Vec<String> {
    let (mut found, mut quoted) = (Vec::new(), false);
    let mut chars = list.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, found.last_mut()) {
            ('\'', Some(last)) if quoted && chars.next_if_eq(&'\'').is_some() => {
                String::push(last, '\'');
            }
            ('\'', _) => {
                quoted = !quoted;
                if quoted {
                    found.push(String::new());
                }
            }
            (c, Some(last)) if quoted => last.push(c),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::Object;

    #[test]
    fn labels_with_quotes_and_brackets_are_parsed() {
        let mut catalog = Catalog::default();
        for (name, sql) in
            [("p.\"x AS ENUM ('y\"", "(\n    'a'',\n    ''b',\n    ');'\n)"), ("p.none", "()")]
        {
            let sql = format!("CREATE TYPE {name} AS ENUM {sql};");
            catalog.objects.insert(Object::new(ObjectKind::Type, name), sql);
        }
        catalog.objects.insert(
            Object::new(ObjectKind::Type, "p.c"),
            "CREATE TYPE p.c AS (\n    a text\n);".to_owned(),
        );
        let enums: Vec<(String, Vec<String>)> = catalog.enums().into_iter().collect();
        let labels = vec!["a',\n    'b".to_owned(), ");".to_owned()];
        assert_eq!(
            enums,
            [("p.\"x AS ENUM ('y\"".to_owned(), labels), ("p.none".to_owned(), Vec::new())]
        );
    }
}
