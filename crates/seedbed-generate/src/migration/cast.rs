//! Rules for casts between types.

use seedbed_schema::model::{BaseType, TypeModifier};
use seedbed_sql::{Token, TokenKind, tokens};

use crate::field::{FieldType, TypeClass, types};

/// Returns the type as SQL without its length, for a cast that must not truncate: a cast to `varchar(3)` truncates a
/// longer text, while a column of type `varchar(3)` rejects it.
pub(super) fn unbounded(field_type: &FieldType) -> String {
    // Without a length, SQL gives `character` and `bit` the length 1.
    let mut unbounded = field_type.without_modifier();
    let sql = match field_type.base_name().as_str() {
        "character" => "bpchar",
        "bit" => "varbit",
        _ => return unbounded.to_string(),
    };
    unbounded.base = BaseType::Builtin(sql.to_owned());
    unbounded.to_string()
}

/// Returns whether PostgreSQL silently rounds values that do not fit the new type.
pub(super) fn rounds(old: &FieldType, new: &FieldType) -> bool {
    let fraction_digits =
        |field_type: &FieldType| match (field_type.class, &field_type.data_type.modifier) {
            (TypeClass::Number, Some(TypeModifier::Digits { scale, .. })) => *scale,
            (TypeClass::Integer, _) => 0,
            (TypeClass::DateTime, Some(TypeModifier::Precision(digits))) => *digits,
            (TypeClass::DateTime, _) => 6,
            _ => i32::MAX,
        };
    match (old.class, new.class) {
        (TypeClass::Number, TypeClass::Integer | TypeClass::Number) => {
            fraction_digits(new) < fraction_digits(old)
        }
        (TypeClass::DateTime, TypeClass::DateTime) => {
            // Such a type, for example `interval day`, drops the smaller units.
            let has_interval_field = matches!(new.data_type.modifier, Some(TypeModifier::Text(_)));
            old.without_modifier() != new.without_modifier()
                || fraction_digits(new) < fraction_digits(old)
                || has_interval_field && old.data_type != new.data_type
        }
        _ => false,
    }
}

/// Returns whether a column of the given type can have a collation. An unknown type counts as a type with collations.
pub(super) fn is_collatable(field_type: &FieldType) -> bool {
    matches!(types::class_of(&field_type.base_name()), TypeClass::Text | TypeClass::Other)
}

/// Splits an expression that is only a literal and a cast, such as `'a'::text`, into the literal and the type.
pub(super) fn cast_literal(sql: &str) -> Option<(&str, &str)> {
    let tokens = tokens(sql);
    let [literal, colon, other_colon, first, rest @ ..] = tokens.as_slice() else { return None };
    let is_type = |token: &Token<'_>| match token.kind {
        TokenKind::Word => !token.is_word("collate"),
        TokenKind::QuotedName | TokenKind::Number => true,
        TokenKind::Symbol => ['.', ',', '(', ')', '[', ']'].iter().any(|one| token.is_symbol(*one)),
        _ => false,
    };
    let is_cast = literal.kind == TokenKind::StringLiteral
        && colon.is_symbol(':')
        && other_colon.is_symbol(':')
        && is_type(first)
        && rest.iter().all(is_type);
    is_cast.then(|| (literal.text, &sql[first.start..]))
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
    use crate::field::Field;

    /// Returns the type of a field.
    fn field_type(text: &str) -> FieldType {
        let fields = Field::parse_all(&format!("a:{text}")).unwrap();
        fields[0].type_in("widgets")
    }

    #[rstest]
    #[case("decimal(10,2)", "integer", true)]
    #[case("decimal(10,2)", "decimal(12,1)", true)]
    #[case("decimal(10,2)", "decimal(12,3)", false)]
    #[case("decimal", "decimal(12,3)", true)]
    #[case("decimal(10,2)", "decimal", false)]
    #[case("decimal(10)", "bigint", false)]
    #[case("integer", "decimal(12,3)", false)]
    #[case("timestamptz", "date", true)]
    #[case("timestamptz(3)", "timestamptz(0)", true)]
    #[case("timestamptz(3)", "timestamptz", false)]
    #[case("interval", "interval(day)", true)]
    #[case("interval(day)", "interval", false)]
    #[case("text", "string(3)", false)]
    fn a_cast_that_silently_rounds_values_is_detected(
        #[case] old: &str,
        #[case] new: &str,
        #[case] expected: bool,
    ) {
        assert_eq!(rounds(&field_type(old), &field_type(new)), expected);
    }

    #[rstest]
    #[case("string(3)", "character varying")]
    #[case("string(3)[]", "character varying[]")]
    #[case("char(3)", "bpchar")]
    #[case("char(3)[]", "bpchar[]")]
    #[case("bit(3)", "varbit")]
    #[case("varbit(3)", "bit varying")]
    #[case("decimal(10,2)", "numeric")]
    #[case("timestamptz(3)", "timestamp with time zone")]
    fn a_cast_omits_the_length_of_its_type(#[case] text: &str, #[case] cast: &str) {
        assert_eq!(unbounded(&field_type(text)), cast);
    }

    #[rstest]
    #[case("'a'::text", Some(("'a'", "text")))]
    #[case("'it''s::'::character varying", Some(("'it''s::'", "character varying")))]
    #[case("'a'::extra.\"Mood\"[]", Some(("'a'", "extra.\"Mood\"[]")))]
    #[case("'a'::text COLLATE \"C\"", None)]
    #[case("'a'::text || 'b'", None)]
    #[case("'a'", None)]
    #[case("now()", None)]
    fn a_cast_of_a_literal_is_read(#[case] sql: &str, #[case] expected: Option<(&str, &str)>) {
        assert_eq!(cast_literal(sql), expected);
    }
}
