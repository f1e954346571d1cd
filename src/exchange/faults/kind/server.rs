//! The server does not become active, or late, or does not stay so.

use super::site::{Expectation, Site, id_told};
use crate::base::{Diagnostic, Node};
use crate::cloud::{Affliction, Pace};
use crate::exchange::answered::Answered;
use crate::exchange::ruling::Next;

/// The server does not become active, or late, or does not stay so.
#[derive(Clone, Debug)]
pub struct ServerFault {
    /// How long it takes, if not as long as the fixture says.
    pace: Option<Pace>,
    affliction: Option<Affliction>,
}

impl ServerFault {
    /// Reads `{fails: TEXT, after: POLLS}` (ERROR with that fault while it builds; with `after` so many polls later than ACTIVE), or
    /// `{stuck: true}` (BUILD for ever); beside or instead of them `{polls: N}` or `{seconds: N}`, how long it takes.
    ///
    /// # Errors
    /// It is something else.
    pub fn read(node: &Node) -> Result<ServerFault, Diagnostic> {
        node.only(&["fails", "after", "stuck", "polls", "seconds"])?;
        let pace = Pace::among(node)?;
        let fails = node.optional("fails")?;
        let after = node.get("after").map(Node::integer).transpose()?;
        let affliction = match (fails, after, node.get("stuck").map_or(Ok(false), Node::boolean)?) {
            (Some(message), None, false) => Some(Affliction::Fails { message }),
            (Some(message), Some(polls), false) => Some(Affliction::FailsLater { message, polls }),
            (None, None, true) if pace.is_none() => Some(Affliction::Stuck),
            (None, None, false) if pace.is_some() => None,
            _ => return Err(node.expected("fails, fails and after, stuck, or how long it takes (polls or seconds)")),
        };
        Ok(ServerFault { pace, affliction })
    }

    /// See [`super::FaultKind::strike`].
    pub fn strike(&self, site: &mut Site<'_, '_>) -> (Answered, Expectation) {
        if let Next::Ask { question, .. } = &mut site.ruling.next {
            question.pace = self.pace;
        }
        let answered = site.served();
        // A boot may make several.
        let made = answered.made.iter().filter(|made| &*made.collection == "servers");
        let mut ids: Vec<String> = made.map(|made| made.key.to_string()).collect();
        if ids.is_empty() {
            let named = site.question().and_then(|question| question.parameters.first().cloned());
            ids.extend(id_told(&answered).or(named));
        }
        let Some(id) = ids.first().cloned() else { return (answered, Expectation::Nothing) };
        for (id, affliction) in ids.iter().flat_map(|id| self.affliction.iter().map(move |own| (id, own))) {
            site.change(|cloud| cloud.afflict(id, affliction));
        }
        let stops = !matches!(self.affliction, None | Some(Affliction::Stuck));
        (answered, if stops { Expectation::StopAtError(id) } else { Expectation::Nothing })
    }
}
