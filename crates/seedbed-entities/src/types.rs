//! Rust types of PostgreSQL types.

use std::collections::BTreeMap;

/// The user-defined types of a schema by their names as SQL has them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UserTypes<'s> {
    /// The names of the enums in Rust.
    pub(crate) enums: &'s BTreeMap<String, String>,
    /// The base types of the domains.
    pub(crate) domains: &'s BTreeMap<String, String>,
}

/// The Rust type of a column.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RustType {
    pub(crate) name: String,
    /// SeaORM's column type, if it differs from the default for the Rust type.
    pub(crate) column_type: Option<String>,
    /// The types for reading and writing, if the driver does not support the column's type. SeaORM
    /// adds the casts itself for an enum without a `column_type`.
    pub(crate) casts: Option<(String, String)>,
}

impl RustType {
    /// Returns the Rust type of an SQL type. A type that the driver does not support is read and
    /// written as text, which is lossless, as in `pg_dump`.
    pub(crate) fn from_sql(data_type: &str, types: UserTypes<'_>) -> Self {
        let sql = readable(data_type);
        if let Some(element) = data_type.strip_suffix("[]") {
            return Self::array(element, types);
        }
        if let Some(base) = types.domains.get(data_type) {
            let base = Self::from_sql(base, types);
            let casts = base.casts.map(|(read, _)| (read, sql.to_owned()));
            return Self { column_type: custom(sql), casts, ..base };
        }
        if let Some(name) = types.enums.get(data_type) {
            // SeaORM writes the name without quotes in one place, and with quotes in another.
            let column_type = if is_simple(sql) { None } else { custom(sql) };
            let casts = Some(("text".to_owned(), sql.to_owned()));
            return Self { name: name.clone(), column_type, casts };
        }
        Self::known(data_type).unwrap_or_else(|| Self {
            name: "String".to_owned(),
            column_type: custom(sql),
            casts: Some(("text".to_owned(), write_cast(sql).to_owned())),
        })
    }

    /// Returns the Rust type of a type that the driver supports.
    fn known(data_type: &str) -> Option<Self> {
        let (plain, modifier) = split(data_type);
        let known = |name: &str, column_type: Option<&str>| {
            let column_type = column_type.map(str::to_owned);
            Some(Self { name: name.to_owned(), column_type, casts: None })
        };
        let is_longer = modifier.is_some();
        match (plain.as_str(), modifier) {
            ("uuid", _) => known("Uuid", None),
            ("character varying", None) => known("String", None),
            ("character varying", Some(n)) => {
                known("String", Some(&format!("String(StringLen::N({n}))")))
            }
            ("character", Some(n)) => known("String", Some(&format!("Char(Some({n}))"))),
            ("text", _) => known("String", Some("Text")),
            ("boolean", _) => known("bool", None),
            ("smallint", _) => known("i16", None),
            ("integer", _) => known("i32", None),
            ("bigint", _) => known("i64", None),
            ("real", _) => known("f32", None),
            ("double precision", _) => known("f64", None),
            ("numeric", None) => known("Decimal", Some("Decimal(None)")),
            ("numeric", Some(digits)) if !digits.contains('-') => {
                known("Decimal", Some(&format!("Decimal(Some(({})))", digits.replace(',', ", "))))
            }
            ("json", _) => known("Json", Some("Json")),
            ("jsonb", _) => known("Json", Some("JsonBinary")),
            ("bytea", _) => known("Vec<u8>", None),
            ("date", _) => known("Date", None),
            ("inet", _) => known("IpNetwork", None),
            ("cidr", _) => known("IpNetwork", Some("Cidr")),
            ("money", _) => Some(Self {
                name: "Decimal".to_owned(),
                column_type: Some("Money(None)".to_owned()),
                casts: Some(("numeric".to_owned(), "money".to_owned())),
            }),
            // SeaORM cannot express the precision of these types.
            (moment, _) => {
                let name = match moment {
                    "numeric" => "Decimal",
                    "timestamp with time zone" => "DateTimeWithTimeZone",
                    "timestamp without time zone" => "DateTime",
                    "time without time zone" => "Time",
                    _ => return None,
                };
                let column_type = if is_longer { custom(data_type) } else { None };
                known(name, column_type.as_deref())
            }
        }
    }

    fn array(element: &str, types: UserTypes<'_>) -> Self {
        let of_element = Self::from_sql(element, types);
        let sql = readable(element);
        let casts = match (of_element.casts, types.domains.get(element)) {
            // The server reports a domain by its base type, but not an array of it.
            (None, Some(base)) => Some((readable(base).to_owned(), sql.to_owned())),
            (casts, _) => casts,
        };
        let is_enum = of_element.column_type.is_none() && types.enums.contains_key(element);
        Self {
            name: format!("Vec<{}>", of_element.name),
            column_type: if is_enum { None } else { custom(&format!("{sql}[]")) },
            casts: casts.map(|(read, written)| (format!("{read}[]"), format!("{written}[]"))),
        }
    }

    /// Returns whether the type is an array.
    pub(crate) fn is_list(&self) -> bool {
        self.name.starts_with("Vec<") && self.name != "Vec<u8>"
    }

    /// Returns whether the type implements `Eq`, which floating-point numbers do not.
    pub(crate) fn is_eq(&self) -> bool {
        !self.name.contains("f32") && !self.name.contains("f64")
    }
}

fn custom(sql: &str) -> Option<String> {
    Some(format!("custom({sql:?})"))
}

/// Returns a type without the schema `public`.
pub(crate) fn readable(data_type: &str) -> &str {
    data_type.strip_prefix("public.").unwrap_or(data_type)
}

/// Returns whether the name needs neither a schema nor quotes.
fn is_simple(name: &str) -> bool {
    !name.contains(['.', '"'])
}

/// Returns the type for writing. A cast to `bit(3)` would silently truncate or pad a value of
/// another length.
fn write_cast(sql: &str) -> &str {
    if sql.starts_with("bit(") || sql.starts_with("bit varying(") { "bit varying" } else { sql }
}

/// Splits `time(3) without time zone` into `time without time zone` and `3`.
fn split(data_type: &str) -> (String, Option<&str>) {
    let parts = data_type.split_once('(').and_then(|(before, rest)| {
        let (modifier, after) = rest.split_once(')')?;
        Some((format!("{before}{after}"), Some(modifier)))
    });
    parts.unwrap_or_else(|| (data_type.to_owned(), None))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("numeric(10,2)", "Decimal", "Decimal(Some((10, 2)))", "")]
    #[case("numeric(2,-3)", "Decimal", "custom(\"numeric(2,-3)\")", "")]
    #[case("text[]", "Vec<String>", "custom(\"text[]\")", "")]
    #[case("time(3) without time zone", "Time", "custom(\"time(3) without time zone\")", "")]
    #[case("bit(3)", "String", "custom(\"bit(3)\")", "text, bit varying")]
    #[case("bit(3)[]", "Vec<String>", "custom(\"bit(3)[]\")", "text[], bit varying[]")]
    #[case("public.citext", "String", "custom(\"citext\")", "text, citext")]
    #[case(
        "extra.geometry(Point,4326)",
        "String",
        "custom(\"extra.geometry(Point,4326)\")",
        "text, extra.geometry(Point,4326)"
    )]
    #[case("public.mood", "Mood", "", "text, mood")]
    #[case("public.mood[]", "Vec<Mood>", "", "text[], mood[]")]
    #[case("extra.mood", "ExtraMood", "custom(\"extra.mood\")", "text, extra.mood")]
    #[case("extra.mood[]", "Vec<ExtraMood>", "custom(\"extra.mood[]\")", "text[], extra.mood[]")]
    #[case("public.price", "Decimal", "custom(\"price\")", "")]
    #[case("public.price[]", "Vec<Decimal>", "custom(\"price[]\")", "numeric(10,2)[], price[]")]
    #[case("public.net_price", "Decimal", "custom(\"net_price\")", "")]
    #[case("public.temper", "Mood", "custom(\"temper\")", "text, temper")]
    #[case("public.tempers", "Vec<Mood>", "custom(\"tempers\")", "text[], tempers")]
    #[case("public.label", "String", "custom(\"label\")", "text, label")]
    fn every_sql_type_has_a_rust_type(
        #[case] data_type: &str,
        #[case] name: &str,
        #[case] column_type: &str,
        #[case] casts: &str,
    ) {
        let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect()
        };
        let enums = map(&[("public.mood", "Mood"), ("extra.mood", "ExtraMood")]);
        let domains = map(&[
            ("public.price", "numeric(10,2)"),
            ("public.net_price", "public.price"),
            ("public.temper", "public.mood"),
            ("public.tempers", "public.mood[]"),
            ("public.label", "public.citext"),
        ]);
        let rust = RustType::from_sql(data_type, UserTypes { enums: &enums, domains: &domains });
        assert_eq!(rust.name, name);
        assert_eq!(rust.column_type.unwrap_or_default(), column_type);
        let casts_of = |(read, written)| format!("{read}, {written}");
        assert_eq!(rust.casts.map(casts_of).unwrap_or_default(), casts);
    }
}
