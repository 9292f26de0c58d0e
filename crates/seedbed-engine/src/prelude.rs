//! Everything that a script needs: `use crate::prelude::*;`.

pub use anyhow::{Context, anyhow, bail, ensure};
pub use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, DbBackend, EntityTrait, FromQueryResult,
    IntoActiveModel, ModelTrait, NotSet, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Set, Statement, TransactionTrait, Unchanged,
};
// What SeaORM's own migration prelude exports: its files run unchanged beside ours.
pub use sea_orm_migration::prelude::*;

pub use crate::Schema;
pub use crate::columns::*;

/// What `up` and `down` return: any error may be passed on with `?`.
pub type Result<T = (), E = anyhow::Error> = std::result::Result<T, E>;
