//! Names and types as the diagrams show them.

use seedbed_schema::model::{BaseType, DataType, QualifiedName, TypeModifier};

/// Returns the name without quotes, and without the schema if that is `public`.
pub(crate) fn display_name(name: &QualifiedName) -> String {
    match name.schema.as_str() {
        "public" => name.name.clone(),
        schema => format!("{schema}.{}", name.name),
    }
}

/// Returns the common short form of a type, such as `timestamptz(3)` or `varchar(20)[]`.
pub(crate) fn short_type(data_type: &DataType) -> String {
    let base = match (&data_type.base, data_type.base.name()) {
        (BaseType::Builtin(name), _) => match name.as_str() {
            "character varying" => "varchar",
            "character" if data_type.modifier.is_some() => "char",
            "bit varying" => "varbit",
            "timestamp with time zone" => "timestamptz",
            "timestamp without time zone" => "timestamp",
            "time with time zone" => "timetz",
            "time without time zone" => "time",
            // SQL writes the single-byte type as `"char"`, in quotes.
            name => name.trim_matches('"'),
        }
        .to_owned(),
        (_, Some(name)) => display_name(name),
        (other, None) => other.to_string(),
    };
    let modifier = match &data_type.modifier {
        None => String::new(),
        Some(TypeModifier::Length(number) | TypeModifier::Precision(number)) => {
            format!("({number})")
        }
        Some(TypeModifier::Digits { precision, scale }) => format!("({precision},{scale})"),
        Some(TypeModifier::Text(text)) => text.clone(),
        Some(_) => return data_type.to_string(),
    };
    let array = if data_type.is_array { "[]" } else { "" };
    format!("{base}{modifier}{array}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_types_are_abbreviated() {
        let builtin = |name: &str| BaseType::Builtin(name.to_owned());
        let other = |schema, name| BaseType::Other(QualifiedName::new(schema, name));
        let (length, precision) = (TypeModifier::Length, TypeModifier::Precision);
        let digits = TypeModifier::Digits { precision: 10, scale: 2 };
        let text = |text: &str| Some(TypeModifier::Text(text.to_owned()));
        for (base, modifier, is_array, short) in [
            (builtin("character varying"), None, false, "varchar"),
            (builtin("character varying"), Some(length(20)), true, "varchar(20)[]"),
            (builtin("character"), Some(length(3)), false, "char(3)"),
            (builtin("bit varying"), Some(length(3)), false, "varbit(3)"),
            (builtin("\"char\""), None, false, "char"),
            (builtin("timestamp with time zone"), Some(precision(3)), false, "timestamptz(3)"),
            (builtin("timestamp without time zone"), None, true, "timestamp[]"),
            (builtin("time with time zone"), None, false, "timetz"),
            (builtin("interval"), text(" day to second(3)"), false, "interval day to second(3)"),
            (builtin("numeric"), Some(digits), false, "numeric(10,2)"),
            (other("public", "product_type"), None, false, "product_type"),
            (other("public", "geometry"), text("(Point,4326)"), false, "geometry(Point,4326)"),
            (other("shop", "Odd \"type\""), None, true, "shop.Odd \"type\"[]"),
        ] {
            assert_eq!(short_type(&DataType { base, modifier, is_array }), short);
        }
    }
}
