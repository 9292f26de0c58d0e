//! Reads collations.

use super::{Reader, USER_SCHEMAS, get, not_of_extension};
use crate::error::Error;
use crate::name::{literal, qualified};
use crate::object::{Object, ObjectKind};

const WHAT: &str = "the collations";

impl Reader<'_> {
    pub(super) async fn collations(&mut self) -> Result<(), Error> {
        // PostgreSQL 15 and 17 moved the ICU locale to another column.
        let (locale, rules) = match self.version {
            170_000.. => ("colllocale", "collicurules"),
            160_000.. => ("colliculocale", "collicurules"),
            150_000.. => ("colliculocale", "NULL::text"),
            _ => ("CASE WHEN collprovider = 'i' THEN collcollate END", "NULL::text"),
        };
        let sql = format!(
            "SELECT c.oid::int8, n.nspname AS schema, c.collname AS name, \
             CASE collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END AS provider, \
             collcollate::text AS collate, collctype::text AS ctype, {locale} AS locale, \
             {rules} AS rules, collisdeterministic AS deterministic \
             FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace \
             WHERE {USER_SCHEMAS} AND {}",
            not_of_extension("pg_collation", "c.oid")
        );
        for row in self.rows(WHAT, &sql).await? {
            let (schema, name): (String, String) =
                (get!(row, "schema", WHAT), get!(row, "name", WHAT));
            let object = Object::new(ObjectKind::Collation, qualified(&schema, &name));
            self.register("pg_collation", get!(row, "oid", WHAT), 0, &object);
            let provider: String = get!(row, "provider", WHAT);
            let mut options = vec![format!("provider = {provider}")];
            let texts: [(&str, Option<String>); 2] = match provider.as_str() {
                "libc" => [
                    ("lc_collate", get!(row, "collate", WHAT)),
                    ("lc_ctype", get!(row, "ctype", WHAT)),
                ],
                _ => [("locale", get!(row, "locale", WHAT)), ("rules", get!(row, "rules", WHAT))],
            };
            for (word, text) in texts {
                options.extend(text.map(|text| format!("{word} = {}", literal(&text))));
            }
            let deterministic: bool = get!(row, "deterministic", WHAT);
            if !deterministic {
                options.push("deterministic = false".to_owned());
            }
            let sql = format!("CREATE COLLATION {} ({});", object.name, options.join(", "));
            self.add(object, sql);
        }
        Ok(())
    }
}
