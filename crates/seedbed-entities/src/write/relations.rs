//! From one table to another.

use std::collections::{BTreeMap, BTreeSet};

use super::{ByHand, Entity, docs};
use crate::names::{camel, module, plain};
use crate::shape::{ForeignKey, TableShape};

impl Entity<'_> {
    /// The fields of what the foreign keys of this table, and those to it, lead to.
    pub(super) fn relations(&self) -> String {
        let mut taken: BTreeSet<String> =
            self.table.columns.iter().map(|column| self.field(&column.name)).collect();
        // SeaORM names a relation after the other table, if it is the only one.
        let tables = self.shape.tables.iter().filter(|(name, table)| {
            keys(self.table, name) == 1
                || keys(self.table, name) == 0 && keys(table, self.name) == 1
        });
        let mut named: BTreeSet<String> = tables.map(|(name, _)| camel(&module(name))).collect();
        let mut text = String::new();
        for key in &self.table.foreign_keys {
            if self.shape.tables.contains_key(&key.table) {
                text += &self.belongs_to(key, &mut taken, &mut named);
            }
        }
        for (name, table) in &self.shape.tables {
            text += &self.has(name, table, &mut taken);
        }
        for (name, join) in self.beyond() {
            text += &self.has_via(name, join, &mut taken);
        }
        text
    }

    /// The tables that a join table leads to from here, if it is the only way there.
    fn beyond(&self) -> BTreeMap<&String, &String> {
        let mut ways: BTreeMap<&String, Vec<&String>> = BTreeMap::new();
        for (name, table) in &self.shape.tables {
            if let Some(to) = joined(table, self.name) {
                ways.entry(to).or_default().push(name);
            }
        }
        let is_clear = |to: &str, join: &str| {
            let back = self.shape.tables.get(to).map_or(0, |other| keys(other, self.name));
            keys(self.table, to) + back == 0 && !self.is_whole_by_hand(join)
        };
        let ways = ways.into_iter().filter_map(|(to, joins)| match joins.as_slice() {
            [join] if is_clear(to, join) => Some((to, *join)),
            _ => None,
        });
        ways.collect()
    }

    fn has_via(&self, name: &str, join: &str, taken: &mut BTreeSet<String>) -> String {
        let (other, join_module) = (module(name), module(join));
        let field = free(crate::names::field(name, &other), taken);
        let docs = docs(
            "///",
            &format!("The rows of `{}` that one of `{}` joins to it.", plain(name), plain(join)),
        );
        format!(
            "{docs}#[sea_orm(has_many, via = {join_module:?})]\n\
             pub {field}: HasMany<super::{other}::Entity>,\n"
        )
    }

    /// What is written by hand may not know its way here, and SeaORM needs both.
    fn is_whole_by_hand(&self, table: &str) -> bool {
        self.by_hand.get(&module(table)) == Some(&ByHand::Whole)
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
        let name = free(name.unwrap_or_else(|| module.clone()), taken);
        let from: Vec<String> = key.columns.iter().map(|column| self.field(column)).collect();
        let to: Vec<String> =
            key.to.iter().map(|column| crate::names::field(column, &module)).collect();
        let mut attributes = vec![if to_itself { "self_ref" } else { "belongs_to" }.to_owned()];
        if to_itself || keys(self.table, &key.table) > 1 {
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
        let docs = docs("///", &format!("The row of `{}` that it belongs to.", plain(&key.table)));
        format!("{docs}#[sea_orm({})]\npub {name}: BelongsTo<{entity}>,\n", attributes.join(", "))
    }

    /// The other way, where SeaORM can tell which one is meant: one foreign key between the two tables.
    fn has(&self, name: &str, table: &TableShape, taken: &mut BTreeSet<String>) -> String {
        let mut keys_here = table.foreign_keys.iter().filter(|key| key.table == self.name);
        let (Some(key), None) = (keys_here.next(), keys_here.next()) else {
            return String::new();
        };
        if name == self.name || keys(self.table, name) > 0 || self.is_whole_by_hand(name) {
            return String::new();
        }
        let module = module(name);
        let columns: BTreeSet<String> = key.columns.iter().cloned().collect();
        let plain = plain(name);
        if table.unique.contains(&columns) || table.primary_key == columns {
            let field = free(module.clone(), taken);
            let docs = docs("///", &format!("The row of `{plain}` that belongs to it."));
            format!("{docs}#[sea_orm(has_one)]\npub {field}: HasOne<super::{module}::Entity>,\n")
        } else {
            let field = free(crate::names::field(name, &module), taken);
            let docs = docs("///", &format!("The rows of `{plain}` that belong to it."));
            format!("{docs}#[sea_orm(has_many)]\npub {field}: HasMany<super::{module}::Entity>,\n")
        }
    }
}

/// Where a join table leads from there: it has two foreign keys, to two tables, and no two rows that join the same.
fn joined<'t>(join: &'t TableShape, from: &str) -> Option<&'t String> {
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

/// How many foreign keys lead from the table to that one.
fn keys(table: &TableShape, to: &str) -> usize {
    table.foreign_keys.iter().filter(|key| key.table == to).count()
}

fn columns(fields: &[String]) -> String {
    match fields {
        [field] => field.clone(),
        fields => format!("({})", fields.join(", ")),
    }
}

/// The name, or one that no other field has.
fn free(mut name: String, taken: &mut BTreeSet<String>) -> String {
    while !taken.insert(name.clone()) {
        name.push_str("_row");
    }
    name
}
