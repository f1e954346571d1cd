//! Two recordings of one scenario: what differs between them, by contract and type. Ids, times and addresses differ in each run.

mod compare;
mod forms;
mod told;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::diff::compare::{Place, compare};
use super::diff::forms::{Ids, Side};
use crate::base::json::Value;
use crate::contract::Violation;
use crate::recording::Interaction;

/// What two recordings differ in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// How many requests of one were compared with one of the other.
    pub compared: u64,
    /// What differs, by operation.
    pub differences: BTreeMap<String, Vec<Difference>>,
}

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The sequence of the request in the first recording; `None` if it is only in the second.
    pub request_a: Option<u64>,
    /// The sequence of the request in the second recording; `None` if it is only in the first.
    pub request_b: Option<u64>,
    /// The differences.
    pub part: Part,
    /// The JSON pointer in a body.
    pub pointer: String,
    /// What the first has.
    pub a: Option<String>,
    /// What the second has.
    pub b: Option<String>,
}

/// What of a request and its answer differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Only one of the recordings has it.
    Presence,
    /// The query.
    Query,
    /// The body of the request.
    Request,
    /// The status.
    Status,
    /// The body of the answer.
    Answer,
    /// The result of the judge.
    Contract,
}

/// What is compared of an interaction, which has no secrets.
#[derive(Clone, Debug)]
pub struct Taken {
    sequence: u64,
    operation: String,
    is_read: bool,
    method: String,
    path: String,
    query: Vec<String>,
    body: Option<Value>,
    status: u16,
    answer: Option<Value>,
    violations: Vec<Violation>,
}

impl Taken {
    /// What is compared of `interaction`.
    pub fn new(interaction: Interaction) -> Taken {
        let Interaction { request, response, .. } = interaction;
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let mut query: Vec<String> = query.split('&').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        query.sort_unstable();
        let path = path.to_owned();
        let led = interaction.operation.as_deref().map(str::to_owned);
        Taken {
            sequence: interaction.sequence,
            operation: led.unwrap_or_else(|| "requests that matched no operation".to_owned()),
            // A login may be asked as often as one likes, too.
            is_read: matches!(request.method.as_str(), "GET" | "HEAD") || interaction.unauthenticated,
            method: request.method,
            path,
            query,
            body: request.body.filter(|body| !body.is_null()),
            status: response.status,
            answer: response.body,
            violations: interaction.violations,
        }
    }

    /// What it asks, as it was sent.
    fn asked(&self) -> (&str, &str, &[String], Option<String>) {
        (&self.method, &self.path, &self.query, self.body.as_ref().map(Value::to_string))
    }

    /// What it asks, where that is known by name or by an id that both recordings have.
    fn key(&self, ids: &Ids, side: Side) -> String {
        let query = if self.is_read { self.query.join("&") } else { String::new() };
        let body = self.body.as_ref().filter(|_| self.is_read).map(Value::to_string).unwrap_or_default();
        let text = format!("{} {} {}?{query} {body}", self.operation, self.method, self.path);
        ids.canonical(side, &text)
    }
}

impl Diff {
    /// Compares recordings. Writes are compared with the writes of the same operation to the same resource, in order; reads with
    /// the last read of the same between the same writes, as how often a client polls is chance.
    pub fn new(a: &[Taken], b: &[Taken]) -> Diff {
        let mut pairing = Pairing { a, b, known: Ids::default(), ids: Ids::default(), diff: Diff::default() };
        let writes = pairing.writes();
        let of_a = Epochs::new(writes.iter().map(|pair| pair.0));
        let of_b = Epochs::new(writes.iter().map(|pair| pair.1));
        // In the order in which it happened, so that ids are met where they come from.
        for epoch in 0..=writes.len() {
            pairing.reads(&of_a, &of_b, epoch);
            if let Some((one, other)) = writes.get(epoch) {
                pairing.compare(*one, *other);
            }
        }
        pairing.only(&writes);
        pairing.diff
    }

    /// Is it empty?
    pub fn is_empty(&self) -> bool {
        self.differences.is_empty()
    }
}

/// So many requests that look alike are tried for the one that asks the same.
const MOST_ALIKE: usize = 32;

struct Pairing<'t> {
    a: &'t [Taken],
    b: &'t [Taken],
    /// Which id is which by all writes: what is paired goes by it.
    known: Ids,
    /// Which id is which by what was compared so far: what differs is told where it differs first.
    ids: Ids,
    diff: Diff,
}

/// How many of the writes that have a like come before each entry, as places between them.
struct Epochs(Vec<usize>);

impl Epochs {
    fn new(writes: impl Iterator<Item = usize>) -> Epochs {
        let mut places: Vec<usize> = writes.collect();
        places.sort_unstable();
        Epochs(places)
    }

    /// The places of the reads between two writes; of those that ask the same only the last.
    fn last_reads(&self, all: &[Taken], epoch: usize) -> Vec<usize> {
        let start = epoch.checked_sub(1).and_then(|before| self.0.get(before)).map_or(0, |write| write + 1);
        let end = self.0.get(epoch).copied().unwrap_or(all.len());
        let reads = (start..end).filter(|place| all[*place].is_read);
        let last: BTreeMap<_, usize> = reads.map(|place| (all[place].asked(), place)).collect();
        let mut places: Vec<usize> = last.into_values().collect();
        places.sort_unstable();
        places
    }
}

impl Pairing<'_> {
    /// The writes of both, each with its like: the first one of the same operation and resource that asks the same, or else the
    /// first one.
    fn writes(&mut self) -> Vec<(usize, usize)> {
        let (mut pairs, mut ids, nothing) = (Vec::new(), Ids::default(), Ids::default());
        let mut free: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, entry) in self.b.iter().enumerate().filter(|(_, entry)| !entry.is_read) {
            free.entry(entry.key(&nothing, Side::B)).or_default().push(place);
        }
        for (one, a) in self.a.iter().enumerate().filter(|(_, entry)| !entry.is_read) {
            let Some(free) = free.get_mut(&a.key(&nothing, Side::A)) else { continue };
            let key = a.key(&ids, Side::A);
            let fits = |place: &usize| self.b[*place].key(&ids, Side::B) == key;
            let fitting: Vec<usize> = free.iter().copied().filter(fits).take(MOST_ALIKE).collect();
            let asks_the_same =
                |place: &&usize| compare(&mut ids.clone(), a.body.as_ref(), self.b[**place].body.as_ref()).is_empty();
            let same = (fitting.len() > 1).then(|| fitting.iter().find(asks_the_same)).flatten();
            let Some(other) = same.or(fitting.first()).copied() else { continue };
            free.retain(|place| *place != other);
            let b = &self.b[other];
            ids.same(&a.path, &b.path);
            compare(&mut ids, a.body.as_ref(), b.body.as_ref());
            compare(&mut ids, a.answer.as_ref(), b.answer.as_ref());
            pairs.push((one, other));
        }
        self.known = ids;
        pairs
    }

    /// Compares what was read between two writes: what was read last of each.
    fn reads(&mut self, of_a: &Epochs, of_b: &Epochs, epoch: usize) {
        for one in of_a.last_reads(self.a, epoch) {
            // What was compared so far tells more ids.
            let key = self.a[one].key(&self.known, Side::A);
            let is_like = |other: &usize| self.b[*other].key(&self.known, Side::B) == key;
            if let Some(other) = of_b.last_reads(self.b, epoch).into_iter().rev().find(is_like) {
                let (a, b) = (&self.a[one], &self.b[other]);
                self.known.same(&a.path, &b.path);
                compare(&mut self.known, a.answer.as_ref(), b.answer.as_ref());
                self.compare(one, other);
            }
        }
    }

    fn compare(&mut self, one: usize, other: usize) {
        let (a, b) = (&self.a[one], &self.b[other]);
        self.diff.compared += 1;
        self.ids.same(&a.path, &b.path);
        let mut found: Vec<(Part, Place)> = Vec::new();
        let bare = |a: String, b: String| Place { pointer: String::new(), a: Some(a), b: Some(b) };
        if !self.ids.same(&a.query.join("&"), &b.query.join("&")) {
            found.push((Part::Query, bare(a.query.join("&"), b.query.join("&"))));
        }
        let of = |part| move |place| (part, place);
        found.extend(compare(&mut self.ids, a.body.as_ref(), b.body.as_ref()).into_iter().map(of(Part::Request)));
        let is_another_status = a.status != b.status;
        if is_another_status {
            found.push((Part::Status, bare(a.status.to_string(), b.status.to_string())));
        }
        let answers = compare(&mut self.ids, a.answer.as_ref(), b.answer.as_ref());
        // An answer of another status has nothing to be compared with.
        found.extend(answers.into_iter().filter(|_| !is_another_status).map(of(Part::Answer)));
        found.extend(contracts(&a.violations, &b.violations).into_iter().map(of(Part::Contract)));
        for (part, Place { pointer, a: of_a, b: of_b }) in found {
            let (request_a, request_b) = (Some(a.sequence), Some(b.sequence));
            self.add(&a.operation, Difference { request_a, request_b, part, pointer, a: of_a, b: of_b });
        }
    }

    /// Tells what only one of them has: writes without a like, and reads that the other did not ask at all.
    fn only(&mut self, writes: &[(usize, usize)]) {
        for (side, own, others) in [(Side::A, self.a, self.b), (Side::B, self.b, self.a)] {
            let other_side = if side == Side::A { Side::B } else { Side::A };
            let of_others = others.iter().filter(|entry| entry.is_read);
            let mut met: BTreeSet<String> = of_others.map(|entry| entry.key(&self.known, other_side)).collect();
            let paired: BTreeSet<usize> = writes.iter().map(|(a, b)| if side == Side::A { *a } else { *b }).collect();
            for (place, entry) in own.iter().enumerate() {
                let is_met = match entry.is_read {
                    true => !met.insert(entry.key(&self.known, side)),
                    false => paired.contains(&place),
                };
                if !is_met {
                    self.add(&entry.operation, entry.only(side));
                }
            }
        }
    }

    fn add(&mut self, operation: &str, difference: Difference) {
        self.diff.differences.entry(operation.to_owned()).or_default().push(difference);
    }
}

impl Taken {
    fn only(&self, side: Side) -> Difference {
        let told = Some(format!("{} {}", self.method, self.path));
        let (part, pointer) = (Part::Presence, String::new());
        match side {
            Side::A => Difference { request_a: Some(self.sequence), request_b: None, part, pointer, a: told, b: None },
            Side::B => Difference { request_a: None, request_b: Some(self.sequence), part, pointer, a: None, b: told },
        }
    }
}

/// What the judge says of one and not of the other.
fn contracts(a: &[Violation], b: &[Violation]) -> Vec<Place> {
    let all = |violations: &[Violation]| -> BTreeSet<(String, String)> {
        violations
            .iter()
            .map(|violation| (violation.pointer.to_string(), violation.code.row().name.to_owned()))
            .collect()
    };
    let (a, b) = (all(a), all(b));
    let place = |(pointer, code): &(String, String), is_a: bool| Place {
        pointer: pointer.clone(),
        a: is_a.then(|| code.clone()),
        b: (!is_a).then(|| code.clone()),
    };
    a.difference(&b).map(|own| place(own, true)).chain(b.difference(&a).map(|own| place(own, false))).collect()
}
