//! Rules for casts between types.

use crate::field::{FieldType, TypeClass, types};

/// Returns the type without its arguments in parentheses.
pub(super) fn base(field_type: &FieldType) -> String {
    types::base_type(&field_type.sql)
}

/// Returns the type without its length, for a cast that must not truncate: a cast to `varchar(3)` truncates a longer
/// text, while a column of type `varchar(3)` rejects it.
pub(super) fn unbounded(field_type: &FieldType) -> String {
    let base = base(field_type);
    match base.trim_end_matches("[]") {
        "character" => base.replace("character", "bpchar"),
        "bit" => base.replace("bit", "varbit"),
        _ => base,
    }
}

/// Returns whether PostgreSQL silently rounds values that do not fit the new type.
pub(super) fn rounds(old: &FieldType, new: &FieldType) -> bool {
    let digits = |field_type: &FieldType| {
        let inner = field_type.sql.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
        let last =
            inner.and_then(|(inner, _)| inner.rsplit(',').next()?.trim().parse::<i32>().ok());
        let has_two = inner.is_some_and(|(inner, _)| inner.contains(','));
        match (field_type.class, last) {
            (TypeClass::Number, Some(last)) if has_two => last,
            (TypeClass::Number, Some(_)) | (TypeClass::Integer, _) => 0,
            (TypeClass::DateTime, last) => last.unwrap_or(6),
            _ => i32::MAX,
        }
    };
    match (old.class, new.class) {
        (TypeClass::Number, TypeClass::Integer | TypeClass::Number) => digits(new) < digits(old),
        (TypeClass::DateTime, TypeClass::DateTime) => {
            base(old) != base(new) || digits(new) < digits(old)
        }
        _ => false,
    }
}

/// Returns whether a column of the given type can have a collation. An unknown type counts as a type with collations.
pub(super) fn is_collatable(field_type: &FieldType) -> bool {
    let element = types::from_sql(field_type.sql.trim_end_matches("[]"));
    matches!(element.class, TypeClass::Text | TypeClass::Other)
}

/// Returns whether PostgreSQL casts between the types directly. All other casts go through text.
pub(super) fn casts(old: &FieldType, new: &FieldType) -> bool {
    let group = |field_type: &FieldType| match field_type.class {
        TypeClass::Integer | TypeClass::Number | TypeClass::Boolean | TypeClass::Serial => Some(1),
        TypeClass::DateTime => Some(2),
        TypeClass::Json => Some(3),
        _ => None,
    };
    let text = old.class == TypeClass::Text || new.class == TypeClass::Text;
    text || group(old).is_some_and(|old| group(new) == Some(old))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("numeric(10,2)", "integer", true)]
    #[case("numeric(10,2)", "numeric(12,1)", true)]
    #[case("numeric(10,2)", "numeric(12,3)", false)]
    #[case("numeric", "numeric(12,3)", true)]
    #[case("numeric(10,2)", "numeric", false)]
    #[case("numeric(10,0)", "bigint", false)]
    #[case("integer", "numeric(12,3)", false)]
    #[case("timestamp with time zone", "date", true)]
    #[case("timestamp(3) with time zone", "timestamp(0) with time zone", true)]
    #[case("timestamp(3) with time zone", "timestamp with time zone", false)]
    #[case("text", "character varying(3)", false)]
    fn silent_rounding_is_detected(#[case] old: &str, #[case] new: &str, #[case] expected: bool) {
        assert_eq!(rounds(&types::from_sql(old), &types::from_sql(new)), expected);
    }

    #[rstest]
    #[case("character varying(3)", "character varying")]
    #[case("character varying(3)[]", "character varying[]")]
    #[case("character(3)", "bpchar")]
    #[case("character(3)[]", "bpchar[]")]
    #[case("bit(3)", "varbit")]
    #[case("bit varying(3)", "bit varying")]
    #[case("numeric(10,2)", "numeric")]
    fn a_cast_omits_the_length_of_its_type(#[case] field_type: &str, #[case] cast: &str) {
        assert_eq!(unbounded(&types::from_sql(field_type)), cast);
    }
}
