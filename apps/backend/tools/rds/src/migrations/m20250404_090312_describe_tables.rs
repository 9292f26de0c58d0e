//! Tables and columns say what they are for: `\d+` in psql shows it, and the entities have it as documentation.
use crate::prelude::*;

const COMMENTS: &[(&str, &str)] = &[
    ("TABLE users", "who can sign in."),
    ("COLUMN users.email", "As the user wrote it; unique whatever the case."),
    ("COLUMN users.name", "The name in full."),
    ("COLUMN users.display_name", "What others see."),
    (
        "COLUMN users.password_hash",
        "An argon2 hash in PHC format; nothing until an invited user has chosen a password.",
    ),
    ("COLUMN users.is_admin", "Whether they may manage every organization."),
    ("TABLE organizations", "who pays."),
    ("COLUMN organizations.name", "As its members write it."),
    ("COLUMN organizations.slug", "As URLs write it; unique."),
    (
        "COLUMN organizations.stripe_customer_id",
        "The customer at Stripe, once there is one; unique.",
    ),
    ("TABLE roles", "what a member of an organization may do there."),
    ("COLUMN roles.name", "`owner`, `admin`, `member`, …; unique."),
    ("COLUMN roles.description", "What the role is for, in one sentence."),
    ("TABLE organization_members", "who belongs to which organization, and as what."),
    (
        "COLUMN organization_members.organization_id",
        "Where they belong; deleting the organization deletes the row.",
    ),
    (
        "COLUMN organization_members.user_id",
        "Who belongs there; deleting the user deletes the row.",
    ),
    ("COLUMN organization_members.role_id", "As what; a role that somebody has cannot be deleted."),
    ("TABLE products", "what an organization can buy."),
    ("COLUMN products.name", "As customers see it; unique among products of its type."),
    ("COLUMN products.type", "What kind of product it is."),
    (
        "COLUMN products.external_id",
        "The product at the payment provider, once there is one; unique.",
    ),
    (
        "TYPE product_type",
        "What kind of product it is.\n\
         plan: What an organization subscribes to; one at a time.\n\
         addon: What it adds to its plan; any number.",
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
