//! Where a fault happens: what its kind may look at and use.

use std::time::Duration;

use crate::base::json::Value;
use crate::cloud::Cloud;
use crate::contract::{Contracts, Dialect};
use crate::exchange::answered::Answered;
use crate::exchange::call::Call;
use crate::exchange::responder::Responder;
use crate::exchange::ruling::{Next, Question, Ruling};
use crate::exchange::sequence::Sequence;
use crate::message::Response;

/// A request that a fault befalls, and who would answer it.
#[derive(Debug)]
pub struct Site<'s, 'c> {
    /// The contracts.
    pub contracts: &'c Contracts,
    /// The request.
    pub call: &'s Call<'c>,
    /// The ruling on it.
    pub ruling: &'s mut Ruling<'c>,
    /// Who answers.
    pub responder: &'s Responder,
    /// The places of the recording.
    pub sequence: &'s Sequence,
}

/// What a client should do after a fault, or should not.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Expectation {
    /// Nothing that could be judged.
    #[default]
    Nothing,
    /// To ask again: after so long, if the answer said so.
    Retry(Option<Duration>),
    /// Not to create the same once more while that is there which has the id.
    NoSecond(String),
    /// To log in again.
    NewToken,
    /// To stop polling the server of that id once it shows ERROR.
    StopAtError(String),
    /// To ask for the next page.
    NextPage,
    /// That what has the id cannot be read so many times.
    Hidden(String, u64),
}

impl Site<'_, '_> {
    /// The answer of the responder, as if nothing were wrong.
    pub fn served(&self) -> Answered {
        self.responder.answer(self.contracts, self.call, self.ruling, self.sequence)
    }

    /// `response` in place of an answer of the responder, who is not asked.
    pub fn instead(&self, response: Response) -> Answered {
        Answered { response, sequence: self.sequence.next(), ..Answered::default() }
    }

    /// What the cloud would be asked.
    pub fn question(&self) -> Option<&Question<'_>> {
        match &self.ruling.next {
            Next::Ask { question, .. } => Some(question),
            Next::Answer(_) => None,
        }
    }

    /// The dialect of the service.
    pub fn dialect(&self) -> Dialect {
        self.ruling.target.contract.map_or(Dialect::Keystone, |contract| contract.service.dialect)
    }

    /// Does the request create something?
    pub fn is_create(&self) -> bool {
        self.call.request.method == "POST" && self.question().is_some_and(|question| question.parameters.is_empty())
    }

    /// Changes the simulated cloud, if there is one.
    pub fn change<T>(&self, change: impl FnOnce(&mut Cloud) -> T) -> Option<T> {
        self.responder.cloud().map(|mut cloud| change(&mut cloud))
    }
}

/// The id of the one resource that an answer shows.
pub fn id_told(answered: &Answered) -> Option<String> {
    answered.response.body.as_ref().and_then(id_in).map(str::to_owned)
}

/// The id of the one resource in `body`: that of `{"server": {"id": …}}`, or of the object itself.
fn id_in(body: &Value) -> Option<&str> {
    let own = |object: &Value| object.get("id").and_then(Value::as_str).map(str::len).is_some();
    let inner = body.as_object().filter(|object| object.len() == 1).and_then(|object| object.values().next());
    let object = inner.filter(|inner| own(inner)).unwrap_or(body);
    object.get("id").and_then(Value::as_str)
}
