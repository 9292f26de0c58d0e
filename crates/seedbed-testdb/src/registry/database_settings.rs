//! Copies the properties that `CREATE DATABASE … TEMPLATE` does not copy: settings, privileges, the comment and the
//! connection limit.

use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

use crate::error::{Error, Result};

/// Copies the settings of one database to another by writing to the catalog, which requires a superuser.
///
/// The statements that set the properties would write the same rows, one statement for each setting.
pub(crate) async fn copy_in_catalog(
    connection: &mut PgConnection,
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
        sqlx::query(sql).bind(from).bind(to).execute(&mut *connection).await?;
    }
    Ok(())
}

/// The query that generates the statements that copy the settings. A setting whose value is a list of names stays such
/// a list.
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

/// Copies the same settings as [`copy_in_catalog`], statement by statement, for a role that is not a superuser.
///
/// # Errors
/// Fails with the statement that the role may not execute, because a clone must equal its template.
pub(crate) async fn copy_by_statements(
    connection: &mut PgConnection,
    from: &str,
    to: &str,
) -> Result<()> {
    let statements = sqlx::query(COPY_BY_STATEMENTS).bind(from).bind(to);
    for row in statements.fetch_all(&mut *connection).await? {
        let statement: String = row.try_get("sql")?;
        let executed = connection.execute(AssertSqlSafe(statement.clone())).await;
        executed.map_err(|source| Error::CopySettings {
            database: to.to_owned(),
            statement,
            source,
        })?;
    }
    Ok(())
}
