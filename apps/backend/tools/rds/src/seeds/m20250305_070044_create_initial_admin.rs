//! Creates the initial admin from `ADMIN_EMAIL` and `ADMIN_PASSWORD`.
//!
//! In development and test, the defaults are `admin@example.com` and `change-me-in-development`. Other environments
//! have no defaults, so a deploy without one of the variables fails with an error that names it.
use argon2::password_hash::{PasswordHasher, SaltString, rand_core::OsRng};
use entity::user::{ActiveModel, Column, Entity};
use uuid::{Uuid, uuid};

use crate::prelude::*;

/// The id of the admin, which is the same in every database, so that `down` recognizes the row of this seed.
const ID: Uuid = uuid!("cf4e47b1-c1cf-49e0-88d0-35070b33e118");

/// Inserts the admin. An existing user with the same address becomes admin and keeps the password.
pub async fn up(schema: &Schema<'_>) -> Result {
    let email = setting(schema, "ADMIN_EMAIL", "admin@example.com")?;
    let password = setting(schema, "ADMIN_PASSWORD", "change-me-in-development")?;
    let admin = ActiveModel {
        id: Set(ID),
        email: Set(email),
        name: Set("Admin".to_owned()),
        display_name: Set("Admin".to_owned()),
        password_hash: Set(Some(hash(&password)?)),
        is_admin: Set(true),
        ..Default::default()
    };
    let same_email = OnConflict::new()
        .expr(Func::lower(Expr::col(Column::Email)))
        .update_column(Column::IsAdmin)
        .to_owned();
    Entity::insert(admin).on_conflict(same_email).exec_without_returning(schema).await?;
    Ok(())
}

/// Deletes the admin that `up` inserted. A user who existed before stays, and stays admin.
pub async fn down(schema: &Schema<'_>) -> Result {
    Entity::delete_by_id(ID).exec(schema).await?;
    Ok(())
}

fn setting(schema: &Schema<'_>, variable: &str, in_development: &str) -> Result<String> {
    let environment = schema.environment();
    match std::env::var(variable) {
        Ok(value) if !value.is_empty() => Ok(value),
        _ if environment.is_development() || environment.is_test() => Ok(in_development.to_owned()),
        _ => bail!(
            "`{variable}` is not set, and the environment `{environment}` has no default for the initial admin"
        ),
    }
}

fn hash(password: &str) -> Result<String> {
    let salt = SaltString::generate(&mut OsRng);
    let hash = argon2::Argon2::default().hash_password(password.as_bytes(), &salt)?;
    Ok(hash.to_string())
}
