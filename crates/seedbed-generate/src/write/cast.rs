//! How the values of one type become those of another.

use crate::field::{Class, Type, types};

/// The type without what is in its parentheses.
pub(super) fn base(built: &Type) -> String {
    types::base_of(&built.sql)
}

/// The type as one that cuts nothing: a cast to `varchar(3)` takes what fits of a longer text, while a
/// column of that type refuses it.
pub(super) fn unbounded(built: &Type) -> String {
    let base = base(built);
    match base.trim_end_matches("[]") {
        "character" => base.replace("character", "bpchar"),
        "bit" => base.replace("bit", "varbit"),
        _ => base,
    }
}

/// Whether PostgreSQL rounds what the new type has no room for, without a word.
pub(super) fn rounds(old: &Type, new: &Type) -> bool {
    let digits = |built: &Type| {
        let inner = built.sql.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
        let last =
            inner.and_then(|(inner, _)| inner.rsplit(',').next()?.trim().parse::<i32>().ok());
        let has_two = inner.is_some_and(|(inner, _)| inner.contains(','));
        match (built.class, last) {
            (Class::Number, Some(last)) if has_two => last,
            (Class::Number, Some(_)) | (Class::Integer, _) => 0,
            (Class::Moment, last) => last.unwrap_or(6),
            _ => i32::MAX,
        }
    };
    match (old.class, new.class) {
        (Class::Number, Class::Integer | Class::Number) => digits(new) < digits(old),
        (Class::Moment, Class::Moment) => base(old) != base(new) || digits(new) < digits(old),
        _ => false,
    }
}

/// Whether its values may have a collation; a type that is not known is tried with it.
pub(super) fn is_collatable(built: &Type) -> bool {
    let element = types::from_sql(built.sql.trim_end_matches("[]"));
    matches!(element.class, Class::Text | Class::Other)
}

/// Whether PostgreSQL casts one to the other by itself. Else the way leads through text, which every
/// type becomes and comes from.
pub(super) fn casts(old: &Type, new: &Type) -> bool {
    let group = |built: &Type| match built.class {
        Class::Integer | Class::Number | Class::Boolean | Class::Counter => Some(1),
        Class::Moment => Some(2),
        Class::Json => Some(3),
        _ => None,
    };
    let text = old.class == Class::Text || new.class == Class::Text;
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
    fn what_is_rounded_without_a_word_is_known(
        #[case] old: &str,
        #[case] new: &str,
        #[case] expected: bool,
    ) {
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
    fn a_cast_goes_through_the_type_without_its_length(#[case] built: &str, #[case] cast: &str) {
        assert_eq!(unbounded(&types::from_sql(built)), cast);
    }
}
