//! The tables in which each database that is ours is written down before it is made.
//!
//! An instance is *free* when nobody owns it and it is `ready`: it is as its template is. Whoever
//! takes it owns it, and it is not ready until it has been put back. Between two tests of one process
//! it stays that process's: taking it again costs no change of a record then.

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

use crate::error::{Error, Result};
use crate::instance::LAST_WORDS;
use crate::reset::State;

/// How many free instances of a template are kept.
const MOST_FREE: i64 = 16;

// The columns of the second line came later: a server may have the table of an earlier version.
const TABLES: &str = "\
    CREATE SCHEMA IF NOT EXISTS seedbed_testdb; \
    CREATE TABLE IF NOT EXISTS seedbed_testdb.databases (\
    name text PRIMARY KEY, owner bigint, ready boolean NOT NULL DEFAULT false, \
    used_at timestamptz NOT NULL DEFAULT now()); \
    ALTER TABLE seedbed_testdb.databases ADD COLUMN IF NOT EXISTS template text, \
    ADD COLUMN IF NOT EXISTS uses int NOT NULL DEFAULT 0, \
    ADD COLUMN IF NOT EXISTS counters bigint[], ADD COLUMN IF NOT EXISTS era text, \
    ADD COLUMN IF NOT EXISTS suspected_at timestamptz; \
    CREATE TABLE IF NOT EXISTS seedbed_testdb.templates (\
    name text PRIMARY KEY REFERENCES seedbed_testdb.databases ON DELETE CASCADE, \
    pristine text NOT NULL); \
    CREATE TABLE IF NOT EXISTS seedbed_testdb.contents (\
    template text NOT NULL REFERENCES seedbed_testdb.templates ON DELETE CASCADE, \
    relation bigint NOT NULL, rows bytea NOT NULL, PRIMARY KEY (template, relation))";

/// Of the many who begin at once one makes the table: two `IF NOT EXISTS` may both find nothing.
const TURN: i64 = 0x5eed_bed0_7e57_db00;

/// An instance that was taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ClaimedInstance {
    pub(crate) name: String,
    /// How many tests have had it.
    pub(crate) uses: i32,
    /// What it was like when it was as its template is.
    pub(crate) state: State,
}

/// A new name of ours.
pub(crate) fn instance_name() -> String {
    format!("{INSTANCE}{}", uuid::Uuid::new_v4().simple())
}

const INSTANCE: &str = "seedbed_test_";
const TEMPLATE: &str = "seedbed_template_";

/// The name of the template with that fingerprint.
pub(crate) fn template_name(fingerprint: &str) -> String {
    format!("{TEMPLATE}{fingerprint}")
}

/// Whether the name is one that only we give. What is not is never dropped, whatever the table says.
fn is_ours(name: &str) -> bool {
    let rest = name.strip_prefix(INSTANCE).or_else(|| name.strip_prefix(TEMPLATE));
    rest.is_some_and(|rest| {
        rest.len() == 32 && rest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// Makes the tables if this server has none yet.
pub(crate) async fn make_tables(admin: &mut PgConnection) -> Result<(), sqlx::Error> {
    let there = "SELECT to_regclass('seedbed_testdb.contents') IS NOT NULL AND EXISTS (SELECT FROM \
        pg_attribute WHERE attrelid = to_regclass('seedbed_testdb.databases') AND attname = 'suspected_at') \
        AS there";
    if admin.fetch_one(there).await?.try_get("there")? {
        return Ok(());
    }
    let sql = format!("BEGIN; SELECT pg_advisory_xact_lock({TURN}); {TABLES}; COMMIT");
    admin.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.map(drop)
}

/// Writes down a database that is about to be made: an instance of a template, with what its state
/// will be, or a template, or an empty one.
pub(crate) async fn add(
    admin: &mut PgConnection,
    name: &str,
    owner: i64,
    instance_of: Option<(&str, &State)>,
) -> Result<(), sqlx::Error> {
    let (template, state) = instance_of.unzip();
    let (counters, stats_epoch) = state.map(|state| (&state.counters, &state.stats_epoch)).unzip();
    let sql = "INSERT INTO seedbed_testdb.databases (name, owner, template, counters, era) \
        VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, ready = false, used_at = now()";
    let add =
        sqlx::query(sql).bind(name).bind(owner).bind(template).bind(counters).bind(stats_epoch);
    add.execute(admin).await.map(drop)
}

/// What CREATE DATABASE leaves behind of the database that it copies: settings, rights, the comment.
/// The catalogue itself is written, which commands for each of them would end in too.
pub(crate) async fn copy_settings(
    admin: &mut PgConnection,
    from: &str,
    to: &str,
) -> Result<(), sqlx::Error> {
    for sql in [
        "INSERT INTO pg_db_role_setting SELECT n.oid, s.setrole, s.setconfig \
         FROM pg_db_role_setting s JOIN pg_database o ON o.oid = s.setdatabase, pg_database n \
         WHERE o.datname = $1 AND n.datname = $2",
        "INSERT INTO pg_shdescription SELECT n.oid, s.classoid, s.description \
         FROM pg_shdescription s JOIN pg_database o ON o.oid = s.objoid, pg_database n \
         WHERE s.classoid = 'pg_database'::regclass AND o.datname = $1 AND n.datname = $2",
        "UPDATE pg_database n SET datacl = o.datacl, datconnlimit = o.datconnlimit \
         FROM pg_database o WHERE o.datname = $1 AND n.datname = $2 \
         AND (o.datacl IS NOT NULL OR o.datconnlimit <> n.datconnlimit)",
    ] {
        sqlx::query(sql).bind(from).bind(to).execute(&mut *admin).await?;
    }
    Ok(())
}

/// The statements that give a database what CREATE DATABASE leaves behind of the one that it copies: settings, the comment,
/// the connection limit, rights. The value of a setting that is a list of names is kept as such a list.
const COPY_BY_STATEMENTS: &str = "\
    SELECT CASE WHEN s.setrole = 0 THEN format('ALTER DATABASE %I', $2) \
    ELSE format('ALTER ROLE %I IN DATABASE %I', pg_get_userbyid(s.setrole), $2) END \
    || format(' SET %I TO ', v.name) || CASE \
    WHEN v.name NOT IN ('search_path', 'temp_tablespaces', 'local_preload_libraries', \
    'session_preload_libraries') THEN quote_literal(v.value) \
    WHEN v.value IN ('', '\"\"') THEN quote_literal('') ELSE v.value END AS sql \
    FROM pg_db_role_setting s JOIN pg_database o ON o.oid = s.setdatabase, unnest(s.setconfig) c, \
    LATERAL (SELECT split_part(c, '=', 1) AS name, substr(c, strpos(c, '=') + 1) AS value) v \
    WHERE o.datname = $1 \
    UNION ALL SELECT format('COMMENT ON DATABASE %I IS %L', $2, shobj_description(oid, 'pg_database')) \
    FROM pg_database WHERE datname = $1 AND shobj_description(oid, 'pg_database') IS NOT NULL \
    UNION ALL SELECT format('ALTER DATABASE %I CONNECTION LIMIT %s', $2, datconnlimit) \
    FROM pg_database WHERE datname = $1 AND datconnlimit <> -1 \
    UNION ALL SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', $2) \
    FROM pg_database WHERE datname = $1 AND datacl IS NOT NULL \
    UNION ALL SELECT format('GRANT %s ON DATABASE %I TO %s', privilege_type, $2, \
    CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END) \
    || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END \
    FROM pg_database, aclexplode(datacl) WHERE datname = $1 AND grantee <> datdba";

/// Does the same as [`copy_settings`] for a role that is no superuser, statement by statement.
///
/// # Errors
/// Fails with the statement that the role may not execute: a clone that is not as its template is no clone.
pub(crate) async fn copy_settings_by_statements(
    admin: &mut PgConnection,
    from: &str,
    to: &str,
) -> Result<()> {
    let statements = sqlx::query(COPY_BY_STATEMENTS).bind(from).bind(to);
    let statements = statements.fetch_all(&mut *admin).await?;
    for row in statements {
        let sql: String = row.try_get("sql")?;
        let executed = admin.execute(AssertSqlSafe(sql.clone())).await;
        executed.map_err(|source| Error::CopySettings {
            database: to.to_owned(),
            statement: sql,
            source,
        })?;
    }
    Ok(())
}

/// A template that is finished: it belongs to nobody from now on. `pristine` and the rows are what an
/// instance is compared with, and filled with again.
pub(crate) async fn finish_template(
    admin: &mut PgConnection,
    name: &str,
    pristine: &str,
    contents: &[(i64, Vec<u8>)],
) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO seedbed_testdb.templates (name, pristine) VALUES ($1, $2)";
    sqlx::query(sql).bind(name).bind(pristine).execute(&mut *admin).await?;
    for (relation, rows) in contents {
        let sql =
            "INSERT INTO seedbed_testdb.contents (template, relation, rows) VALUES ($1, $2, $3)";
        let insert = sqlx::query(sql).bind(name).bind(relation).bind(rows);
        insert.execute(&mut *admin).await?;
    }
    // The last step: without it the template is not used.
    let sql = "UPDATE seedbed_testdb.databases SET ready = true, owner = NULL, used_at = now() \
        WHERE name = $1";
    sqlx::query(sql).bind(name).execute(admin).await.map(drop)
}

/// What [`finish_template`] has written, if the template is there and finished; it is used now.
pub(crate) async fn template(
    admin: &mut PgConnection,
    name: &str,
) -> Result<Option<String>, sqlx::Error> {
    let sql = "UPDATE seedbed_testdb.databases d SET used_at = now() \
        FROM seedbed_testdb.templates t WHERE d.name = $1 AND d.ready AND t.name = d.name \
        AND EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = $1) RETURNING t.pristine";
    sqlx::query_scalar(sql).bind(name).fetch_optional(admin).await
}

/// The rows that a template has in its tables.
pub(crate) async fn contents(
    admin: &mut PgConnection,
    template: &str,
) -> Result<Vec<(i64, Vec<u8>)>, sqlx::Error> {
    let sql = "SELECT relation, rows FROM seedbed_testdb.contents WHERE template = $1";
    sqlx::query_as(sql).bind(template).fetch_all(admin).await
}

/// A wish for a free instance.
pub(crate) struct ClaimRequest<'c> {
    pub(crate) owner: i64,
    pub(crate) template: &'c str,
    /// The one of that name, if nobody has had it since its so many'th test; else any.
    pub(crate) known: Option<(&'c str, i32)>,
    /// But none of these.
    pub(crate) except: &'c [String],
}

impl ClaimRequest<'_> {
    /// Takes it, if there is one.
    pub(crate) async fn make(
        &self,
        admin: &mut PgConnection,
    ) -> Result<Option<ClaimedInstance>, sqlx::Error> {
        let sql = "UPDATE seedbed_testdb.databases SET owner = $1, ready = false, used_at = now(), \
            suspected_at = NULL WHERE name = (SELECT name FROM seedbed_testdb.databases \
            WHERE template = $2 AND ready AND owner IS NULL AND name <> ALL ($3) \
            AND ($4 IS NULL OR name = $4 AND uses = $5) LIMIT 1 FOR UPDATE SKIP LOCKED) \
            RETURNING name, uses, counters, coalesce(era, '') AS era";
        let (name, uses) = self.known.unzip();
        let claim = sqlx::query(sql).bind(self.owner).bind(self.template).bind(self.except);
        let row = claim.bind(name).bind(uses).fetch_optional(admin).await?;
        row.map(|row| {
            Ok(ClaimedInstance {
                name: row.try_get("name")?,
                uses: row.try_get("uses")?,
                state: State {
                    counters: row.try_get("counters")?,
                    stats_epoch: row.try_get("era")?,
                },
            })
        })
        .transpose()
    }
}

/// Whose an instance is that was put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Availability {
    /// Anybody's.
    Free,
    /// Still its owner's, who has more tests for it.
    Reserved,
}

/// An instance is as its template again. False if the template is gone.
pub(crate) async fn put_back(
    admin: &mut PgConnection,
    name: &str,
    owner: i64,
    state: &State,
    next: Availability,
) -> Result<bool, sqlx::Error> {
    let sql = "UPDATE seedbed_testdb.databases SET owner = CASE WHEN NOT $5 THEN owner END, \
        ready = $5, uses = uses + 1, counters = $2, era = $3, used_at = now() \
        WHERE name = $1 AND owner = $4 \
        AND EXISTS (SELECT FROM seedbed_testdb.templates t WHERE t.name = template)";
    let free =
        sqlx::query(sql).bind(name).bind(&state.counters).bind(&state.stats_epoch).bind(owner);
    let free = free.bind(next == Availability::Free).execute(admin).await?;
    Ok(free.rows_affected() == 1)
}

/// What was reserved is anybody's.
pub(crate) async fn release(
    admin: &mut PgConnection,
    names: &[String],
    owner: i64,
) -> Result<(), sqlx::Error> {
    let sql = "UPDATE seedbed_testdb.databases SET owner = NULL, ready = true \
        WHERE name = ANY ($1) AND owner = $2";
    sqlx::query(sql).bind(names).bind(owner).execute(admin).await.map(drop)
}

/// Whether a template has more free instances than are kept.
pub(crate) async fn has_too_many(
    admin: &mut PgConnection,
    template: &str,
) -> Result<bool, sqlx::Error> {
    let sql = "SELECT count(*) > $2 FROM seedbed_testdb.databases \
        WHERE template = $1 AND ready AND owner IS NULL";
    sqlx::query_scalar(sql).bind(template).bind(MOST_FREE).fetch_one(admin).await
}

/// Whether a database is still its: one whose sessions were ended from outside counts as killed.
pub(crate) async fn is_owned(
    admin: &mut PgConnection,
    name: &str,
    owner: i64,
) -> Result<bool, sqlx::Error> {
    let sql = "SELECT EXISTS (SELECT FROM seedbed_testdb.databases WHERE name = $1 AND owner = $2)";
    sqlx::query_scalar(sql).bind(name).bind(owner).fetch_one(admin).await
}

/// What is known of an instance whose process was killed: its template, how many had it, and its state
/// when it was taken.
pub(crate) async fn taken(
    admin: &mut PgConnection,
    name: &str,
) -> Result<Option<(String, i32, State)>, sqlx::Error> {
    let sql = "SELECT template, uses, counters, era FROM seedbed_testdb.databases \
        WHERE name = $1 AND template IS NOT NULL AND counters IS NOT NULL AND era IS NOT NULL";
    let row = sqlx::query(sql).bind(name).fetch_optional(admin).await?;
    row.map(|row| {
        let state = State { counters: row.try_get("counters")?, stats_epoch: row.try_get("era")? };
        Ok((row.try_get("template")?, row.try_get("uses")?, state))
    })
    .transpose()
}

/// The instance of a failed test, which is not swept for a while.
pub(crate) async fn keep(admin: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    let sql = "UPDATE seedbed_testdb.databases SET owner = NULL, template = NULL, used_at = now() \
        WHERE name = $1";
    sqlx::query(sql).bind(name).execute(admin).await.map(drop)
}

/// Drops a database that is in the table and has a name of ours, and then strikes it from the table:
/// what is killed between is found again.
pub(crate) async fn remove(admin: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    let known = "SELECT EXISTS (SELECT FROM seedbed_testdb.databases WHERE name = $1)";
    let known: bool = sqlx::query_scalar(known).bind(name).fetch_one(&mut *admin).await?;
    if known && is_ours(name) {
        // Whom we may not end, DROP DATABASE names.
        let _ = end_sessions(admin, name).await;
        let sql = format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");
        admin.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
    }
    let sql = "DELETE FROM seedbed_testdb.databases WHERE name = $1";
    sqlx::query(sql).bind(name).execute(admin).await.map(drop)
}

/// Ends the sessions in a database, and waits until they are gone. DROP DATABASE does both too, and when it finds one that
/// is about to end, it looks again after 100 ms.
async fn end_sessions(admin: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_get_activity(NULL) \
        WHERE datid = (SELECT oid FROM pg_database WHERE datname = $1)";
    let begun = tokio::time::Instant::now();
    loop {
        let left: i64 = sqlx::query_scalar(sql).bind(name).fetch_one(&mut *admin).await?;
        if left == 0 || begun.elapsed() >= LAST_WORDS {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// A number for a name, as the keys of locks are: under that of a template it is built or dropped.
pub(crate) fn lock_key(name: &str) -> i64 {
    let hash = Sha256::digest(name);
    i64::from_le_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_we_give_are_ours() {
        assert!(is_ours(&instance_name()));
        assert!(is_ours(&template_name("0123456789abcdef0123456789abcdef")));
        for name in
            ["seedbed_test_", "seedbed_test_shop", "seedbed", "postgres", "seedbed_test_0\""]
        {
            assert!(!is_ours(name), "{name}");
        }
    }
}
