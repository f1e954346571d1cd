//! A list comes in pages, as of a cloud that limits how many items an answer has.

use super::site::{Expectation, Site};
use crate::base::json::Value;
use crate::base::{Diagnostic, Node};
use crate::exchange::answered::Answered;
use crate::exchange::ruling::Next;
use crate::message::Query;

/// A list comes in pages.
#[derive(Clone, Copy, Debug)]
pub struct PageFault {
    size: u64,
}

impl PageFault {
    /// Reads `{size: N}`, the most items of an answer.
    ///
    /// # Errors
    /// It is something else.
    pub fn read(node: &Node) -> Result<PageFault, Diagnostic> {
        node.only(&["size"])?;
        let size = node.required("size")?;
        match size.integer()? {
            0 => Err(size.expected("a whole number from 1")),
            number => Ok(PageFault { size: number }),
        }
    }

    /// See [`super::FaultKind::strike`].
    pub fn strike(&self, site: &mut Site<'_, '_>) -> (Answered, Expectation) {
        if let Next::Ask { question, .. } = &mut site.ruling.next {
            limit_to(&mut question.query, self.size);
        }
        let answered = site.served();
        let has_next = answered.response.body.as_ref().is_some_and(tells_next);
        (answered, if has_next { Expectation::NextPage } else { Expectation::Nothing })
    }
}

/// Has at most so many items shown, as a cloud does that limits its pages.
pub fn limit_to(query: &mut Query, size: u64) {
    let asked = query.last("limit").and_then(|limit| limit.parse().ok());
    let is_lower = asked.is_some_and(|limit: u64| (1..=size).contains(&limit));
    if !is_lower {
        query.0.retain(|(name, _)| name != "limit");
        query.0.push(("limit".to_owned(), size.to_string()));
    }
}

/// Does a list name its next page? Glance has `next`, the others a link of that relation beside the list.
fn tells_next(body: &Value) -> bool {
    let Some(fields) = body.as_object() else { return false };
    let is_next = |link: &Value| link.get("rel").and_then(Value::as_str) == Some("next");
    let linked = |(name, value): (&crate::base::json::Name, &Value)| {
        name.as_str().ends_with("_links") && value.as_array().is_some_and(|links| links.iter().any(is_next))
    };
    fields.get("next").is_some_and(Value::is_string) || fields.iter().any(linked)
}
