//! Renders the relations of an entity.

use std::collections::{BTreeMap, BTreeSet};

use super::{Entity, HandWritten, doc_comment};
use crate::entity_schema::{EntityTable, ForeignKey};
use crate::names::{camel, module, plain};

impl Entity<'_> {
    /// Returns the fields for the relations in both directions.
    pub(super) fn relations(&self) -> String {
        let mut taken: BTreeSet<String> =
            self.table.columns.iter().map(|column| self.field(&column.name)).collect();
        // SeaORM names a relation after the other table if it is the only one to that table.
        let tables = self.entity_schema.tables.iter().filter(|(name, table)| {
            foreign_key_count(self.table, name) == 1
                || foreign_key_count(self.table, name) == 0
                    && foreign_key_count(table, self.name) == 1
        });
        let mut named: BTreeSet<String> = tables.map(|(name, _)| camel(&module(name))).collect();
        let mut text = String::new();
        for key in &self.table.foreign_keys {
            if self.entity_schema.tables.contains_key(&key.table) {
                text += &self.belongs_to(key, &mut taken, &mut named);
            }
        }
        for (name, table) in &self.entity_schema.tables {
            text += &self.has(name, table, &mut taken);
        }
        for (name, join) in self.many_to_many() {
            text += &self.has_via(name, join, &mut taken);
        }
        text
    }

    /// Returns the tables that are reachable through exactly one join table and not directly.
    fn many_to_many(&self) -> BTreeMap<&String, &String> {
        let mut ways: BTreeMap<&String, Vec<&String>> = BTreeMap::new();
        for (name, table) in &self.entity_schema.tables {
            if let Some(to) = many_to_many_target(table, self.name) {
                ways.entry(to).or_default().push(name);
            }
        }
        let is_clear = |to: &str, join: &str| {
            let back = self
                .entity_schema
                .tables
                .get(to)
                .map_or(0, |other| foreign_key_count(other, self.name));
            foreign_key_count(self.table, to) + back == 0 && !self.is_hand_written(join)
        };
        let ways = ways.into_iter().filter_map(|(to, joins)| match joins.as_slice() {
            [join] if is_clear(to, join) => Some((to, *join)),
            _ => None,
        });
        ways.collect()
    }

    fn has_via(&self, name: &str, join: &str, taken: &mut BTreeSet<String>) -> String {
        let (other, join_module) = (module(name), module(join));
        let field = unique_field_name(crate::names::field(name, &other), taken);
        let docs = doc_comment(
            "///",
            &format!("The rows of `{}` that one of `{}` joins to it.", plain(name), plain(join)),
        );
        format!(
            "{docs}#[sea_orm(has_many, via = {join_module:?})]\n\
             pub {field}: HasMany<super::{other}::Entity>,\n"
        )
    }

    /// Returns whether the entity is hand-written. It may lack the opposite relation, which SeaORM
    /// requires.
    fn is_hand_written(&self, table: &str) -> bool {
        self.by_hand.get(&module(table)) == Some(&HandWritten::Entity)
    }

    fn belongs_to(
        &self,
        key: &ForeignKey,
        taken: &mut BTreeSet<String>,
        named: &mut BTreeSet<String>,
    ) -> String {
        let to_itself = key.table == self.name;
        let module = module(&key.table);
        let name = match key.columns.as_slice() {
            [column] => self.field(column).strip_suffix("_id").map(|name| self.field(name)),
            _ => None,
        };
        let name = unique_field_name(name.unwrap_or_else(|| module.clone()), taken);
        let from: Vec<String> = key.columns.iter().map(|column| self.field(column)).collect();
        let to: Vec<String> =
            key.to.iter().map(|column| crate::names::field(column, &module)).collect();
        let mut attributes = vec![if to_itself { "self_ref" } else { "belongs_to" }.to_owned()];
        if to_itself || foreign_key_count(self.table, &key.table) > 1 {
            let mut relation = camel(&name);
            while !named.insert(relation.clone()) {
                relation.push_str("Row");
            }
            attributes.push(format!("relation_enum = {relation:?}"));
        }
        attributes.push(format!("from = {:?}, to = {:?}", columns(&from), columns(&to)));
        let entity =
            if to_itself { "Entity".to_owned() } else { format!("super::{module}::Entity") };
        let nullable = self
            .table
            .columns
            .iter()
            .any(|column| column.nullable && key.columns.contains(&column.name));
        let entity = if nullable { format!("Option<{entity}>") } else { entity };
        let docs =
            doc_comment("///", &format!("The row of `{}` that it belongs to.", plain(&key.table)));
        format!("{docs}#[sea_orm({})]\npub {name}: BelongsTo<{entity}>,\n", attributes.join(", "))
    }

    /// Returns the field for the opposite direction, if there is only one foreign key between the
    /// two tables.
    fn has(&self, name: &str, table: &EntityTable, taken: &mut BTreeSet<String>) -> String {
        let mut keys_here = table.foreign_keys.iter().filter(|key| key.table == self.name);
        let (Some(key), None) = (keys_here.next(), keys_here.next()) else {
            return String::new();
        };
        if name == self.name
            || foreign_key_count(self.table, name) > 0
            || self.is_hand_written(name)
        {
            return String::new();
        }
        let module = module(name);
        let columns: BTreeSet<String> = key.columns.iter().cloned().collect();
        let plain = plain(name);
        if table.unique.contains(&columns) || table.primary_key == columns {
            let field = unique_field_name(module.clone(), taken);
            let docs = doc_comment("///", &format!("The row of `{plain}` that belongs to it."));
            format!("{docs}#[sea_orm(has_one)]\npub {field}: HasOne<super::{module}::Entity>,\n")
        } else {
            let field = unique_field_name(crate::names::field(name, &module), taken);
            let docs = doc_comment("///", &format!("The rows of `{plain}` that belong to it."));
            format!("{docs}#[sea_orm(has_many)]\npub {field}: HasMany<super::{module}::Entity>,\n")
        }
    }
}

/// Returns the other table of a join table, which has two foreign keys to different tables and a
/// unique key on both.
fn many_to_many_target<'t>(join: &'t EntityTable, from: &str) -> Option<&'t String> {
    let mut keys = join.foreign_keys.iter();
    let (Some(one), Some(other), None) = (keys.next(), keys.next(), keys.next()) else {
        return None;
    };
    let both: BTreeSet<String> = one.columns.iter().chain(&other.columns).cloned().collect();
    if join.primary_key != both && !join.unique.contains(&both) {
        return None;
    }
    match (one.table == from, other.table == from) {
        (true, false) => Some(&other.table),
        (false, true) => Some(&one.table),
        _ => None,
    }
}

/// Returns the number of foreign keys from the table to the other one.
fn foreign_key_count(table: &EntityTable, to: &str) -> usize {
    table.foreign_keys.iter().filter(|key| key.table == to).count()
}

fn columns(fields: &[String]) -> String {
    match fields {
        [field] => field.clone(),
        fields => format!("({})", fields.join(", ")),
    }
}

/// Returns the name, with a suffix if another field has it.
fn unique_field_name(mut name: String, taken: &mut BTreeSet<String>) -> String {
    while !taken.insert(name.clone()) {
        name.push_str("_row");
    }
    name
}
