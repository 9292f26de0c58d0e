//! Collects the WARNING, NOTICE and INFO messages of the server while a script runs.
//!
//! The driver reports these messages only to `tracing`. For this reason, a subscriber collects them while a script is
//! polled, and passes everything on to the previous subscriber.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use seedbed_build::Name;
use serde::Serialize;
use tracing::field::{Field, Visit};
use tracing::instrument::{WithDispatch, WithSubscriber as _};
use tracing::span::{Attributes, Id, Record};
use tracing::{Dispatch, Event, Level, Metadata, Subscriber, dispatcher};

/// The `tracing` target of the notices of sqlx-postgres.
const TARGET: &str = "sqlx::postgres::notice";

/// The severity of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NoticeSeverity {
    /// `RAISE WARNING`, and warnings of the server itself.
    Warning,
    /// `RAISE NOTICE`, `RAISE INFO`, and notices of the server itself, such as one about a truncated name.
    Notice,
}

/// A notice that the server sent while a script ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// The script.
    pub name: Name,
    /// The severity.
    pub severity: NoticeSeverity,
    /// The text of the notice.
    pub message: String,
}

/// Collects the notices of the server while a future is polled.
#[derive(Debug, Clone, Default)]
pub(crate) struct NoticeCollector {
    collected: Arc<Mutex<Vec<(NoticeSeverity, String)>>>,
}

impl NoticeCollector {
    /// Wraps a future so that the notices of the server are collected while it is polled.
    pub(crate) fn collect_during<F: Future>(&self, future: F) -> WithDispatch<F> {
        let parent = dispatcher::get_default(Dispatch::clone);
        let collected = Arc::clone(&self.collected);
        future.with_subscriber(Dispatch::new(CollectingSubscriber { collected, parent }))
    }

    /// Returns the collected notices and forgets them.
    pub(crate) fn take(&self) -> Vec<(NoticeSeverity, String)> {
        std::mem::take(&mut *self.collected.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

struct CollectingSubscriber {
    collected: Arc<Mutex<Vec<(NoticeSeverity, String)>>>,
    parent: Dispatch,
}

impl Subscriber for CollectingSubscriber {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == TARGET || self.parent.enabled(metadata)
    }

    fn event(&self, event: &Event<'_>) {
        let metadata = event.metadata();
        let severity = match *metadata.level() {
            Level::WARN | Level::ERROR => NoticeSeverity::Warning,
            Level::INFO | Level::TRACE => NoticeSeverity::Notice,
            // A script may request these messages with client_min_messages. They reach the previous subscriber, but are not
            // part of the report.
            Level::DEBUG => return self.parent.event(event),
        };
        if metadata.target() == TARGET {
            let mut message = MessageVisitor(None);
            event.record(&mut message);
            if let Some(message) = message.0 {
                let mut collected = self.collected.lock().unwrap_or_else(PoisonError::into_inner);
                collected.push((severity, message));
            }
        }
        if self.parent.enabled(metadata) {
            self.parent.event(event);
        }
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.parent.new_span(span)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        self.parent.record(span, values);
    }

    fn record_follows_from(&self, span: &Id, follows: &Id) {
        self.parent.record_follows_from(span, follows);
    }

    fn enter(&self, span: &Id) {
        self.parent.enter(span);
    }

    fn exit(&self, span: &Id) {
        self.parent.exit(span);
    }

    fn clone_span(&self, id: &Id) -> Id {
        self.parent.clone_span(id)
    }

    fn try_close(&self, id: Id) -> bool {
        self.parent.try_close(id)
    }
}

/// Reads the text of a notice from the field `message`.
struct MessageVisitor(Option<String>);

impl Visit for MessageVisitor {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0 = Some(format!("{value:?}"));
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.0 = Some(value.to_owned());
        }
    }
}
