//! Reads schemas, extensions, statistics objects, event triggers and comments.

use super::{Reader, USER_SCHEMAS, get, not_of_extension};
use crate::error::Error;
use crate::name::{ident, literal, qualified};
use crate::object::{Aspect, Object, ObjectKind, PartKind};

impl Reader<'_> {
    pub(super) async fn schemas(&mut self) -> Result<(), Error> {
        const WHAT: &str = "the schemas";
        let sql = format!(
            "SELECT n.oid::int8, n.nspname AS name FROM pg_namespace n WHERE {USER_SCHEMAS} AND {}",
            not_of_extension("pg_namespace", "n.oid")
        );
        for row in self.rows(WHAT, &sql).await? {
            let name: String = get!(row, "name", WHAT);
            let object = Object::new(ObjectKind::Schema, ident(&name));
            self.register("pg_namespace", get!(row, "oid", WHAT), 0, &object);
            let sql = format!("CREATE SCHEMA {};", object.name);
            self.add(object, sql);
        }
        Ok(())
    }

    pub(super) async fn extensions(&mut self) -> Result<(), Error> {
        const WHAT: &str = "the extensions";
        // The server's files contain the default comment of an extension.
        let sql = "SELECT x.oid::int8, x.extname AS name, n.nspname AS schema, d.comment, \
                   a.name IS NOT NULL AND d.comment IS DISTINCT FROM a.comment AS commented \
                   FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace \
                   CROSS JOIN LATERAL obj_description(x.oid, 'pg_extension') d (comment) \
                   LEFT JOIN pg_available_extensions a ON a.name = x.extname \
                   WHERE x.extname <> 'plpgsql'";
        for row in self.rows(WHAT, sql).await? {
            let (name, schema): (String, String) =
                (get!(row, "name", WHAT), get!(row, "schema", WHAT));
            let object = Object::new(ObjectKind::Extension, ident(&name));
            self.register("pg_extension", get!(row, "oid", WHAT), 0, &object);
            if get!(row, "commented", WHAT) {
                let comment: Option<String> = get!(row, "comment", WHAT);
                let comment = comment.map_or_else(|| "NULL".to_owned(), |text| literal(&text));
                let sql = format!("COMMENT ON {} IS {comment};", object.in_comment());
                self.add(object.aspect(Aspect::Comment), sql);
            }
            let sql = format!("CREATE EXTENSION {} WITH SCHEMA {};", object.name, ident(&schema));
            self.add(object, sql);
        }
        Ok(())
    }

    pub(super) async fn statistics(&mut self) -> Result<(), Error> {
        const WHAT: &str = "the statistics objects";
        let sql = format!(
            "SELECT s.oid::int8, n.nspname AS schema, s.stxname AS name, \
             pg_get_statisticsobjdef(s.oid) AS definition, \
             nullif(coalesce(s.stxstattarget, -1)::int4, -1) AS target \
             FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace \
             WHERE {USER_SCHEMAS} AND {}",
            not_of_extension("pg_statistic_ext", "s.oid")
        );
        for row in self.rows(WHAT, &sql).await? {
            let (schema, name): (String, String) =
                (get!(row, "schema", WHAT), get!(row, "name", WHAT));
            let object = Object::new(ObjectKind::Statistics, qualified(&schema, &name));
            self.register("pg_statistic_ext", get!(row, "oid", WHAT), 0, &object);
            let definition: String = get!(row, "definition", WHAT);
            let mut sql = definition + ";";
            let target: Option<i32> = get!(row, "target", WHAT);
            if let Some(target) = target {
                sql += &format!("\nALTER STATISTICS {} SET STATISTICS {target};", object.name);
            }
            self.add(object, sql);
        }
        Ok(())
    }

    pub(super) async fn event_triggers(&mut self) -> Result<(), Error> {
        const WHAT: &str = "the event triggers";
        let sql = format!(
            "SELECT t.oid::int8, t.evtname AS name, t.evtevent AS event, \
             t.evtenabled::text AS enabled, \
             n.nspname AS schema, p.proname AS function, \
             coalesce(t.evttags, '{{}}') AS tags \
             FROM pg_event_trigger t JOIN pg_proc p ON p.oid = t.evtfoid \
             JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {}",
            not_of_extension("pg_event_trigger", "t.oid")
        );
        for row in self.rows(WHAT, &sql).await? {
            let name: String = get!(row, "name", WHAT);
            let object = Object::new(ObjectKind::EventTrigger, ident(&name));
            self.register("pg_event_trigger", get!(row, "oid", WHAT), 0, &object);
            let (schema, function): (String, String) =
                (get!(row, "schema", WHAT), get!(row, "function", WHAT));
            let event: String = get!(row, "event", WHAT);
            let tags: Vec<String> = get!(row, "tags", WHAT);
            let mut sql = format!("CREATE EVENT TRIGGER {} ON {event}", object.name);
            if !tags.is_empty() {
                let tags: Vec<String> = tags.iter().map(|tag| literal(tag)).collect();
                sql += &format!(" WHEN TAG IN ({})", tags.join(", "));
            }
            sql += &format!(" EXECUTE FUNCTION {}();", qualified(&schema, &function));
            let enabled: String = get!(row, "enabled", WHAT);
            if let Some(word) = enable_clause(&enabled) {
                sql += &format!("\nALTER EVENT TRIGGER {} {word};", object.name);
            }
            self.add(object, sql);
        }
        Ok(())
    }

    pub(super) async fn comments(&mut self) -> Result<(), Error> {
        const WHAT: &str = "the comments";
        let sql = "SELECT d.classoid::regclass::text AS class, d.objoid::int8 AS oid, \
                   d.objsubid AS sub, d.description AS text, n.nspname AS schema, c.relname AS name \
                   FROM pg_description d \
                   LEFT JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass \
                   LEFT JOIN pg_namespace n ON n.oid = c.relnamespace \
                   WHERE d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass";
        for row in self.rows(WHAT, sql).await? {
            let (class, text): (String, String) =
                (get!(row, "class", WHAT), get!(row, "text", WHAT));
            let found = self.find(&class, get!(row, "oid", WHAT), get!(row, "sub", WHAT));
            let Some(mut object) = found else {
                continue;
            };
            // The index of a constraint is registered as the constraint, and a row type as its
            // table.
            if class == "pg_class" && object.part_kind() == Some(PartKind::Constraint) {
                let (schema, name): (String, String) =
                    (get!(row, "schema", WHAT), get!(row, "name", WHAT));
                let index = object.part(PartKind::Index, qualified(&schema, &name));
                self.add_dependency(&index.aspect(Aspect::Comment), &object);
                object = index;
            }
            let is_another = class == "pg_type" && object.kind == ObjectKind::Table;
            let is_default = match object.kind {
                ObjectKind::Extension => true,
                ObjectKind::Schema => object.name == "public" && text == "standard public schema",
                _ => false,
            };
            if !is_another && !is_default {
                let sql = format!("COMMENT ON {} IS {};", object.in_comment(), literal(&text));
                self.add(object.aspect(Aspect::Comment), sql);
            }
        }
        Ok(())
    }
}

/// Returns the clause for the firing mode of a trigger or rule, unless it is the default.
pub(super) fn enable_clause(enabled: &str) -> Option<&'static str> {
    match enabled {
        "D" => Some("DISABLE"),
        "R" => Some("ENABLE REPLICA"),
        "A" => Some("ENABLE ALWAYS"),
        _ => None,
    }
}
