//! Reads the triggers, rules and policies of tables and views.

use sqlx::PgConnection;

use super::{QueryRow, Reader, class, fetch};
use crate::error::Error;
use crate::model::{Firing, ObjectKind, PartKind, Policy, Rule, Trigger, TriggerSource};

const OBJECTS: &str = "the triggers, rules and policies";

/// Returns the query for the triggers, without those that belong to a constraint and those that a partition has from
/// its parent.
///
/// `whole_row` is whether the condition (`tgqual`) of a BEFORE trigger (bit 2 of `tgtype`) refers to the whole row. In
/// a parse tree, the whole row is the column with the number 0.
fn triggers(pretty: bool) -> String {
    format!(
        "\
    SELECT oid::int8, tgrelid::int8 AS relation, tgname AS name, tgenabled::text AS enabled, \
    pg_get_triggerdef(oid, {pretty}) AS definition, \
    coalesce(tgtype & 2 <> 0 AND tgqual::text LIKE '%:varattno 0 %', false) AS whole_row \
    FROM pg_trigger WHERE NOT tgisinternal AND tgparentid = 0"
    )
}

/// The query for the triggers of partitions whose firing mode differs from that of the parent's trigger. Before
/// PostgreSQL 15, these triggers are marked as internal, like the triggers of foreign keys, so the query excludes the
/// latter by their constraint.
const PARTITION_TRIGGERS: &str = "\
    SELECT t.tgrelid::int8 AS relation, p.tgrelid::int8 AS parent_relation, t.tgname AS name, \
    t.tgenabled::text AS enabled FROM pg_trigger t JOIN pg_trigger p ON p.oid = t.tgparentid \
    WHERE t.tgenabled <> p.tgenabled AND NOT EXISTS (SELECT FROM pg_constraint k \
    WHERE k.oid = t.tgconstraint AND k.contype = 'f')";

/// The query for the rules, including the rule `_RETURN` of each view.
const RULES: &str = "\
    SELECT oid::int8, ev_class::int8 AS relation, rulename AS name, ev_enabled::text AS enabled, \
    pg_get_ruledef(oid) AS definition FROM pg_rewrite WHERE oid >= 16384";

const POLICIES: &str = "\
    SELECT p.oid::int8, p.polrelid::int8 AS relation, p.polname AS name, \
    p.polpermissive AS permissive, \
    CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' \
    WHEN 'd' THEN 'DELETE' END AS command, \
    ARRAY(SELECT r.rolname::text FROM pg_roles r WHERE r.oid = ANY (p.polroles) \
    ORDER BY r.rolname) AS roles, \
    pg_get_expr(p.polqual, p.polrelid) AS using, pg_get_expr(p.polwithcheck, p.polrelid) AS check \
    FROM pg_policy p";

impl Reader {
    pub(super) async fn read_triggers(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let mut rows = fetch(connection, OBJECTS, &triggers(self.pretty()));
        while let Some(row) = rows.next().await? {
            let (oid, name): (i64, String) = (row.get("oid")?, row.get("name")?);
            let definition: String = row.get("definition")?;
            let trigger = Trigger {
                source: TriggerSource::Statement(self.normalizer.expression(definition)),
                firing: row.firing()?,
                needs_whole_row: row.get("whole_row")?,
                comment: self.take_comment(class::TRIGGER, oid, 0),
            };
            let part = (PartKind::Trigger, name.as_str());
            self.register_part(class::TRIGGER, oid, row.get("relation")?, part);
            self.add_trigger(row.get("relation")?, name, trigger);
        }
        Ok(())
    }

    /// Reads the triggers of partitions whose firing mode differs from that of the partitioned
    /// table.
    pub(super) async fn read_triggers_of_partitions(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let mut rows = fetch(connection, OBJECTS, PARTITION_TRIGGERS);
        while let Some(row) = rows.next().await? {
            let Some((_, parent)) = self.relation(row.get("parent_relation")?) else { continue };
            let trigger = Trigger {
                source: TriggerSource::Parent(parent),
                firing: row.firing()?,
                needs_whole_row: false,
                comment: None,
            };
            self.add_trigger(row.get("relation")?, row.get("name")?, trigger);
        }
        Ok(())
    }

    fn add_trigger(&mut self, relation: i64, name: String, trigger: Trigger) {
        let Some((kind, relation)) = self.relation(relation) else { return };
        let triggers = match kind {
            ObjectKind::Table => {
                self.schema.tables.get_mut(&relation).map(|table| &mut table.triggers)
            }
            _ => self.schema.views.get_mut(&relation).map(|view| &mut view.triggers),
        };
        if let Some(triggers) = triggers {
            triggers.insert(name, trigger);
        }
    }

    pub(super) async fn read_rules(&mut self, connection: &mut PgConnection) -> Result<(), Error> {
        let mut rows = fetch(connection, OBJECTS, RULES);
        while let Some(row) = rows.next().await? {
            let (oid, name): (i64, String) = (row.get("oid")?, row.get("name")?);
            let relation = row.get("relation")?;
            // This rule holds the query of the view, so its dependencies are those of the view.
            if name == "_RETURN" {
                if let Some(view) = self.find(class::RELATION, relation, 0).cloned() {
                    self.register(class::REWRITE, oid, 0, &view);
                }
                continue;
            }
            let part = (PartKind::Rule, name.as_str());
            if self.register_part(class::REWRITE, oid, relation, part).is_none() {
                continue;
            }
            let definition: String = row.get("definition")?;
            let definition = definition.trim_end_matches(';');
            let rule = Rule {
                definition: self.normalizer.statements(definition),
                firing: row.firing()?,
                comment: self.take_comment(class::REWRITE, oid, 0),
            };
            let rules = match self.relation(relation) {
                Some((ObjectKind::Table, name)) => {
                    self.schema.tables.get_mut(&name).map(|table| &mut table.rules)
                }
                Some((_, name)) => self.schema.views.get_mut(&name).map(|view| &mut view.rules),
                None => None,
            };
            if let Some(rules) = rules {
                rules.insert(name, rule);
            }
        }
        Ok(())
    }

    pub(super) async fn read_policies(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let mut rows = fetch(connection, OBJECTS, POLICIES);
        while let Some(row) = rows.next().await? {
            let (oid, name): (i64, String) = (row.get("oid")?, row.get("name")?);
            let relation = row.get("relation")?;
            self.register_part(class::POLICY, oid, relation, (PartKind::Policy, &name));
            let (using, check): (Option<String>, Option<String>) =
                (row.get("using")?, row.get("check")?);
            let permissive: bool = row.get("permissive")?;
            let policy = Policy {
                restrictive: !permissive,
                command: row.get("command")?,
                roles: row.get("roles")?,
                using: using.map(|sql| self.normalizer.expression(sql)),
                check: check.map(|sql| self.normalizer.expression(sql)),
                comment: self.take_comment(class::POLICY, oid, 0),
            };
            let table = self.relation(relation);
            if let Some(table) = table.and_then(|(_, name)| self.schema.tables.get_mut(&name)) {
                table.policies.insert(name, policy);
            }
        }
        Ok(())
    }
}

impl QueryRow {
    /// Returns the firing mode of a trigger or a rule.
    pub(super) fn firing(&self) -> Result<Firing, Error> {
        let enabled: String = self.get("enabled")?;
        Ok(match enabled.as_str() {
            "D" => Firing::Disabled,
            "R" => Firing::Replica,
            "A" => Firing::Always,
            _ => Firing::Origin,
        })
    }
}
