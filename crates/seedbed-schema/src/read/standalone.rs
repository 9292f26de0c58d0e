//! Reads schemas, extensions, collations, statistics objects and event triggers.

use sqlx::PgConnection;

use super::{Reader, USER_SCHEMAS, class, fetch, not_of_extension};
use crate::error::Error;
use crate::model::{
    Collation, EventTrigger, Extension, ExtensionComment, Grant, Namespace, Object, ObjectKind,
    QualifiedName, Statistics,
};

/// The comment on the schema `public` of a new database.
const COMMENT_ON_PUBLIC: &str = "standard public schema";

impl Reader {
    pub(super) async fn read_namespaces(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let sql = format!(
            "SELECT n.oid::int8, n.nspname AS name FROM pg_namespace n WHERE {USER_SCHEMAS} AND {}",
            not_of_extension("pg_namespace", "n.oid")
        );
        let mut rows = fetch(connection, "the schemas", &sql);
        while let Some(row) = rows.next().await? {
            let (oid, name): (i64, String) = (row.get("oid")?, row.get("name")?);
            let object = Object::global(ObjectKind::Schema, &name);
            self.register(class::NAMESPACE, oid, 0, &object);
            let comment = self.take_comment(class::NAMESPACE, oid, 0);
            let comment = comment.filter(|text| name != "public" || text != COMMENT_ON_PUBLIC);
            let listed = self.privileges.remove(&(class::NAMESPACE, oid, 0));
            let mut privileges = listed.clone().unwrap_or_default();
            // The initial privileges of PUBLIC on this schema depend on the version of the server, so they are revoked
            // before any others are granted.
            if name == "public"
                && listed.is_some()
                && !privileges.contains(&Grant::RevokedFromPublic)
            {
                privileges.insert(0, Grant::RevokedFromPublic);
            }
            self.schema.namespaces.insert(name, Namespace { comment, privileges });
        }
        Ok(())
    }

    pub(super) async fn read_extensions(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        // `pg_available_extensions` has the default comment of an extension, which is in the extension's control file.
        let sql = "SELECT x.oid::int8, x.extname AS name, n.nspname AS schema, \
                   a.name IS NOT NULL AND d.comment IS DISTINCT FROM a.comment AS has_own_comment \
                   FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace \
                   CROSS JOIN LATERAL obj_description(x.oid, 'pg_extension') d (comment) \
                   LEFT JOIN pg_available_extensions a ON a.name = x.extname \
                   WHERE x.extname <> 'plpgsql'";
        for row in fetch(connection, "the extensions", sql).all().await? {
            let (oid, name): (i64, String) = (row.get("oid")?, row.get("name")?);
            let object = Object::global(ObjectKind::Extension, &name);
            self.register(class::EXTENSION, oid, 0, &object);
            let comment = self.take_comment(class::EXTENSION, oid, 0);
            let comment = comment.map_or(ExtensionComment::Removed, ExtensionComment::Text);
            let has_own_comment: bool = row.get("has_own_comment")?;
            let extension = Extension {
                schema: row.get("schema")?,
                comment: has_own_comment.then_some(comment),
                members: Default::default(),
            };
            self.schema.extensions.insert(name, extension);
        }
        self.read_extension_members(connection).await
    }

    async fn read_extension_members(&mut self, connection: &mut PgConnection) -> Result<(), Error> {
        let sql = "SELECT x.extname AS extension, n.nspname AS schema, o.name \
                   FROM pg_depend d JOIN pg_extension x ON x.oid = d.refobjid \
                   JOIN (SELECT 'pg_class'::regclass AS class, oid, relnamespace AS schema, relname AS name \
                   FROM pg_class UNION ALL SELECT 'pg_type'::regclass, oid, typnamespace, typname \
                   FROM pg_type) o ON o.class = d.classid AND o.oid = d.objid \
                   JOIN pg_namespace n ON n.oid = o.schema \
                   WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'";
        let mut rows = fetch(connection, "the extensions", sql);
        while let Some(row) = rows.next().await? {
            let extension: String = row.get("extension")?;
            if let Some(extension) = self.schema.extensions.get_mut(&extension) {
                extension.members.insert(row.name()?);
            }
        }
        Ok(())
    }

    pub(super) async fn read_collations(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        // PostgreSQL 15 and 17 moved the ICU locale to another column.
        let (locale, rules) = match self.version {
            170_000.. => ("colllocale", "collicurules"),
            160_000.. => ("colliculocale", "collicurules"),
            150_000.. => ("colliculocale", "NULL::text"),
            _ => ("collcollate::text", "NULL::text"),
        };
        let libc_locale = |column: &str| {
            format!("CASE collprovider WHEN 'c' THEN {column}::text END AS {column}")
        };
        let sql = format!(
            "SELECT c.oid::int8, n.nspname AS schema, c.collname AS name, \
             CASE collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END AS provider, \
             {}, {}, CASE WHEN collprovider <> 'c' THEN {locale} END AS locale, \
             {rules} AS rules, collisdeterministic AS deterministic \
             FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace \
             WHERE {USER_SCHEMAS} AND {}",
            libc_locale("collcollate"),
            libc_locale("collctype"),
            not_of_extension("pg_collation", "c.oid")
        );
        let mut rows = fetch(connection, "the collations", &sql);
        while let Some(row) = rows.next().await? {
            let (oid, name): (i64, _) = (row.get("oid")?, row.name()?);
            let object = Object::qualified(ObjectKind::Collation, &name);
            self.register(class::COLLATION, oid, 0, &object);
            let collation = Collation {
                provider: row.get("provider")?,
                lc_collate: row.get("collcollate")?,
                lc_ctype: row.get("collctype")?,
                locale: row.get("locale")?,
                rules: row.get("rules")?,
                deterministic: row.get("deterministic")?,
                comment: self.take_comment(class::COLLATION, oid, 0),
            };
            self.schema.collations.insert(name, collation);
        }
        Ok(())
    }

    pub(super) async fn read_statistics(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let sql = format!(
            "SELECT s.oid::int8, n.nspname AS schema, s.stxname AS name, \
             pg_get_statisticsobjdef(s.oid) AS definition, \
             nullif(coalesce(s.stxstattarget, -1)::int4, -1) AS target \
             FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace \
             WHERE {USER_SCHEMAS} AND {}",
            not_of_extension("pg_statistic_ext", "s.oid")
        );
        let mut rows = fetch(connection, "the statistics objects", &sql);
        while let Some(row) = rows.next().await? {
            let (oid, name): (i64, _) = (row.get("oid")?, row.name()?);
            let object = Object::qualified(ObjectKind::Statistics, &name);
            self.register(class::STATISTICS, oid, 0, &object);
            let statistics = Statistics {
                definition: self.normalizer.expression(row.get("definition")?),
                target: row.get("target")?,
                comment: self.take_comment(class::STATISTICS, oid, 0),
            };
            self.schema.statistics.insert(name, statistics);
        }
        Ok(())
    }

    pub(super) async fn read_event_triggers(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let sql = format!(
            "SELECT t.oid::int8, t.evtname AS name, t.evtevent AS event, \
             t.evtenabled::text AS enabled, n.nspname AS schema, p.proname AS function, \
             coalesce(t.evttags, '{{}}') AS tags \
             FROM pg_event_trigger t JOIN pg_proc p ON p.oid = t.evtfoid \
             JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {}",
            not_of_extension("pg_event_trigger", "t.oid")
        );
        let mut rows = fetch(connection, "the event triggers", &sql);
        while let Some(row) = rows.next().await? {
            let (oid, name): (i64, String) = (row.get("oid")?, row.get("name")?);
            let object = Object::global(ObjectKind::EventTrigger, &name);
            self.register(class::EVENT_TRIGGER, oid, 0, &object);
            let (schema, function): (String, String) = (row.get("schema")?, row.get("function")?);
            let trigger = EventTrigger {
                event: row.get("event")?,
                tags: row.get("tags")?,
                function: QualifiedName::new(schema, function),
                firing: row.firing()?,
                comment: self.take_comment(class::EVENT_TRIGGER, oid, 0),
            };
            self.schema.event_triggers.insert(name, trigger);
        }
        Ok(())
    }
}
