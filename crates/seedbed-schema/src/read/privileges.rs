//! Reads the privileges of roles other than the owner.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::PgConnection;

use super::{CatalogAddress, QueryRow, Reader, fetch};
use crate::error::Error;
use crate::model::{DefaultPrivilegesOf, Grant, GrantedPrivileges, Grantee};

const OBJECTS: &str = "the privileges";

/// The query for the privileges on each object that has explicit ones (`is_set`), and for the default privileges on an
/// object of its kind.
///
/// The schema `public` is only included if its privileges differ from those of a new database. These depend on the
/// version of the server, and are stored in `pg_init_privs`.
const SQL: &str = "\
    WITH lists (class, oid, sub, owner, list, initial) AS (\
    SELECT 'pg_class'::regclass::int8, oid, 0, relowner, relacl, \
    acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\", relowner) \
    FROM pg_class WHERE relacl IS NOT NULL AND oid >= 16384 \
    UNION ALL SELECT 'pg_class'::regclass::int8, attrelid, attnum, relowner, attacl, acldefault('c', relowner) \
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE attacl IS NOT NULL AND c.oid >= 16384 \
    UNION ALL SELECT 'pg_proc'::regclass::int8, oid, 0, proowner, proacl, acldefault('f', proowner) \
    FROM pg_proc WHERE proacl IS NOT NULL AND oid >= 16384 \
    UNION ALL SELECT 'pg_type'::regclass::int8, oid, 0, typowner, typacl, acldefault('T', typowner) \
    FROM pg_type WHERE typacl IS NOT NULL AND oid >= 16384 \
    UNION ALL SELECT 'pg_namespace'::regclass::int8, n.oid, 0, nspowner, nspacl, acldefault('n', nspowner) \
    FROM pg_namespace n LEFT JOIN pg_init_privs i \
    ON i.classoid = 'pg_namespace'::regclass AND i.objoid = n.oid \
    WHERE nspacl IS NOT NULL AND (i.objoid IS NULL OR i.initprivs <> nspacl)) \
    SELECT class, l.oid::int8, sub::int4, is_set, p.grantee = l.owner AS owner, \
    CASE p.grantee WHEN 0 THEN NULL ELSE pg_get_userbyid(p.grantee) END AS grantee, \
    p.privilege_type AS privilege, p.is_grantable AS grantable \
    FROM lists l CROSS JOIN LATERAL (\
    SELECT true AS is_set, a.* FROM aclexplode(l.list) a \
    UNION ALL SELECT false, d.* FROM aclexplode(l.initial) d) p";

/// The query for the settings of `ALTER DEFAULT PRIVILEGES` (`is_set`), and for the built-in default privileges. The
/// settings for a schema add to the built-in defaults. Other settings replace the built-in defaults.
const DEFAULTS: &str = "\
    SELECT d.defaclobjtype::text AS type, \
    CASE WHEN d.defaclrole <> b.datdba THEN pg_get_userbyid(d.defaclrole) END AS role, \
    n.nspname AS schema, p.is_set, p.grantee = d.defaclrole AS owner, \
    CASE p.grantee WHEN 0 THEN NULL ELSE pg_get_userbyid(p.grantee) END AS grantee, \
    p.privilege_type AS privilege, p.is_grantable AS grantable \
    FROM pg_default_acl d JOIN pg_database b ON b.datname = current_database() \
    LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace \
    CROSS JOIN LATERAL (SELECT true AS is_set, a.* FROM aclexplode(d.defaclacl) a \
    UNION ALL SELECT false, i.* FROM aclexplode(acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' \
    ELSE d.defaclobjtype END, d.defaclrole)) i) p";

impl Reader {
    pub(super) async fn read_privileges(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let mut lists: BTreeMap<CatalogAddress, PrivilegeList> = BTreeMap::new();
        let mut rows = fetch(connection, OBJECTS, SQL);
        while let Some(row) = rows.next().await? {
            let id = (row.get("class")?, row.get("oid")?, row.get("sub")?);
            lists.entry(id).or_default().add(&row)?;
        }
        self.privileges = lists.into_iter().map(|(id, list)| (id, list.grants())).collect();
        Ok(())
    }

    pub(super) async fn read_default_privileges(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let mut lists: BTreeMap<DefaultPrivilegesOf, PrivilegeList> = BTreeMap::new();
        let mut rows = fetch(connection, OBJECTS, DEFAULTS);
        while let Some(row) = rows.next().await? {
            let kind: String = row.get("type")?;
            let objects = match kind.as_str() {
                "r" => "TABLES",
                "S" => "SEQUENCES",
                "f" => "FUNCTIONS",
                "T" => "TYPES",
                "n" => "SCHEMAS",
                // PostgreSQL 18 and later have this kind.
                "L" => "LARGE OBJECTS",
                _ => continue,
            };
            let (role, schema) = (row.get("role")?, row.get("schema")?);
            let key = DefaultPrivilegesOf { objects, role, schema };
            let only_adds = key.schema.is_some();
            let list = lists.entry(key).or_default();
            list.only_adds = only_adds;
            list.add(&row)?;
        }
        let lists = lists.into_iter().map(|(key, list)| (key, list.grants()));
        self.schema.default_privileges = lists.filter(|(_, grants)| !grants.is_empty()).collect();
        Ok(())
    }
}

/// The privileges on one object.
#[derive(Default)]
struct PrivilegeList {
    /// The privileges by grantee, and whether the grantee may grant each of them to others.
    granted: BTreeMap<Grantee, BTreeMap<String, bool>>,
    /// The default privileges of PUBLIC.
    public_defaults: BTreeSet<String>,
    /// All privileges that can be granted on the object.
    all: BTreeSet<String>,
    /// Whether the grants only add to the defaults of the kind.
    only_adds: bool,
}

impl PrivilegeList {
    fn add(&mut self, row: &QueryRow) -> Result<(), Error> {
        let privilege: String = row.get("privilege")?;
        let grantee: Option<String> = row.get("grantee")?;
        let grantee = grantee.map_or(Grantee::Public, Grantee::Role);
        let (is_set, is_owner): (bool, bool) = (row.get("is_set")?, row.get("owner")?);
        match (is_set, is_owner) {
            // The privileges of the owner are not part of the schema.
            (true, true) => {}
            (true, false) => {
                let grantable: bool = row.get("grantable")?;
                *self.granted.entry(grantee).or_default().entry(privilege).or_default() |=
                    grantable;
            }
            // By default, the owner has all privileges.
            (false, true) => drop(self.all.insert(privilege)),
            (false, false) => drop(self.public_defaults.insert(privilege)),
        }
        Ok(())
    }

    /// Returns the grants that turn the privileges of a new object into these privileges.
    fn grants(&self) -> Vec<Grant> {
        let nothing = BTreeMap::new();
        let public = self.granted.get(&Grantee::Public).unwrap_or(&nothing);
        let is_kept = |privilege: &String| public.get(privilege) == Some(&false);
        let keeps_defaults = !self.only_adds && self.public_defaults.iter().all(is_kept);
        let mut grants = Vec::new();
        if !keeps_defaults && !self.only_adds {
            grants.push(Grant::RevokedFromPublic);
        }
        for (grantee, privileges) in &self.granted {
            for grantable in [false, true] {
                let is_default = |privilege: &String| {
                    *grantee == Grantee::Public
                        && keeps_defaults
                        && self.public_defaults.contains(privilege)
                };
                let granted: Vec<String> = privileges
                    .iter()
                    .filter(|(privilege, is_grantable)| {
                        **is_grantable == grantable && !is_default(privilege)
                    })
                    .map(|(privilege, _)| privilege.clone())
                    .collect();
                if granted.is_empty() {
                    continue;
                }
                let privileges = if granted.len() == self.all.len() {
                    GrantedPrivileges::All
                } else {
                    GrantedPrivileges::Listed(granted)
                };
                grants.push(Grant::Granted { grantee: grantee.clone(), privileges, grantable });
            }
        }
        grants
    }
}
