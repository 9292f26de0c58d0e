//! Reads the name of an object from a message of the server. This is for the statements of SeaORM files, which the engine
//! does not see.

use seedbed_sql::SqlName;

/// Returns the name in a message such as `relation "shop.invoices" does not exist` or `function shop.total(integer) does not
/// exist`. Returns `None` for an object of another kind, and for a server that answers in another language.
pub(super) fn name_in_message(message: &str) -> Option<SqlName> {
    let (kind, rest) = message.split_once(' ')?;
    let name = match kind {
        "relation" | "table" | "view" | "sequence" | "index" | "type" => {
            rest.strip_prefix('"')?.split_once('"')?.0
        }
        "function" | "procedure" => rest.split_once('(')?.0,
        _ => return None,
    };
    // The missing type may be an array type.
    let name = name.trim_end_matches("[]");
    Some(match name.split_once('.') {
        Some((schema, name)) => SqlName { schema: Some(schema.to_owned()), name: name.to_owned() },
        None => SqlName { schema: None, name: name.to_owned() },
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(r#"relation "invoices" does not exist"#, Some(r#""invoices""#))]
    #[case(r#"table "shop.Old" does not exist"#, Some(r#""shop"."Old""#))]
    #[case(r#"type "mood[]" does not exist"#, Some(r#""mood""#))]
    #[case(r#"relation "things" already exists"#, Some(r#""things""#))]
    #[case("function shop.total(integer, text) does not exist", Some(r#""shop"."total""#))]
    #[case(r#"role "invoices" does not exist"#, None)]
    #[case("Relation »invoices« existiert nicht", None)]
    fn the_object_name_in_a_server_message_is_found(
        #[case] message: &str,
        #[case] expected: Option<&str>,
    ) {
        let name = name_in_message(message).map(|name| name.to_string());
        assert_eq!(name.as_deref(), expected);
    }
}
