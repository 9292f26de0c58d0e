//! Tests of names in which a word is either grammar or part of an object's name.

use std::collections::BTreeSet;

use rstest::rstest;
use seedbed_schema::DatabaseSchema;
use seedbed_schema::model::{ConstraintKind, Table};
use test_support::assert_snapshot;

use crate::test_schema::{self, add_constraint, add_enum, add_index, column};
use crate::{
    Interpretations, MigrationOutcome, MigrationRequest, Operation, WriteError, write_migration,
};

/// The tables of the tests with their columns. `users` has indexes on `email`, on `a_and_b`, and on `a` and `b`.
/// `payments` has a check on `price`.
const TABLES: &[(&str, &[&str])] = &[
    ("invoices", &["payment_id", "payment_reference", "git_ref", "name"]),
    ("payments", &["owner_id", "price", "check", "name"]),
    ("things", &["name", "column_name", "name_column", "size"]),
    ("orders", &["terms", "conditions", "terms_and_conditions", "name", "note"]),
    ("orders_again", &["name"]),
    ("messages", &["reply", "reply_to"]),
    ("users", &["email", "a", "b", "a_and_b", "id"]),
    ("user_tables", &["id"]),
    ("roles", &["id"]),
    ("users_roles", &["id"]),
    ("join_table_users_roles", &["id"]),
    ("homes", &["letters", "name_from_letters"]),
    ("letters_from_home", &["name", "note"]),
    ("status_enums", &["void"]),
    ("points_on_map", &["name", "note"]),
    ("maps", &["name"]),
    ("people", &["dueDate", "due_id", "paymentReference", "payment_id", "x y", "x_y"]),
];

const ENUMS: &[(&str, &[&str])] = &[
    ("status", &["void", "open"]),
    ("status_enum", &["void", "new"]),
    ("method", &["cash", "card", "cash_and_card", "face", "face-value", "on hold"]),
    ("mood_enum", &["calm"]),
];

fn table((name, columns): &(&str, &[&str])) -> Table {
    let mut table = test_schema::table(name, columns.iter().map(|name| column(name, "text")));
    match *name {
        "users" => {
            for (columns, is_unique) in
                [(&["email"][..], false), (&["a_and_b"], false), (&["a", "b"], true)]
            {
                add_index(
                    &mut table,
                    &format!("users_{}_idx", columns.join("_")),
                    columns,
                    is_unique,
                );
            }
        }
        "payments" => {
            let check = ConstraintKind::Check;
            add_constraint(&mut table, "payments_check", check, &[], "CHECK (true)");
            add_constraint(&mut table, "priced", check, &["price"], "CHECK (true)");
        }
        _ => {}
    }
    table
}

fn schema() -> DatabaseSchema {
    let mut schema = test_schema::schema(TABLES.iter().map(table));
    for (name, values) in ENUMS {
        add_enum(&mut schema, name, values);
    }
    schema
}

/// Returns the source of all files, and the notes.
fn written(name: &str, fields: &str) -> Result<(String, Vec<String>), WriteError> {
    let slug = heck::ToSnakeCase::to_snake_case(name);
    let interpretations = Interpretations::parse(&slug);
    let schema = schema();
    let chosen = interpretations.choose(Some(fields), Some(&schema))?;
    let written = write_migration(&MigrationRequest {
        slug: &slug,
        operation: &chosen.operation,
        fields: Some(fields),
        schema: Some(&schema),
        extensions: &BTreeSet::new(),
    })?;
    let MigrationOutcome::Generated { files, .. } = written else { panic!("{written:?}") };
    Ok((files.into_iter().map(|file| file.text).collect(), chosen.notes))
}

/// Returns the calls in `up` that remove, rename or change something.
fn changes(text: &str) -> Vec<&str> {
    let up = text.split("pub async fn down").next().unwrap_or_default();
    let verbs = ["remove_", "drop_", "rename_", "change_", "add_enum_value"];
    let calls = up.match_indices("schema").map(|(at, _)| up[at + 6..].trim_start());
    let calls = calls.filter_map(|call| call.strip_prefix('.'));
    let calls = calls.filter(|call| verbs.iter().any(|verb| call.starts_with(verb)));
    calls.map(|call| &call[..=call.find(')').unwrap()]).collect()
}

#[rstest]
#[case::exact(
    "removePaymentReferenceFromInvoices",
    r#"remove_column("invoices", "payment_reference")"#
)]
#[case::exact(
    "dropPaymentReferenceFromInvoices",
    r#"remove_column("invoices", "payment_reference")"#
)]
#[case::exact(
    "removePaymentReferenceColumnFromInvoices",
    r#"remove_column("invoices", "payment_reference")"#
)]
#[case::exact("removeGitRefFromInvoices", r#"remove_column("invoices", "git_ref")"#)]
#[case::noun(
    "removeColumnPaymentReferenceFromInvoices",
    r#"remove_column("invoices", "payment_reference")"#
)]
#[case::reference("removePaymentRefFromInvoices", r#"remove_column("invoices", "payment_id")"#)]
#[case::reference("removeOwnerReferenceFromPayments", r#"remove_column("payments", "owner_id")"#)]
#[case::column("removeSizeColumnFromThings", r#"remove_column("things", "size")"#)]
#[case::column("removeColumnSizeFromThings", r#"remove_column("things", "size")"#)]
#[case::and(
    "removeColumnTermsAndConditionsFromOrders",
    r#"remove_column("orders", "terms_and_conditions")"#
)]
#[case::from("removeNoteFromLettersFromHome", r#"remove_column("letters_from_home", "note")"#)]
#[case::quoted("removeDueDateFromPeople", r#"remove_column("people", "dueDate")"#)]
#[case::quoted(
    "removePaymentReferenceFromPeople",
    r#"remove_column("people", "paymentReference")"#
)]
#[case::quoted("remove_x_y_from_people", r#"remove_column("people", "x_y")"#)]
#[case::check("removeCheckFromPaymentsOnPrice", r#"remove_constraint("payments", "priced")"#)]
#[case::check(
    "removeCheckConstraintFromPayments",
    r#"remove_constraint("payments", "payments_check")"#
)]
#[case::index("removeIndexFromUsersOnEmail", r#"remove_index_concurrently("users_email_idx")"#)]
#[case::unique(
    "removeUniqueIndexFromUsersOnAAndB",
    r#"remove_index_concurrently("users_a_b_idx")"#
)]
#[case::join_table("dropTableJoinTableUsersRoles", r#"drop_table("join_table_users_roles")"#)]
#[case::table("dropUsers", r#"drop_table("users")"#)]
#[case::table("dropRoleTable", r#"drop_table("roles")"#)]
#[case::rename("renameColumnSizeToLengthOnThings", r#"rename_column("things", "size", "length")"#)]
#[case::rename(
    "renameSizeColumnToLengthColumnOnThings",
    r#"rename_column("things", "size", "length")"#
)]
#[case::rename("renameDueDateToDueOnPeople", r#"rename_column("people", "dueDate", "due")"#)]
#[case::rename(
    "renameNoteToTitleOnPointsOnMap",
    r#"rename_column("points_on_map", "note", "title")"#
)]
#[case::again("renameNameToTitleOnInvoicesAgain", r#"rename_column("invoices", "name", "title")"#)]
#[case::again("removeNoteFromOrdersAgain", r#"remove_column("orders", "note")"#)]
#[case::again("renameRolesToDutiesAgain", r#"rename_table("roles", "duties")"#)]
#[case::enumeration("removeCalmFromMoodEnum", r#"remove_enum_value("mood_enum", "calm")"#)]
#[case::enumeration("removeNewFromStatusEnum", r#"remove_enum_value("status_enum", "new")"#)]
#[case::enumeration("removeOpenFromStatusEnum", r#"remove_enum_value("status", "open")"#)]
#[case::enumeration("dropMoodEnum", r#"drop_enum("mood_enum")"#)]
#[case::value("removeFaceFromMethodEnum", r#"remove_enum_value("method", "face")"#)]
#[case::value("removeOnHoldFromMethodEnum", r#"remove_enum_value("method", "on hold")"#)]
#[case::value("removeOnHoldValueFromMethodEnum", r#"remove_enum_value("method", "on hold")"#)]
#[case::value(
    "renameOnHoldToHeldOnMethodEnum",
    r#"rename_enum_value("method", "on hold", "held")"#
)]
fn an_object_with_exactly_the_given_name_takes_precedence(
    #[case] name: &str,
    #[case] expected: &str,
) {
    let (text, _) = written(name, "").unwrap();
    assert_eq!(changes(&text), [expected], "{text}");
}

#[rstest]
#[case("changeColumnNameOnThings", "name:integer", r#""things", ColumnDef::new_with_type("name""#)]
#[case(
    "changeColumnNameOnThings",
    "column_name:integer",
    r#""things", ColumnDef::new_with_type("column_name""#
)]
#[case("changeNameColumnOnThings", "name:integer", r#""things", ColumnDef::new_with_type("name""#)]
#[case(
    "changeNameColumnOnThings",
    "name_column:integer",
    r#""things", ColumnDef::new_with_type("name_column""#
)]
#[case(
    "changeNameOnPointsOnMap",
    "name:integer",
    r#""points_on_map", ColumnDef::new_with_type("name""#
)]
#[case("removeFaceValueFromMethodEnum", "face-value", r#""method", "face-value""#)]
#[case("removeFaceValueFromMethodEnum", "face", r#""method", "face""#)]
#[case("removeCashAndCardFromMethodEnum", "cash_and_card", r#""method", "cash_and_card""#)]
fn the_fields_resolve_an_ambiguous_name(
    #[case] name: &str,
    #[case] fields: &str,
    #[case] expected: &str,
) {
    let (text, _) = written(name, fields).unwrap();
    let changed = changes(&text);
    assert!(!changed.is_empty() && changed.iter().all(|call| call.contains(expected)), "{text}");
}

#[test]
fn a_note_names_the_reference_column_that_the_name_may_also_mean() {
    let (_, notes) = written("removePaymentReferenceFromInvoices", "").unwrap();
    assert_snapshot!("other_meaning", notes.join("\n"));
    let (text, notes) = written("removePaymentIdFromInvoices", "").unwrap();
    assert_eq!(changes(&text), [r#"remove_column("invoices", "payment_id")"#]);
    assert!(notes.is_empty(), "{notes:?}");
}

/// Each meaning comes with a name that has only this meaning, and with the call that this name generates. Both are
/// empty if there is no such name.
#[rstest]
#[case::column("removeColumnNameFromThings", &[
    ("the column `column_name` of `things`", "removeColumnColumnNameFromThings", r#"remove_column("things", "column_name")"#),
    ("the column `name` of `things`", "removeNameFromThings", r#"remove_column("things", "name")"#),
])]
#[case::column("dropNameColumnFromThings", &[
    ("the column `name_column` of `things`", "removeColumnNameColumnFromThings", r#"remove_column("things", "name_column")"#),
    ("the column `name` of `things`", "removeNameFromThings", r#"remove_column("things", "name")"#),
])]
#[case::and("removeTermsAndConditionsFromOrders", &[
    ("the columns `terms` and `conditions` of `orders`", "removeColumnsTermsAndConditionsFromOrders", r#"remove_column("orders", "terms")"#),
    ("the column `terms_and_conditions` of `orders`", "removeColumnTermsAndConditionsFromOrders", r#"remove_column("orders", "terms_and_conditions")"#),
])]
#[case::from("removeNameFromLettersFromHome", &[
    ("the column `name_from_letters` of `homes`", "removeNameFromLettersFromHomes", r#"remove_column("homes", "name_from_letters")"#),
    ("the column `name` of `letters_from_home`", "removeNameColumnFromLettersFromHome", r#"remove_column("letters_from_home", "name")"#),
])]
#[case::on("renameNameToTitleOnPointsOnMap", &[
    ("the column `name` of `maps`", "renameNameToTitleOnPointsOnMaps", r#"rename_column("maps", "name", "title_on_points")"#),
    ("the column `name` of `points_on_map`", "", ""),
])]
#[case::from("dropLettersFromHome", &[
    ("the column `letters` of `homes`", "removeLettersFromHomes", r#"remove_column("homes", "letters")"#),
    ("the table `letters_from_home`", "dropLettersFromHomeTable", r#"drop_table("letters_from_home")"#),
])]
#[case::check("removeCheckFromPayments", &[
    ("the check `payments_check` of `payments`", "removeCheckConstraintFromPayments", r#"remove_constraint("payments", "payments_check")"#),
    ("the column `check` of `payments`", "removeColumnCheckFromPayments", r#"remove_column("payments", "check")"#),
])]
#[case::index("removeIndexFromUsersOnAAndB", &[
    ("the index on `a` and `b` of `users`", "removeIndexFromUsersOnColumnsAAndB", r#"remove_index_concurrently("users_a_b_idx")"#),
    ("the index on `a_and_b` of `users`", "removeIndexFromUsersOnColumnAAndB", r#"remove_index_concurrently("users_a_and_b_idx")"#),
])]
#[case::table("dropUserTable", &[
    ("the table `users`", "dropUsers", r#"drop_table("users")"#),
    ("the table `user_tables`", "dropUserTables", r#"drop_table("user_tables")"#),
])]
#[case::join_table("dropJoinTableUsersRoles", &[
    ("the table `users_roles`", "dropUsersRoles", r#"drop_table("users_roles")"#),
    ("the table `join_table_users_roles`", "dropJoinTableUsersRolesTable", r#"drop_table("join_table_users_roles")"#),
])]
#[case::again("dropOrdersAgain", &[
    ("the table `orders`", "dropOrdersTable", r#"drop_table("orders")"#),
    ("the table `orders_again`", "dropOrdersAgainTable", r#"drop_table("orders_again")"#),
])]
#[case::again("removeNameFromOrdersAgain", &[
    ("the column `name` of `orders`", "removeColumnNameFromOrders", r#"remove_column("orders", "name")"#),
    ("the column `name` of `orders_again`", "removeNameFromOrdersAgainAgain", r#"remove_column("orders_again", "name")"#),
])]
#[case::enumeration("dropStatusEnum", &[
    ("the enum type `status`", "dropEnumStatus", r#"drop_enum("status")"#),
    ("the enum type `status_enum`", "dropStatusEnumEnum", r#"drop_enum("status_enum")"#),
    ("the table `status_enums`", "dropStatusEnums", r#"drop_table("status_enums")"#),
])]
#[case::enumeration("removeVoidFromStatusEnum", &[
    ("the value `void` of the enum type `status`", "removeVoidFromEnumStatus", r#"remove_enum_value("status", "void")"#),
    ("the value `void` of the enum type `status_enum`", "removeVoidFromStatusEnumEnum", r#"remove_enum_value("status_enum", "void")"#),
    ("the column `void` of `status_enums`", "removeVoidFromStatusEnums", r#"remove_column("status_enums", "void")"#),
])]
#[case::enumeration("addPaidToStatusEnum", &[
    ("the enum type `status`", "addValuePaidToEnumStatus", r#"add_enum_value("status", "paid")"#),
    ("the enum type `status_enum`", "addPaidToStatusEnumEnum", r#"add_enum_value("status_enum", "paid")"#),
])]
#[case::value("removeCashAndCardFromMethodEnum", &[
    ("the values `cash` and `card` of the enum type `method`", "removeValuesCashAndCardFromMethodEnum", r#"remove_enum_value("method", "cash")"#),
    ("the value `cash_and_card` of the enum type `method`", "removeValueCashAndCardFromMethodEnum", r#"remove_enum_value("method", "cash_and_card")"#),
])]
#[case::value("removeFaceValueFromMethodEnum", &[
    ("the value `face-value` of the enum type `method`", "removeValueFaceValueFromMethodEnum", r#"remove_enum_value("method", "face-value")"#),
    ("the value `face` of the enum type `method`", "removeFaceFromMethodEnum", r#"remove_enum_value("method", "face")"#),
])]
#[case::value("renameFaceValueToPriceOnMethodEnum", &[
    ("the value `face-value` of the enum type `method`", "renameValueFaceValueToPriceOnMethodEnum", r#"rename_enum_value("method", "face-value", "price")"#),
    ("the value `face` of the enum type `method`", "renameFaceToPriceOnMethodEnum", r#"rename_enum_value("method", "face", "price")"#),
])]
#[case::rename("renameColumnNameToTitleOnThings", &[
    ("the column `name` of `things`", "renameNameToTitleOnThings", r#"rename_column("things", "name", "title")"#),
    ("the column `column_name` of `things`", "renameColumnColumnNameToTitleOnThings", r#"rename_column("things", "column_name", "title")"#),
])]
#[case::to("renameReplyToToAnswerOnMessages", &[
    ("the column `reply` of `messages`", "renameReplyColumnToToAnswerOnMessages", r#"rename_column("messages", "reply", "to_answer")"#),
    ("the column `reply_to` of `messages`", "renameReplyToColumnToAnswerOnMessages", r#"rename_column("messages", "reply_to", "answer")"#),
])]
#[case::table("renameUserTableToAccountTable", &[
    ("the table `users`", "renameUsersToAccount", r#"rename_table("users", "accounts")"#),
    ("the table `user_tables`", "renameUserTablesTableToAccountTableTable", r#"rename_table("user_tables", "account_tables")"#),
])]
fn an_ambiguous_name_is_refused_and_each_meaning_is_named(
    #[case] name: &str,
    #[case] expected: &[(&str, &str, &str)],
) {
    let error = written(name, "").unwrap_err();
    let WriteError::Ambiguous { meanings, .. } = &error else { panic!("{error}") };
    let named: Vec<_> = meanings
        .iter()
        .map(|(meaning, name)| (meaning.as_str(), name.as_deref().unwrap_or_default()))
        .collect();
    let mut wanted: Vec<_> = expected.iter().map(|(meaning, name, _)| (*meaning, *name)).collect();
    wanted.sort_unstable();
    let mut sorted = named.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, wanted);
    assert!(!error.is_wrong_use());
    for (meaning, name, call) in expected.iter().filter(|(_, name, _)| !name.is_empty()) {
        assert!(error.to_string().contains(meaning), "{error}");
        let hint = error.hint().to_string();
        assert!(hint.contains(&format!("`{name}` for {meaning}")), "{hint}");
        let (text, _) = written(name, "").unwrap();
        assert_eq!(changes(&text)[0], *call, "{name}");
    }
}

#[rstest]
#[case("renameColumnNameToTitleOnThings", true)]
#[case("renameReplyToToAnswerOnMessages", true)]
#[case("renameUserTableToAccounts", true)]
#[case("renameValueVoidToPaidOnStatusEnum", true)]
#[case("renameNameToTitleOnThings", false)]
#[case("renameNameToDateOfBirthOnPeople", false)]
#[case("renameVoidToPaidOnStatusEnum", false)]
#[case("renameUsersToAccounts", false)]
fn an_ambiguous_rename_requires_a_database(#[case] name: &str, #[case] needs_database: bool) {
    let interpretations = Interpretations::parse(&heck::ToSnakeCase::to_snake_case(name));
    assert_eq!(interpretations.needs_database(), needs_database);
    let chosen = interpretations.choose(None, None);
    assert_eq!(chosen.is_err(), needs_database, "{chosen:?}");
}

#[test]
fn missing_objects_are_refused() {
    let names = [
        "removeGitRefFromPayments",
        "removePaymentReferenceColumnFromPayments",
        "removeOwnerRefColumnFromPayments",
        "removeUniqueIndexFromUsersOnEmail",
        "removeIndexFromUsersOnTermsAndName",
        "renameStatusToStateOnMessages",
        "removePaidFromMethodEnum",
        "dropWidgetTable",
    ];
    let errors = names.map(|name| written(name, "").unwrap_err().to_string());
    assert_snapshot!("missing_objects", errors.join("\n"));
}

#[test]
fn an_unsupported_name_has_no_operation() {
    for slug in ["create_index_entries", "drop_index_entries", "remove_index_from_users"] {
        assert_eq!(*Interpretations::parse(slug).likeliest(), Operation::Other, "{slug}");
    }
}
