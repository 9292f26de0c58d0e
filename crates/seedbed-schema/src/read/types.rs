//! Reads the names of types, and enums, composite types, ranges and domains.

use super::columns::is_automatic;
use sqlx::PgConnection;

use super::{QueryRow, Reader, USER_SCHEMAS, class, fetch, not_of_extension};
use crate::error::Error;
use crate::model::{
    Attribute, BaseType, CompositeType, DataType, Domain, DomainCheck, EnumType, NotNull, Object,
    ObjectKind, PartKind, QualifiedName, RangeType, TypeModifier,
};

const OBJECTS: &str = "the types";

/// The query for every type that a column, an attribute, a domain or a range has, with the type of its elements.
const NAMES: &str = "\
    SELECT t.oid::int8, t.oid <> b.oid AS is_array, b.typtype::text AS kind, n.nspname AS schema, \
    b.typname AS name, n.nspname = 'pg_catalog' AS builtin, format_type(b.oid, -1) AS sql, \
    x.extname AS extension FROM (SELECT atttypid FROM pg_attribute WHERE attrelid >= 16384 AND attnum > 0 \
    UNION SELECT typbasetype FROM pg_type WHERE typtype = 'd' UNION SELECT rngsubtype FROM pg_range) \
    AS used (oid) JOIN pg_type t ON t.oid = used.oid \
    JOIN pg_type b ON b.oid = CASE WHEN t.typsubscript = 'array_subscript_handler'::regproc \
    AND t.typstorage <> 'p' THEN t.typelem ELSE t.oid END \
    JOIN pg_namespace n ON n.oid = b.typnamespace \
    LEFT JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = b.oid AND d.deptype = 'e' \
    LEFT JOIN pg_extension x ON x.oid = d.refobjid";

/// The query for the checks of domains.
const CHECKS: &str = "\
    SELECT oid::int8, contypid::int8 AS domain, conname AS name, pg_get_constraintdef(oid) AS definition \
    FROM pg_constraint WHERE contypid >= 16384 AND contype = 'c'";

impl Reader {
    pub(super) async fn read_type_names(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let mut rows = fetch(connection, OBJECTS, NAMES);
        while let Some(row) = rows.next().await? {
            let name = row.name()?;
            let kind: String = row.get("kind")?;
            let extension: Option<String> = row.get("extension")?;
            let base = match (extension, kind.as_str()) {
                _ if row.get("builtin")? => BaseType::Builtin(row.get("sql")?),
                (Some(extension), _) => BaseType::Extension { extension, name },
                (None, "e") => BaseType::Enum(name),
                (None, "d") => BaseType::Domain(name),
                (None, "c") => BaseType::Composite(name),
                (None, "r" | "m") => BaseType::Range(name),
                (None, _) => BaseType::Other(name),
            };
            self.types.insert(row.get("oid")?, (base, row.get("is_array")?));
        }
        Ok(())
    }

    /// Returns a type with its modifier, which the server stores as a number. `text` is the modifier as SQL, for a type
    /// whose modifier this crate does not decode.
    pub(super) fn data_type(&self, oid: i64, modifier: i32, text: Option<String>) -> DataType {
        let unknown = || (BaseType::Other(QualifiedName::new("", oid.to_string())), false);
        let (mut base, is_array) = self.types.get(&oid).cloned().unwrap_or_else(unknown);
        let modifier = (modifier >= 0).then(|| {
            let name = match &mut base {
                BaseType::Builtin(name) => name,
                _ => return TypeModifier::Text(text.unwrap_or_default()),
            };
            match name.as_str() {
                // `format_type` returns these names if there is no modifier, because `character` and `bit` alone mean a
                // length of 1.
                "bpchar" => *name = "character".to_owned(),
                "\"bit\"" => *name = "bit".to_owned(),
                _ => {}
            }
            match name.as_str() {
                // The modifier of these types and of `numeric` includes the four bytes of a varlena header.
                "character" | "character varying" => TypeModifier::Length(modifier - 4),
                "bit" | "bit varying" => TypeModifier::Length(modifier),
                // The scale is a signed number of 11 bits.
                "numeric" => TypeModifier::Digits {
                    precision: (modifier - 4) >> 16 & 0xffff,
                    scale: ((modifier - 4) & 0x7ff ^ 0x400) - 0x400,
                },
                "timestamp with time zone"
                | "timestamp without time zone"
                | "time with time zone"
                | "time without time zone" => TypeModifier::Precision(modifier),
                // The interval has all fields, so only the digits of the seconds are limited.
                "interval" if modifier >> 16 == 0x7fff => {
                    TypeModifier::Precision(modifier & 0xffff)
                }
                _ => TypeModifier::Text(text.unwrap_or_default()),
            }
        });
        DataType { base, modifier, is_array }
    }

    pub(super) async fn read_user_types(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        for row in fetch(connection, OBJECTS, &user_types_query()).all().await? {
            let name = row.name()?;
            let (oid, kind): (i64, String) = (row.get("oid")?, row.get("kind")?);
            let comment = self.take_comment(class::TYPE, oid, 0);
            let privileges = self.take_grants(class::TYPE, oid, 0);
            let is_domain = kind == "d";
            let object_kind = if is_domain { ObjectKind::Domain } else { ObjectKind::Type };
            let object = Object::qualified(object_kind, &name);
            self.register(class::TYPE, oid, 0, &object);
            for column in ["array", "multirange", "multirange_array"] {
                let other: Option<i64> = row.get(column)?;
                self.register(class::TYPE, other.unwrap_or_default(), 0, &object);
            }
            match kind.as_str() {
                "e" => {
                    let (labels, owner) = (row.get("labels")?, row.get("owner")?);
                    let definition = EnumType { labels, owner, comment, privileges };
                    self.schema.enums.insert(name, definition);
                }
                "d" => {
                    let mut domain = self.domain(&row, &object)?;
                    (domain.comment, domain.privileges) = (comment, privileges);
                    self.schema.domains.insert(name, domain);
                }
                "r" => {
                    let range = RangeType {
                        subtype: self.data_type(row.get("subtype")?, -1, None),
                        operator_class: row.optional_name("operator_class")?,
                        collation: row.optional_name("subtype_collation")?,
                        difference: row.optional_name("difference")?,
                        multirange: row
                            .optional_name("multirange_name")?
                            .unwrap_or_else(|| name.clone()),
                        comment,
                        privileges,
                    };
                    self.schema.ranges.insert(name, range);
                }
                _ => {
                    self.register(class::RELATION, row.get("relation")?, 0, &object);
                    let composite = CompositeType { attributes: Vec::new(), comment, privileges };
                    self.schema.composites.insert(name, composite);
                }
            }
        }
        self.read_attributes(connection).await
    }

    async fn read_attributes(&mut self, connection: &mut PgConnection) -> Result<(), Error> {
        let sql = format!(
            "SELECT a.attrelid::int8 AS relation, a.attnum::int4 AS number, a.attname AS name, \
             a.atttypid::int8 AS type, a.atttypmod AS modifier, {MODIFIER_TEXT}, {COLLATION} \
             FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'c' \
             JOIN pg_type t ON t.oid = a.atttypid \
             WHERE a.attnum > 0 AND NOT a.attisdropped AND c.oid >= 16384 \
             ORDER BY a.attrelid, a.attnum"
        );
        let mut rows = fetch(connection, OBJECTS, &sql);
        while let Some(row) = rows.next().await? {
            let (relation, number): (i64, i32) = (row.get("relation")?, row.get("number")?);
            let Some(object) = self.find(class::RELATION, relation, 0).cloned() else { continue };
            let name: String = row.get("name")?;
            let part = object.part(PartKind::Column, &name);
            self.register(class::RELATION, relation, number, &part);
            let attribute = Attribute {
                name,
                data_type: self.column_type(&row)?,
                collation: row.optional_name("collation")?,
                comment: self.take_comment(class::RELATION, relation, number),
            };
            let composite =
                object.qualified_name().and_then(|name| self.schema.composites.get_mut(&name));
            if let Some(composite) = composite {
                composite.attributes.push(attribute);
            }
        }
        Ok(())
    }

    /// Returns the type in the columns `type`, `modifier` and `modifier_text`.
    pub(super) fn column_type(&self, row: &QueryRow) -> Result<DataType, Error> {
        Ok(self.data_type(row.get("type")?, row.get("modifier")?, row.get("modifier_text")?))
    }

    fn domain(&mut self, row: &QueryRow, object: &Object) -> Result<Domain, Error> {
        // PostgreSQL 17 and later name the constraint.
        let constraint: Option<i64> = row.get("constraint")?;
        let name: Option<String> = row.get("constraint_name")?;
        let comment =
            constraint.and_then(|constraint| self.take_comment(class::CONSTRAINT, constraint, 0));
        if let (Some(oid), Some(name)) = (constraint, &name) {
            let part = object.part(PartKind::Constraint, name);
            self.register(class::CONSTRAINT, oid, 0, &part);
        }
        let name = name.filter(|name| comment.is_some() || !is_automatic(name));
        let not_null: bool = row.get("not_null")?;
        let default: Option<String> = row.get("default")?;
        Ok(Domain {
            data_type: self.column_type(row)?,
            collation: row.optional_name("collation")?,
            default: default.map(|sql| self.normalizer.expression(sql)),
            not_null: not_null.then_some(NotNull { name, no_inherit: false, comment }),
            checks: Default::default(),
            comment: None,
            privileges: Vec::new(),
        })
    }

    pub(super) async fn read_domain_checks(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let mut rows = fetch(connection, OBJECTS, CHECKS);
        while let Some(row) = rows.next().await? {
            let domain = self.find(class::TYPE, row.get("domain")?, 0).cloned();
            let Some(domain) = domain.filter(|domain| domain.kind == ObjectKind::Domain) else {
                continue;
            };
            let (oid, name): (i64, String) = (row.get("oid")?, row.get("name")?);
            self.register(class::CONSTRAINT, oid, 0, &domain.part(PartKind::Constraint, &name));
            let definition = self.normalizer.expression(row.get("definition")?);
            let comment = self.take_comment(class::CONSTRAINT, oid, 0);
            let domain = domain.qualified_name().and_then(|key| self.schema.domains.get_mut(&key));
            if let Some(domain) = domain {
                domain.checks.insert(name, DomainCheck { definition, comment });
            }
        }
        Ok(())
    }
}

/// The SQL expression for the modifier of an attribute `a` as SQL, without the name of its type `t`. It is null for
/// types whose modifier this crate decodes: `character`, `character varying`, `numeric` and arrays of them.
pub(super) const MODIFIER_TEXT: &str = "\
    CASE WHEN a.atttypmod >= 0 AND a.atttypid NOT IN (1042, 1043, 1014, 1015, 1700, 1231) THEN \
    (SELECT substr(format_type(e, a.atttypmod), length(format_type(e, NULL)) + 1) \
    FROM coalesce(nullif(t.typelem, 0), t.oid) e) END AS modifier_text";

/// The SQL expression for the collation of an attribute `a`, unless it is the collation of its type `t`.
pub(super) const COLLATION: &str = "\
    CASE WHEN a.attcollation <> t.typcollation THEN (SELECT ARRAY[n.nspname::text, co.collname::text] \
    FROM pg_collation co JOIN pg_namespace n ON n.oid = co.collnamespace \
    WHERE co.oid = a.attcollation) END AS collation";

/// Returns the query for the enums, domains, ranges and composite types.
///
/// The subquery `a` gives `pg_type` the columns of `pg_attribute`, so that `MODIFIER_TEXT` and `COLLATION` can be used
/// for the base type of a domain. The relation of a composite type has the kind `c`, and the row type of a table, which
/// is not read here, has a relation of another kind.
fn user_types_query() -> String {
    let pair = |name: &str, from: &str| {
        format!("(SELECT ARRAY[x.nspname::text, {name}::text] FROM {from})")
    };
    let operator_class = pair(
        "o.opcname",
        "pg_opclass o JOIN pg_namespace x ON x.oid = o.opcnamespace \
         WHERE o.oid = r.rngsubopc AND NOT o.opcdefault",
    );
    let collation = pair(
        "co.collname",
        "pg_collation co JOIN pg_namespace x ON x.oid = co.collnamespace \
         JOIN pg_type b ON b.oid = r.rngsubtype \
         WHERE co.oid = r.rngcollation AND co.oid <> b.typcollation",
    );
    let difference = pair(
        "p.proname",
        "pg_proc p JOIN pg_namespace x ON x.oid = p.pronamespace WHERE p.oid = r.rngsubdiff",
    );
    let multirange = pair(
        "m.typname",
        "pg_type m JOIN pg_namespace x ON x.oid = m.typnamespace WHERE m.oid = r.rngmultitypid",
    );
    format!(
        "SELECT a.oid::int8, a.typarray::int8 AS array, a.typtype::text AS kind, \
         a.typrelid::int8 AS relation, n.nspname AS schema, a.typname AS name, \
         pg_get_userbyid(a.typowner)::text AS owner, a.typbasetype::int8 AS type, \
         a.typtypmod AS modifier, {MODIFIER_TEXT}, {COLLATION}, a.typnotnull AS not_null, \
         k.oid::int8 AS constraint, k.conname AS constraint_name, \
         pg_get_expr(a.typdefaultbin, 0) AS default, \
         ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = a.oid \
         ORDER BY enumsortorder) AS labels, r.rngsubtype::int8 AS subtype, \
         r.rngmultitypid::int8 AS multirange, \
         (SELECT m.typarray::int8 FROM pg_type m WHERE m.oid = r.rngmultitypid) AS multirange_array, \
         {operator_class} AS operator_class, {collation} AS subtype_collation, \
         {difference} AS difference, {multirange} AS multirange_name \
         FROM (SELECT *, typtypmod AS atttypmod, typbasetype AS atttypid, typcollation AS attcollation \
         FROM pg_type) a JOIN pg_namespace n ON n.oid = a.typnamespace \
         LEFT JOIN pg_type t ON t.oid = a.typbasetype \
         LEFT JOIN pg_range r ON r.rngtypid = a.oid \
         LEFT JOIN pg_constraint k ON k.contypid = a.oid AND k.contype = 'n' \
         WHERE {USER_SCHEMAS} AND {} AND (a.typtype IN ('e', 'd', 'r') OR a.typtype = 'c' AND \
         EXISTS (SELECT FROM pg_class c WHERE c.oid = a.typrelid AND c.relkind = 'c'))",
        not_of_extension("pg_type", "a.oid")
    )
}
