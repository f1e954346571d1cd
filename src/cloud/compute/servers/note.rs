//! What was done to a server is noted.

use crate::cloud::store::{Cloud, Deed};
use crate::cloud::verb::Ask;

impl Cloud {
    /// Notes what `ask` does to `server`, unless it has no name.
    pub(in crate::cloud) fn note(&mut self, ask: &Ask<'_>, server: &str, noted: (&'static str, &'static str)) {
        if !noted.0.is_empty() {
            let deed = Deed::new(noted, ask.request_id, ask.caller, self.clock.now());
            self.history.note(server, deed);
        }
    }
}
