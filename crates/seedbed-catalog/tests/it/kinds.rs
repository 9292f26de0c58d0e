//! Each kind of object: made, read, written, loaded elsewhere and equal; then changed, and that change
//! is found and no other.

mod programs;
mod tables;
mod types;

use crate::support::{Scratch, names, round_trip};

/// What is made, what is changed, and what that is called.
struct Case {
    create: &'static str,
    change: &'static str,
    found: &'static [&'static str],
}

impl Case {
    async fn check(&self) {
        let mut scratch = Scratch::with(self.create).await;
        let before = scratch.read().await;
        assert!(!before.objects().is_empty());
        round_trip(&before).await;
        scratch.run(self.change).await;
        let after = scratch.read().await;
        assert_eq!(names(&before, &after), self.found, "{}\n{}", self.change, after.to_sql());
        assert_eq!(names(&after, &before), self.found);
        round_trip(&after).await;
    }

    /// For what an older server does not have.
    async fn check_since(&self, version: i32) {
        if Scratch::new().await.version().await >= version {
            self.check().await;
        }
    }
}
