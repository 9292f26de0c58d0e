//! Migration files as projects with sea-orm-migration have them. Each file uses another feature.

#![allow(
    elided_lifetimes_in_paths,
    missing_docs,
    unreachable_pub,
    reason = "SeaORM's generator writes files in this form"
)]

pub mod m0000010_init;
pub mod m20230403_create_user;
pub mod m20230404_101500_create_post;
pub mod m20230405_093000_raw_sql;
pub mod m20230406_120000_post_status;
pub mod m20230407_080000_archived_status;
pub mod m20230408_070000_insert_accounts;
pub mod m20230409_110000_guarded;
pub mod m20230410_140000_fill_display_names;
pub mod m20230411_160000_by_hand;
pub mod m20230412_090000_nested;
pub mod m20230413_090000_index_concurrently;
pub mod m20230414_090000_alter_and_rename;
pub mod m20230415_090000_settings;
