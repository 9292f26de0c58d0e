//! Everything that a script needs: `use crate::prelude::*;`.

pub use anyhow::{Context, anyhow, bail, ensure};
pub use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, DbBackend, EntityTrait, FromQueryResult,
    IntoActiveModel, ModelTrait, NotSet, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Set, Statement, TransactionTrait, Unchanged,
};
// This is the part of SeaORM's migration prelude that scripts use. It is not `sea_query::*`, because rustc records each
// of its 400 names for each file that imports this prelude, which costs half a second per edit with 1,000 scripts.
// Everything else is available as `sea_query::…`.
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

/// The result type of `up` and `down`. The operator `?` converts any error.
pub type Result<T = (), E = anyhow::Error> = std::result::Result<T, E>;
