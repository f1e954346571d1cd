//! What is done to a server is recorded: Nova lists it as an instance action.

use crate::cloud::store::{Cloud, InstanceAction};
use crate::cloud::verb::Ask;

impl Cloud {
    /// Records what `ask` does to `server`, under the name of the action and of its event; an action without a name is not listed.
    pub(in crate::cloud) fn record_action(&mut self, ask: &Ask<'_>, server: &str, names: (&'static str, &'static str)) {
        if !names.0.is_empty() {
            let action = InstanceAction::new(names, ask.request_id, ask.caller, self.clock.now());
            self.history.record(server, action);
        }
    }
}
