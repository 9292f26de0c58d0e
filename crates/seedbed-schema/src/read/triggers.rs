//! Reads the triggers, rules and policies of tables and views.

use super::relations::WHAT_IS_ON;
use super::{Reader, get};
use crate::error::Error;
use crate::name::ident;
use crate::normalize::aliases;
use crate::object::PartKind;
use crate::read::standalone::enable_clause;

/// The triggers, without those that are created with a constraint or a partitioned table.
const TRIGGERS: &str = "\
    SELECT oid::int8, tgrelid::int8 AS relation, tgname AS name, tgenabled::text AS enabled, \
    pg_get_triggerdef(oid) AS definition FROM pg_trigger WHERE NOT tgisinternal AND tgparentid = 0";

/// The triggers of partitions whose firing mode differs from that of the parent. Before PostgreSQL
/// 15 they are marked as internal, as are those of foreign keys.
const PARTITION_TRIGGERS: &str = "\
    SELECT t.tgrelid::int8 AS relation, p.tgrelid::int8 AS parent_relation, t.tgname AS name, \
    t.tgenabled::text AS enabled FROM pg_trigger t JOIN pg_trigger p ON p.oid = t.tgparentid \
    WHERE t.tgenabled <> p.tgenabled AND NOT EXISTS (SELECT FROM pg_constraint k \
    WHERE k.oid = t.tgconstraint AND k.contype = 'f')";

/// The rules. The rule of a view is registered as the view.
const RULES: &str = "\
    SELECT oid::int8, ev_class::int8 AS relation, rulename AS name, ev_enabled::text AS enabled, \
    pg_get_ruledef(oid) AS definition FROM pg_rewrite WHERE oid >= 16384";

const POLICIES: &str = "\
    SELECT p.oid::int8, p.polrelid::int8 AS relation, p.polname AS name, \
    p.polpermissive AS permissive, \
    CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' \
    WHEN 'd' THEN 'DELETE' END AS command, \
    ARRAY(SELECT r.rolname::text FROM pg_roles r WHERE r.oid = ANY (p.polroles)) AS roles, \
    pg_get_expr(p.polqual, p.polrelid) AS using, pg_get_expr(p.polwithcheck, p.polrelid) AS check \
    FROM pg_policy p";

impl Reader<'_> {
    pub(super) async fn triggers(&mut self) -> Result<(), Error> {
        self.read_switchable("pg_trigger", PartKind::Trigger, TRIGGERS).await
    }

    /// Reads the triggers of partitions whose firing mode differs from that of the partitioned
    /// table.
    pub(super) async fn triggers_of_partitions(&mut self) -> Result<(), Error> {
        const WHAT: &str = WHAT_IS_ON;
        for row in self.rows(WHAT, PARTITION_TRIGGERS).await? {
            let table = self.find("pg_class", get!(row, "relation", WHAT), 0);
            let parent = self.find("pg_class", get!(row, "parent_relation", WHAT), 0);
            let (Some(table), Some(parent)) = (table, parent) else {
                continue;
            };
            let (name, enabled): (String, String) =
                (get!(row, "name", WHAT), get!(row, "enabled", WHAT));
            let name = ident(&name);
            let object = table.part(PartKind::Trigger, &name);
            self.add_dependency(&object, &parent.part(PartKind::Trigger, &name));
            self.add_dependency(&object, &table.part(PartKind::Parent, &parent.name));
            let word = enable_clause(&enabled).unwrap_or("ENABLE");
            self.add(object, format!("ALTER TABLE {} {word} TRIGGER {name};", table.name));
        }
        Ok(())
    }

    pub(super) async fn rules(&mut self) -> Result<(), Error> {
        self.read_switchable("pg_rewrite", PartKind::Rule, RULES).await
    }

    /// Reads objects that can be enabled and disabled.
    async fn read_switchable(
        &mut self,
        class: &str,
        kind: PartKind,
        sql: &str,
    ) -> Result<(), Error> {
        const WHAT: &str = WHAT_IS_ON;
        for row in self.rows(WHAT, sql).await? {
            let Some(table) = self.find("pg_class", get!(row, "relation", WHAT), 0) else {
                continue;
            };
            let (oid, name): (i64, String) = (get!(row, "oid", WHAT), get!(row, "name", WHAT));
            if name == "_RETURN" {
                self.register(class, oid, 0, &table);
                continue;
            }
            let object = table.part(kind, ident(&name));
            self.register(class, oid, 0, &object);
            let mut definition: String = get!(row, "definition", WHAT);
            if kind == PartKind::Rule {
                definition = aliases::add_as_keyword(&definition);
            }
            let mut sql = format!("{};", definition.trim_end_matches(';'));
            let enabled: String = get!(row, "enabled", WHAT);
            if let Some(word) = enable_clause(&enabled) {
                let kind = kind.as_str().to_uppercase();
                sql += &format!("\nALTER TABLE {} {word} {kind} {};", table.name, ident(&name));
            }
            self.add(object, sql);
        }
        Ok(())
    }

    pub(super) async fn policies(&mut self) -> Result<(), Error> {
        const WHAT: &str = WHAT_IS_ON;
        for row in self.rows(WHAT, POLICIES).await? {
            let Some(table) = self.find("pg_class", get!(row, "relation", WHAT), 0) else {
                continue;
            };
            let name: String = get!(row, "name", WHAT);
            let object = table.part(PartKind::Policy, ident(&name));
            self.register("pg_policy", get!(row, "oid", WHAT), 0, &object);
            let mut sql = format!("CREATE POLICY {} ON {}", ident(&name), table.name);
            let permissive: bool = get!(row, "permissive", WHAT);
            if !permissive {
                sql += " AS RESTRICTIVE";
            }
            let command: Option<String> = get!(row, "command", WHAT);
            sql += &command.map(|command| format!(" FOR {command}")).unwrap_or_default();
            let roles: Vec<String> = get!(row, "roles", WHAT);
            if !roles.is_empty() {
                let mut roles: Vec<String> = roles.iter().map(|role| ident(role)).collect();
                roles.sort();
                sql += &format!(" TO {}", roles.join(", "));
            }
            let (using, check): (Option<String>, Option<String>) =
                (get!(row, "using", WHAT), get!(row, "check", WHAT));
            for (word, expression) in [("USING", using), ("WITH CHECK", check)] {
                let clause = expression.map(|expression| format!(" {word} ({expression})"));
                sql += &clause.unwrap_or_default();
            }
            self.add(object, sql + ";");
        }
        Ok(())
    }
}
