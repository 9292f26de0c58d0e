//! The hint for an extension that is not installed on the server.

/// The extensions of PostgreSQL's own contrib modules, from PostgreSQL 14 to 18. The server package of Debian contains them,
/// and other distributions call their package `postgresql-contrib`.
/// <https://www.postgresql.org/docs/current/contrib.html>
const CONTRIB: [&str; 47] = [
    "adminpack",
    "amcheck",
    "autoinc",
    "bloom",
    "btree_gin",
    "btree_gist",
    "citext",
    "cube",
    "dblink",
    "dict_int",
    "dict_xsyn",
    "earthdistance",
    "file_fdw",
    "fuzzystrmatch",
    "hstore",
    "insert_username",
    "intagg",
    "intarray",
    "isn",
    "lo",
    "ltree",
    "moddatetime",
    "old_snapshot",
    "pageinspect",
    "pg_buffercache",
    "pg_freespacemap",
    "pg_logicalinspect",
    "pg_prewarm",
    "pg_stat_statements",
    "pg_surgery",
    "pg_trgm",
    "pg_visibility",
    "pg_walinspect",
    "pgcrypto",
    "pgrowlocks",
    "pgstattuple",
    "postgres_fdw",
    "refint",
    "seg",
    "sslinfo",
    "tablefunc",
    "tcn",
    "tsm_system_rows",
    "tsm_system_time",
    "unaccent",
    "uuid-ossp",
    "xml2",
];

/// The extensions that people call by the name of the project, or whose Debian package has a different name than the
/// extension. Each entry has the name that people type, the name of the extension, the suffix of Debian's package
/// `postgresql-<version>-…`, and a public image or, if there is none, words that describe one.
const ELSEWHERE: [(&str, &str, &str, &str); 5] = [
    ("pgvector", "vector", "pgvector", "pgvector/pgvector:pg18"),
    ("vector", "vector", "pgvector", "pgvector/pgvector:pg18"),
    ("postgis", "postgis", "postgis-3", "postgis/postgis:18-3.6"),
    ("pg_partman", "pg_partman", "partman", "an image with the extension"),
    ("pg_cron", "pg_cron", "cron", "an image with the extension"),
];

/// Returns the hint if the statement creates an extension that is not installed on the server, or that the server did not
/// load when it started.
pub(super) fn hint(statement: &str, message: &str) -> Option<String> {
    let name = created(statement)?;
    // The library of the extension defines these parameters when the server loads it, so an unrecognized one means that the
    // library is not loaded.
    if message.starts_with("unrecognized configuration parameter") {
        return Some(format!(
            "let the server load the extension when it starts: add `{name}` to `shared_preload_libraries` in \
             postgresql.conf, and restart the server"
        ));
    }
    if CONTRIB.contains(&name) {
        return Some(
            "install the contrib modules of PostgreSQL on the server: `sudo apt-get install postgresql-contrib`, or `sudo \
             dnf install postgresql-contrib`"
                .to_owned(),
        );
    }
    let known = ELSEWHERE.iter().find(|(typed, ..)| *typed == name);
    let (extension, package, image) = known.map_or(
        (name, name.replace('_', "-"), "an image with the extension"),
        |(_, extension, package, image)| (*extension, (*package).to_owned(), *image),
    );
    let spelling = if extension == name {
        String::new()
    } else {
        format!(
            "the extension is called `{extension}`: write `schema.create_extension(\"{extension}\")`; "
        )
    };
    Some(format!(
        "{spelling}install the extension on the server: the Debian package is `postgresql-<version>-{package}`; with \
         Docker Compose, change `x-server-image` in docker-compose.yml to {image}"
    ))
}

/// Returns the name in `CREATE EXTENSION [IF NOT EXISTS] name`.
fn created(statement: &str) -> Option<&str> {
    let mut words = statement.split_whitespace().peekable();
    for expected in ["create", "extension"] {
        words.next().filter(|word| word.eq_ignore_ascii_case(expected))?;
    }
    if words.peek().is_some_and(|word| word.eq_ignore_ascii_case("if")) {
        words.nth(2);
    }
    Some(words.next()?.trim_end_matches(';').trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hint_names_the_package_the_image_and_the_name_of_an_extension() {
        let pgvector = hint("CREATE EXTENSION IF NOT EXISTS pgvector", "").unwrap_or_default();
        for expected in [
            "called `vector`",
            "postgresql-<version>-pgvector",
            "x-server-image",
            "pgvector/pgvector:pg18",
        ] {
            assert!(pgvector.contains(expected), "{pgvector}");
        }
        let vector = hint("create extension vector;", "").unwrap_or_default();
        assert!(vector.starts_with("install the extension on the server"), "{vector}");
        assert!(
            hint("CREATE EXTENSION \"uuid-ossp\"", "").is_some_and(|hint| hint.contains("contrib"))
        );
        let cron = "CREATE EXTENSION IF NOT EXISTS \"pg_cron\"";
        let absent = hint(cron, "extension \"pg_cron\" is not available").unwrap_or_default();
        assert!(absent.contains("`postgresql-<version>-cron`"), "{absent}");
        let parameter = "unrecognized configuration parameter \"cron.database_name\"";
        let not_loaded = hint(cron, parameter).unwrap_or_default();
        assert!(not_loaded.contains("add `pg_cron` to `shared_preload_libraries`"), "{not_loaded}");
        let unknown = hint("CREATE EXTENSION pg_other", "").unwrap_or_default();
        assert!(unknown.contains("postgresql-<version>-pg-other"), "{unknown}");
    }

    #[test]
    fn only_create_extension_has_an_extension_hint() {
        for statement in ["CREATE TABLE extension (id int)", "ALTER EXTENSION vector UPDATE", ""] {
            assert_eq!(hint(statement, ""), None);
        }
    }
}
