//! The spinner of a script that runs for longer than a second.

use std::io::IsTerminal as _;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use seedbed_engine::Name;
use tokio::task::JoinHandle;

use crate::output::format_duration;
use crate::print;

/// Shows the running script and its duration. Prints a spinner on a terminal after the first second, and a plain line
/// every ten seconds elsewhere.
#[derive(Debug, Default)]
pub(crate) struct Spinner(Mutex<Option<RunningScript>>);

#[derive(Debug)]
struct RunningScript {
    /// The bar, created when it is first shown. Most scripts end before that, and creating a bar took a quarter of the
    /// time that this program needs for a script.
    bar: Arc<OnceLock<ProgressBar>>,
    task: JoinHandle<()>,
}

impl Spinner {
    /// Starts to show a script, such as `applying m20250303_045013_create_users`.
    pub(crate) fn start(&self, verb: &str, name: &Name) {
        self.stop();
        let bar = Arc::default();
        let task = tokio::spawn(show(Arc::clone(&bar), format!("{verb} {name}")));
        if let Ok(mut running) = self.0.lock() {
            *running = Some(RunningScript { bar, task });
        }
    }

    /// Stops showing the script and clears the spinner.
    pub(crate) fn stop(&self) {
        if let Ok(mut running) = self.0.lock()
            && let Some(RunningScript { bar, task }) = running.take()
        {
            task.abort();
            if let Some(bar) = bar.get() {
                bar.finish_and_clear();
            }
        }
    }

    /// Prints a line on stderr, above the spinner if one is shown.
    pub(crate) fn print_line(&self, line: &str) {
        let print = || print::stderr_line(line);
        match self.0.lock() {
            Ok(running) => match running.as_ref().and_then(|running| running.bar.get()) {
                Some(bar) => bar.suspend(print),
                None => print(),
            },
            Err(_) => print(),
        }
    }
}

/// Shows the progress of a script until the task is aborted.
async fn show(bar: Arc<OnceLock<ProgressBar>>, message: String) {
    let started_at = Instant::now();
    if std::io::stderr().is_terminal() {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let bar = bar.get_or_init(|| {
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
                .with_elapsed(started_at.elapsed())
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
        let elapsed = format_duration(started_at.elapsed());
        print::stderr_line(&format!("still {message} ({elapsed} so far)"));
    }
}
