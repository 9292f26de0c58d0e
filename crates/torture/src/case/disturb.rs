//! Disturbs the runners of a case.

use std::time::Duration;

use rustix::process::Signal;
use tokio::time::{Instant, sleep, sleep_until};

use super::Run;
use crate::plan::{Disturbance, Moment, PlannedDisturbance};
use crate::runner::MigratorProcess;
use crate::server::Outage;

impl Run<'_> {
    /// Waits for the planned moment, and disturbs a runner or the server. Returns false if the disturbance came too late.
    pub(super) async fn disturb(
        &self,
        planned: PlannedDisturbance,
        runners: &[MigratorProcess],
        started_at: Instant,
    ) -> anyhow::Result<bool> {
        let duration = self.world.undisturbed.duration(self.command, self.case.start);
        let server = &self.world.server;
        let all_ended = || runners.iter().all(MigratorProcess::has_ended);
        match planned.moment {
            Moment::Part(part) => sleep_until(started_at + duration.mul_f64(part)).await,
            Moment::Reported => {
                while !all_ended() {
                    sleep(Duration::from_millis(1)).await;
                }
                // Only an immediate restart is planned for this moment.
                return server.take_down(Outage::Immediate, || true).await;
            }
        }
        // An attempt may have fewer runners than planned.
        let runner = &runners[planned.runner % runners.len()];
        let signal = |signal| {
            // The state is read before the signal, which may end the runner at once.
            let was_running = !runner.has_ended();
            runner.signal(signal);
            Ok(was_running)
        };
        let outage = match planned.disturbance {
            Disturbance::Kill => return signal(Signal::KILL),
            Disturbance::Terminate => return signal(Signal::TERM),
            Disturbance::Interrupt => return signal(Signal::INT),
            Disturbance::EndSession => {
                while !all_ended() {
                    if self.end_session().await? {
                        return Ok(true);
                    }
                    sleep(Duration::from_millis(2)).await;
                }
                return Ok(false);
            }
            Disturbance::RestartImmediately => Outage::Immediate,
            Disturbance::RestartFast => Outage::Fast,
            Disturbance::CrashServer => Outage::Crash { database_number: self.case.number },
        };
        while !all_ended() {
            if server.take_down(outage, || !all_ended()).await? {
                return Ok(true);
            }
            sleep(Duration::from_millis(2)).await;
        }
        Ok(false)
    }

    /// Ends one session of the database. Returns whether there was a session.
    async fn end_session(&self) -> anyhow::Result<bool> {
        let _up_guard = self.world.server.stay_up().await;
        let sessions = self.world.server.sessions(&self.database).await?;
        let Some(pid) = sessions.first() else { return Ok(false) };
        let sql = format!("SELECT pg_terminate_backend({})", pid.as_raw_nonzero());
        self.world.server.administer([sql]).await?;
        Ok(true)
    }
}
