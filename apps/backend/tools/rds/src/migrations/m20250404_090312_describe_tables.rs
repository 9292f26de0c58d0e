//! Describes tables and columns with comments. `\d+` in psql shows the comments, and the entities have them as
//! documentation.
use crate::prelude::*;

/// The described objects, as `COMMENT ON` names them, and their comments.
const COMMENTS: &[(&str, &str)] = &[
    ("TABLE users", "Users who can sign in."),
    (
        "COLUMN users.email",
        "The e-mail address as the user wrote it. It is unique regardless of letter case.",
    ),
    ("COLUMN users.name", "The full name."),
    ("COLUMN users.display_name", "The name that other users see."),
    (
        "COLUMN users.password_hash",
        "The argon2 hash of the password in PHC format, or NULL until an invited user has chosen a password.",
    ),
    ("COLUMN users.is_admin", "Whether the user may manage every organization."),
    ("TABLE organizations", "Organizations that buy products."),
    ("COLUMN organizations.name", "The name as the members write it."),
    ("COLUMN organizations.slug", "The name as it appears in URLs. It is unique."),
    (
        "COLUMN organizations.stripe_customer_id",
        "The id of the customer at Stripe, if there is one. It is unique.",
    ),
    ("TABLE roles", "Roles that determine what a member of an organization may do."),
    ("COLUMN roles.name", "The name, such as `owner`, `admin` or `member`. It is unique."),
    ("COLUMN roles.description", "The purpose of the role, in one sentence."),
    ("TABLE organization_members", "Memberships of users in organizations, each with a role."),
    (
        "COLUMN organization_members.organization_id",
        "The organization. Deleting it deletes the membership.",
    ),
    ("COLUMN organization_members.user_id", "The user. Deleting the user deletes the membership."),
    (
        "COLUMN organization_members.role_id",
        "The role of the member. A role in use cannot be deleted.",
    ),
    ("TABLE products", "Products that an organization can buy."),
    (
        "COLUMN products.name",
        "The name as customers see it. It is unique among products of the same type.",
    ),
    ("COLUMN products.type", "The type of the product."),
    (
        "COLUMN products.external_id",
        "The id of the product at the payment provider, if there is one. It is unique.",
    ),
    (
        "TYPE product_type",
        "The type of a product.\n\
         plan: A plan that an organization subscribes to, one at a time.\n\
         addon: A product that an organization adds to its plan, in any number.",
    ),
];

pub async fn up(schema: &Schema<'_>) -> Result {
    for (what, comment) in COMMENTS {
        schema.execute(format!("COMMENT ON {what} IS '{comment}'")).await?;
    }
    Ok(())
}

pub async fn down(schema: &Schema<'_>) -> Result {
    for (what, _) in COMMENTS {
        schema.execute(format!("COMMENT ON {what} IS NULL")).await?;
    }
    Ok(())
}
