//! The spinner of a script that takes its time.

use std::io::IsTerminal as _;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use seedbed_engine::Name;
use tokio::task::JoinHandle;

use crate::output::took;

/// Shows which script runs, and for how long already: on a terminal a spinner from the first second
/// on, elsewhere a plain line every ten seconds.
#[derive(Debug, Default)]
pub(crate) struct Spinner(Mutex<Option<Running>>);

#[derive(Debug)]
struct Running {
    /// Made when it is shown: most scripts are over before that, and making it was a quarter of what
    /// this program did for each.
    bar: Arc<OnceLock<ProgressBar>>,
    shown: JoinHandle<()>,
}

impl Spinner {
    /// A script begins.
    pub(crate) fn start(&self, word: &str, name: &Name) {
        self.stop();
        let bar = Arc::default();
        let shown = tokio::spawn(show(Arc::clone(&bar), format!("{word} {name}")));
        if let Ok(mut running) = self.0.lock() {
            *running = Some(Running { bar, shown });
        }
    }

    /// It has ended.
    pub(crate) fn stop(&self) {
        if let Ok(mut running) = self.0.lock()
            && let Some(Running { bar, shown }) = running.take()
        {
            shown.abort();
            if let Some(bar) = bar.get() {
                bar.finish_and_clear();
            }
        }
    }

    /// Prints a line on stderr, above the spinner if there is one.
    pub(crate) fn print(&self, line: &str) {
        let print = || anstream::eprintln!("{line}");
        match self.0.lock() {
            Ok(running) => match running.as_ref().and_then(|running| running.bar.get()) {
                Some(bar) => bar.suspend(print),
                None => print(),
            },
            Err(_) => print(),
        }
    }
}

async fn show(shown: Arc<OnceLock<ProgressBar>>, message: String) {
    let begun = Instant::now();
    if std::io::stderr().is_terminal() {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let bar = shown.get_or_init(|| {
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
                .with_elapsed(begun.elapsed())
                .with_message(message)
        });
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        return;
    }
    loop {
        tokio::time::sleep(Duration::from_secs(10)).await;
        anstream::eprintln!("still {message} ({} so far)", took(begun.elapsed()));
    }
}
