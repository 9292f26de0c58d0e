//! Reads the dictionaries and configurations of text search.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use super::{Reader, USER_SCHEMAS, class, fetch, not_of_extension};
use crate::error::Error;
use crate::model::{Object, ObjectKind, TextSearchConfiguration, TextSearchDictionary};

const OBJECTS: &str = "the text search objects";

impl Reader {
    pub(super) async fn read_text_search_dictionaries(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let sql = format!(
            "SELECT d.oid::int8, n.nspname AS schema, d.dictname AS name, \
             ARRAY[tn.nspname, t.tmplname]::text[] AS template, d.dictinitoption AS options \
             FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace \
             JOIN pg_ts_template t ON t.oid = d.dicttemplate \
             JOIN pg_namespace tn ON tn.oid = t.tmplnamespace WHERE {USER_SCHEMAS} AND {}",
            not_of_extension("pg_ts_dict", "d.oid")
        );
        let mut rows = fetch(connection, OBJECTS, &sql);
        while let Some(row) = rows.next().await? {
            let (oid, name): (i64, _) = (row.get("oid")?, row.name()?);
            let Some(template) = row.optional_name("template")? else { continue };
            let object = Object::qualified(ObjectKind::TextSearchDictionary, &name);
            self.register(class::TEXT_SEARCH_DICTIONARY, oid, 0, &object);
            let dictionary = TextSearchDictionary {
                template,
                options: row.get("options")?,
                comment: self.take_comment(class::TEXT_SEARCH_DICTIONARY, oid, 0),
            };
            self.schema.text_search_dictionaries.insert(name, dictionary);
        }
        Ok(())
    }

    pub(super) async fn read_text_search_configurations(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        // There is one row for each mapping, and at least one for each configuration.
        let sql = format!(
            "SELECT c.oid::int8, n.nspname AS schema, c.cfgname AS name, \
             ARRAY[pn.nspname, p.prsname]::text[] AS parser, t.alias AS token, \
             ARRAY[dn.nspname, d.dictname]::text[] AS dictionary \
             FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace \
             JOIN pg_ts_parser p ON p.oid = c.cfgparser \
             JOIN pg_namespace pn ON pn.oid = p.prsnamespace \
             LEFT JOIN pg_ts_config_map m ON m.mapcfg = c.oid \
             LEFT JOIN pg_ts_dict d ON d.oid = m.mapdict \
             LEFT JOIN pg_namespace dn ON dn.oid = d.dictnamespace \
             LEFT JOIN LATERAL ts_token_type(c.cfgparser) t ON t.tokid = m.maptokentype \
             WHERE {USER_SCHEMAS} AND {} ORDER BY c.oid, m.maptokentype, m.mapseqno",
            not_of_extension("pg_ts_config", "c.oid")
        );
        let mut rows = fetch(connection, OBJECTS, &sql);
        while let Some(row) = rows.next().await? {
            let (oid, name): (i64, _) = (row.get("oid")?, row.name()?);
            let Some(parser) = row.optional_name("parser")? else { continue };
            let object = Object::qualified(ObjectKind::TextSearchConfiguration, &name);
            self.register(class::TEXT_SEARCH_CONFIGURATION, oid, 0, &object);
            let comment = self.take_comment(class::TEXT_SEARCH_CONFIGURATION, oid, 0);
            let configuration =
                self.schema.text_search_configurations.entry(name).or_insert_with(|| {
                    TextSearchConfiguration { parser, mappings: BTreeMap::new(), comment }
                });
            if let Some(token) = row.get("token")? {
                let dictionaries = configuration.mappings.entry(token).or_default();
                dictionaries.extend(row.optional_name("dictionary")?);
            }
        }
        Ok(())
    }
}
