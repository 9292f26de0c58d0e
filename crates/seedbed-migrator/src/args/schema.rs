//! The arguments of the commands that read a schema, and the sources of schemas.

use std::fmt;
use std::path::PathBuf;

use seedbed_engine::Url;

use crate::exclusion::Exclusion;

/// A schema is read from a database (given by its URL), from an SQL file (given by its path), or from the migrations.
/// For a file and for the migrations, the command creates a temporary database and drops it at the end: on the server of
/// DATABASE_URL, or without it on the server of the other URL of --diff.
#[derive(Debug, clap::Args)]
pub(crate) struct SchemaArgs {
    /// A URL, the path of an SQL file, or the word `migrations` [default: the database]
    #[arg(value_name = "SCHEMA", conflicts_with = "diff", value_parser = parse_schema_source)]
    pub(crate) source: Option<SchemaSource>,
    /// Print the differences, lines of A with a minus and lines of B with a plus; exit with code 1 if there are any
    #[arg(long, num_args = 2, value_names = ["A", "B"], value_parser = parse_schema_source)]
    pub(crate) diff: Vec<SchemaSource>,
    /// Leave an object out of the comparison, with everything that belongs to it; may be repeated. PATTERN is a name with
    /// `*` and `?`, qualified if it has a dot. KIND is `table`, `index`, `privileges`, …
    #[arg(long, value_name = "[KIND:]PATTERN", requires = "diff", conflicts_with = "source")]
    pub(crate) exclude: Vec<Exclusion>,
    /// Leave partitions out of the comparison; the partitioned tables are compared
    #[arg(long, requires = "diff", conflicts_with = "source")]
    pub(crate) exclude_partitions: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct TemporaryDatabaseArgs {
    /// The path of an SQL file, or the word `migrations`
    #[arg(value_name = "SCHEMA", default_value = "migrations", value_parser = parse_loadable_source)]
    pub(crate) source: SchemaSource,
}

impl SchemaArgs {
    /// Returns the first database that a URL names. The server of this database can hold the temporary database.
    pub(crate) fn first_database(&self) -> Option<&Url> {
        self.diff.iter().chain(&self.source).find_map(|source| match source {
            SchemaSource::Database(url) => Some(&**url),
            _ => None,
        })
    }

    /// Returns whether a schema has to be created in a temporary database before it can be read.
    pub(crate) fn needs_temporary_database(&self) -> bool {
        let mut sources = self.diff.iter().chain(&self.source);
        sources.any(|source| !matches!(source, SchemaSource::Database(_)))
    }
}

/// The source from which a schema is read.
#[derive(Debug, Clone)]
pub(crate) enum SchemaSource {
    Database(Box<Url>),
    File(PathBuf),
    Migrations,
}

impl fmt::Display for SchemaSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(url) => write!(f, "{url}"),
            Self::File(file) => write!(f, "{}", file.display()),
            Self::Migrations => f.write_str("the schema of the migrations"),
        }
    }
}

fn parse_schema_source(text: &str) -> Result<SchemaSource, String> {
    if text == "migrations" {
        Ok(SchemaSource::Migrations)
    } else if text.contains("://") {
        Url::parse(text)
            .map(|url| SchemaSource::Database(Box::new(url)))
            .map_err(|error| error.to_string())
    } else if text.ends_with(".sql") {
        Ok(SchemaSource::File(text.into()))
    } else {
        Err("not a URL, the path of a file that ends in .sql, or the word `migrations`".to_owned())
    }
}

fn parse_loadable_source(text: &str) -> Result<SchemaSource, String> {
    match parse_schema_source(text)? {
        SchemaSource::Database(_) => Err("not the path of an SQL file or `migrations`".to_owned()),
        source => Ok(source),
    }
}
