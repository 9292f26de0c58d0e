//! The names that may have several meanings.

use super::cases::{RequestCase, case};

/// Names of migrations with a word, such as `column` or `reference`, that is either a keyword or belongs to the name of an
/// object, each with text that its script must contain. Only one meaning matches the existing objects.
pub(super) const MEANT: &[RequestCase] = &[
    case(
        "CREATE TABLE payments (id uuid PRIMARY KEY, \"check\" text, CONSTRAINT payments_check CHECK (id IS NOT NULL));
         CREATE TABLE invoices (id uuid PRIMARY KEY, payment_id uuid REFERENCES payments, payment_reference text, git_ref text)",
        &[
            ("removePaymentReferenceFromInvoices", r#"remove_column("invoices", "payment_reference")"#),
            ("dropPaymentReferenceFromInvoices", r#"remove_column("invoices", "payment_reference")"#),
            ("removePaymentReferenceColumnFromInvoices", r#"remove_column("invoices", "payment_reference")"#),
            ("removeGitRefFromInvoices", r#"remove_column("invoices", "git_ref")"#),
            ("removePaymentRefFromInvoices", r#"remove_column("invoices", "payment_id")"#),
            ("removePaymentIdFromInvoices", r#"remove_column("invoices", "payment_id")"#),
            ("removeColumnCheckFromPayments", r#"remove_column("payments", "check")"#),
            ("removeCheckConstraintFromPayments", r#"remove_constraint("payments", "payments_check")"#),
        ],
    ),
    case(
        "CREATE TABLE orders (terms_and_conditions text, terms text, conditions text, column_name text, name text, \"dueDate\" date);
         CREATE UNIQUE INDEX both_terms ON orders (terms, conditions); CREATE INDEX one_term ON orders (terms_and_conditions)",
        &[
            ("removeColumnTermsAndConditionsFromOrders", r#"remove_column("orders", "terms_and_conditions")"#),
            ("removeColumnsTermsAndConditionsFromOrders", r#"remove_column("orders", "terms")"#),
            ("removeIndexFromOrdersOnColumnTermsAndConditions", r#"remove_index_concurrently("one_term")"#),
            ("removeUniqueIndexFromOrdersOnTermsAndConditions", r#"remove_index_concurrently("both_terms")"#),
            ("removeColumnColumnNameFromOrders", r#"remove_column("orders", "column_name")"#),
            ("removeDueDateFromOrders", r#"remove_column("orders", "dueDate")"#),
            ("renameColumnColumnNameToTitleOnOrders", r#"rename_column("orders", "column_name", "title")"#),
            ("changeColumnNameOnOrders column_name:string", r#"ColumnDef::new_with_type("column_name""#),
        ],
    ),
    case(
        "CREATE TYPE status AS ENUM ('void', 'face', 'face-value'); CREATE TYPE status_enum AS ENUM ('void', 'new')",
        &[
            ("removeVoidFromEnumStatus", r#"remove_enum_value("status", "void")"#),
            ("removeVoidFromStatusEnumEnum", r#"remove_enum_value("status_enum", "void")"#),
            ("removeNewFromStatusEnum", r#"remove_enum_value("status_enum", "new")"#),
            ("removeValueFaceValueFromStatusEnum", r#"remove_enum_value("status", "face-value")"#),
            ("dropEnumStatus", r#"drop_enum("status")"#),
        ],
    ),
];

/// The names whose meanings match several existing objects, and the objects that the refusal names.
pub(super) const AMBIGUOUS: &[RequestCase] = &[
    case(
        "CREATE TABLE payments (\"check\" text, CONSTRAINT payments_check CHECK (true))",
        &[(
            "removeCheckFromPayments",
            "the check `payments_check` of `payments` or the column `check` of `payments`",
        )],
    ),
    case(
        "CREATE TABLE orders (terms_and_conditions text, terms text, conditions text, column_name text, name text)",
        &[
            (
                "removeTermsAndConditionsFromOrders",
                "the columns `terms` and `conditions` of `orders` or the column `terms_and_conditions` of `orders`",
            ),
            (
                "removeColumnNameFromOrders",
                "the column `column_name` of `orders` or the column `name` of `orders`",
            ),
            (
                "renameColumnNameToTitleOnOrders",
                "the column `name` of `orders` or the column `column_name` of `orders`",
            ),
        ],
    ),
    case(
        "CREATE TYPE status AS ENUM ('void', 'face', 'face-value'); CREATE TYPE status_enum AS ENUM ('void', 'new')",
        &[
            (
                "removeVoidFromStatusEnum",
                "the enum type `status` or the value `void` of the enum type `status_enum`",
            ),
            (
                "removeFaceValueFromStatusEnum",
                "the value `face-value` of the enum type `status` or the value `face` ",
            ),
            ("dropStatusEnum", "the enum type `status` or the enum type `status_enum`"),
        ],
    ),
    case(
        "CREATE TABLE users (); CREATE TABLE user_table (); CREATE TABLE users_again ()",
        &[
            ("dropUserTable", "the table `users` or the table `user_table`"),
            ("dropUsersAgain", "the table `users` or the table `users_again`"),
        ],
    ),
];
