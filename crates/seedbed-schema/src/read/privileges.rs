//! Reads the privileges of roles other than the owner.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::postgres::PgRow;

use super::{Reader, get};
use crate::error::Error;
use crate::name::ident;
use crate::object::{Aspect, Object, ObjectKind, PartKind};

const WHAT: &str = "the privileges";

/// The privileges of each object with explicit privileges, and the defaults of its kind.
///
/// The privileges of PUBLIC on the schema `public` of a new database depend on the version, and are
/// stored in `pg_init_privs`.
const SQL: &str = "\
    WITH lists (class, oid, sub, owner, list, initial) AS (\
    SELECT 'pg_class', oid, 0, relowner, relacl, \
    acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\", relowner) \
    FROM pg_class WHERE relacl IS NOT NULL AND oid >= 16384 \
    UNION ALL SELECT 'pg_class', attrelid, attnum, relowner, attacl, acldefault('c', relowner) \
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE attacl IS NOT NULL AND c.oid >= 16384 \
    UNION ALL SELECT 'pg_proc', oid, 0, proowner, proacl, acldefault('f', proowner) \
    FROM pg_proc WHERE proacl IS NOT NULL AND oid >= 16384 \
    UNION ALL SELECT 'pg_type', oid, 0, typowner, typacl, acldefault('T', typowner) \
    FROM pg_type WHERE typacl IS NOT NULL AND oid >= 16384 \
    UNION ALL SELECT 'pg_namespace', n.oid, 0, nspowner, nspacl, acldefault('n', nspowner) \
    FROM pg_namespace n LEFT JOIN pg_init_privs i \
    ON i.classoid = 'pg_namespace'::regclass AND i.objoid = n.oid \
    WHERE nspacl IS NOT NULL AND (i.objoid IS NULL OR i.initprivs <> nspacl)) \
    SELECT class, l.oid::int8, sub::int4, side, p.grantee = l.owner AS owner, \
    CASE p.grantee WHEN 0 THEN NULL ELSE pg_get_userbyid(p.grantee) END AS grantee, \
    p.privilege_type AS privilege, p.is_grantable AS grantable \
    FROM lists l CROSS JOIN LATERAL (\
    SELECT true AS side, a.* FROM aclexplode(l.list) a \
    UNION ALL SELECT false, d.* FROM aclexplode(l.initial) d) p";

/// The settings of `ALTER DEFAULT PRIVILEGES`. Within a schema they add to the built-in defaults;
/// otherwise they replace them.
const DEFAULTS: &str = "\
    SELECT d.oid::int8, d.defaclobjtype::text AS type, \
    CASE WHEN d.defaclrole <> b.datdba THEN pg_get_userbyid(d.defaclrole) END AS role, \
    n.nspname AS schema, p.side, p.grantee = d.defaclrole AS owner, \
    CASE p.grantee WHEN 0 THEN NULL ELSE pg_get_userbyid(p.grantee) END AS grantee, \
    p.privilege_type AS privilege, p.is_grantable AS grantable \
    FROM pg_default_acl d JOIN pg_database b ON b.datname = current_database() \
    LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace \
    CROSS JOIN LATERAL (SELECT true AS side, a.* FROM aclexplode(d.defaclacl) a \
    UNION ALL SELECT false, i.* FROM aclexplode(acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' \
    ELSE d.defaclobjtype END, d.defaclrole)) i) p";

impl Reader<'_> {
    pub(super) async fn privileges(&mut self) -> Result<(), Error> {
        let mut lists: BTreeMap<Object, PrivilegeList> = BTreeMap::new();
        for row in self.rows(WHAT, SQL).await? {
            let class: String = get!(row, "class", WHAT);
            let object = self.find(&class, get!(row, "oid", WHAT), get!(row, "sub", WHAT));
            if let Some(object) = object {
                lists.entry(object).or_default().add(&row)?;
            }
        }
        for (object, list) in lists {
            let column = match object.part_kind() {
                Some(PartKind::Column) => object.part.as_ref().map(|part| part.name.clone()),
                _ => None,
            };
            let mut statements = Vec::new();
            // The file must not depend on the initial privileges of PUBLIC on the schema.
            let is_public = object.kind == ObjectKind::Schema && object.name == "public";
            if is_public {
                statements.push("REVOKE ALL ON SCHEMA public FROM PUBLIC;".to_owned());
            }
            statements.extend(list.statements(&object.in_grant(), column.as_deref(), ""));
            if !statements.is_empty() {
                self.add(object.aspect(Aspect::Privileges), statements.join("\n"));
            }
        }
        Ok(())
    }

    pub(super) async fn default_privileges(&mut self) -> Result<(), Error> {
        let mut lists: BTreeMap<Object, (String, &str, PrivilegeList)> = BTreeMap::new();
        for row in self.rows(WHAT, DEFAULTS).await? {
            let kind: String = get!(row, "type", WHAT);
            let objects = match kind.as_str() {
                "r" => "TABLES",
                "S" => "SEQUENCES",
                "f" => "FUNCTIONS",
                "T" => "TYPES",
                "n" => "SCHEMAS",
                // PostgreSQL 18 and later.
                "L" => "LARGE OBJECTS",
                _ => continue,
            };
            let (role, schema): (Option<String>, Option<String>) =
                (get!(row, "role", WHAT), get!(row, "schema", WHAT));
            let is_global = schema.is_none();
            let of = |for_role: &str, in_schema: &str| -> String {
                let role = role.iter().map(|role| format!(" {for_role} {}", ident(role)));
                let schema = schema.iter().map(|schema| format!(" {in_schema} {}", ident(schema)));
                role.chain(schema).collect()
            };
            let prefix = format!("ALTER DEFAULT PRIVILEGES{} ", of("FOR ROLE", "IN SCHEMA"));
            let name = objects.to_lowercase() + &of("for role", "in schema");
            let object = Object::new(ObjectKind::DefaultPrivileges, name);
            self.register("pg_default_acl", get!(row, "oid", WHAT), 0, &object);
            let entry =
                lists.entry(object).or_insert_with(|| (prefix, objects, PrivilegeList::default()));
            entry.2.only_adds = !is_global;
            entry.2.add(&row)?;
        }
        for (object, (prefix, objects, list)) in lists {
            let statements = list.statements(objects, None, &prefix);
            if !statements.is_empty() {
                self.add(object, statements.join("\n"));
            }
        }
        Ok(())
    }
}

/// The privileges of one object.
#[derive(Default)]
struct PrivilegeList {
    /// The privileges by grantee, `None` for PUBLIC, each with its grant option.
    granted: BTreeMap<Option<String>, BTreeMap<String, bool>>,
    /// The default privileges of PUBLIC.
    public: BTreeSet<String>,
    /// All privileges that can be granted on the object.
    all: BTreeSet<String>,
    /// Whether the grants only add to the defaults of the kind.
    only_adds: bool,
}

impl PrivilegeList {
    fn add(&mut self, row: &PgRow) -> Result<(), Error> {
        let privilege: String = get!(*row, "privilege", WHAT);
        let grantee: Option<String> = get!(*row, "grantee", WHAT);
        let (is_set, is_owner): (bool, bool) =
            (get!(*row, "side", WHAT), get!(*row, "owner", WHAT));
        match (is_set, is_owner) {
            (true, true) => {}
            (true, false) => {
                let grantable: bool = get!(*row, "grantable", WHAT);
                *self.granted.entry(grantee).or_default().entry(privilege).or_default() |=
                    grantable;
            }
            (false, true) => drop(self.all.insert(privilege)),
            (false, false) => drop(self.public.insert(privilege)),
        }
        Ok(())
    }

    /// Returns the statements that turn the privileges of a new object into these.
    fn statements(&self, on: &str, column: Option<&str>, prefix: &str) -> Vec<String> {
        let mut statements = Vec::new();
        let nothing = BTreeMap::new();
        let public = self.granted.get(&None).unwrap_or(&nothing);
        let keeps = |privilege: &String| public.get(privilege) == Some(&false);
        let is_default = !self.only_adds && self.public.iter().all(keeps);
        if !is_default && !self.only_adds {
            statements.push(format!("{prefix}REVOKE ALL ON {on} FROM PUBLIC;"));
        }
        for (grantee, privileges) in &self.granted {
            let name = grantee.as_deref().map_or_else(|| "PUBLIC".to_owned(), ident);
            for (passed_on, option) in [(false, ""), (true, " WITH GRANT OPTION")] {
                let has_already = |privilege: &String| {
                    grantee.is_none() && is_default && self.public.contains(privilege)
                };
                let words: Vec<&str> = privileges
                    .iter()
                    .filter(|(privilege, is)| **is == passed_on && !has_already(privilege))
                    .map(|(privilege, _)| privilege.as_str())
                    .collect();
                if words.is_empty() {
                    continue;
                }
                // A later version may have more privileges for the kind.
                let words = match column {
                    Some(column) => words.iter().map(|word| format!("{word} ({column})")).collect(),
                    None if words.len() == self.all.len() => vec!["ALL".to_owned()],
                    None => words.into_iter().map(str::to_owned).collect::<Vec<_>>(),
                };
                let words = words.join(", ");
                statements.push(format!("{prefix}GRANT {words} ON {on} TO {name}{option};"));
            }
        }
        statements
    }
}
