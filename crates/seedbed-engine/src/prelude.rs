//! Everything that a script needs: `use crate::prelude::*;`.

pub use anyhow::{Context, anyhow, bail, ensure};
pub use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, DbBackend, EntityTrait, FromQueryResult,
    IntoActiveModel, ModelTrait, NotSet, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Set, Statement, TransactionTrait, Unchanged,
};
// Of SeaORM's own migration prelude what scripts name. Not `sea_query::*`: rustc writes each of its 400
// names down for each file that imports this prelude, half a second of an edit with 1,000 scripts. The
// rest is a path away: `sea_query::…`.
pub use sea_orm::sea_query::{
    self, Alias, Asterisk, BinOper, CaseStatement, ColumnDef, ColumnType, CommonTableExpression,
    Cond, Condition, DynIden, Expr, ExprTrait, ForeignKey, ForeignKeyAction,
    ForeignKeyCreateStatement, Func, Iden, Index, IndexCreateStatement, IndexOrder, IndexType,
    InsertStatement, IntoColumnDef, IntoColumnRef, IntoCondition, IntoIden, IntoTableRef, JoinType,
    Keyword, NullOrdering, OnConflict, Order, PgFunc, PostgresQueryBuilder, Query, SelectStatement,
    SimpleExpr, StringLen, SubQueryStatement, Table, TableCreateStatement, TableRef, UnionType,
    UpdateStatement, Value, WithClause,
};
pub use sea_orm::{self, ConnectionTrait, DbErr, DeriveIden};

pub use crate::columns::*;
pub use crate::schema::Schema;

/// What `up` and `down` return: any error may be passed on with `?`.
pub type Result<T = (), E = anyhow::Error> = std::result::Result<T, E>;
