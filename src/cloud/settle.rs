//! What is due happens, also if no client looks.

use super::store::Cloud;
use super::table::resource_type;

impl Cloud {
    /// Applies all changes that are due. Nobody has looked, so what waits for looks goes on waiting.
    pub fn settle(&mut self) {
        self.in_each_region(Cloud::settle_here);
    }

    fn settle_here(&mut self) {
        let waiting = self.collections.iter().flat_map(|(name, all)| {
            let waiting = all.iter().filter(|resource| resource.pending.is_some());
            waiting.map(|resource| (name.to_owned(), resource.id.clone())).collect::<Vec<_>>()
        });
        for (name, id) in waiting.collect::<Vec<_>>() {
            (resource_type(&name).advance)(self, &id, false);
        }
    }
}
