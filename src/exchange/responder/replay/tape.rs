//! What was recorded, and how much of it was asked again.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;

use super::key::Key;
use crate::base::json::Value;
use crate::base::with_texts;

/// A recorded interaction.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its sequence in the recording.
    pub sequence: u64,
    /// What it asked, as people read it: `POST /compute/v2.1/servers`.
    pub target: String,
    /// What it asked.
    pub key: Key,
    /// Does it change something? Logins do not.
    pub is_write: bool,
    /// Does it take something away?
    pub is_delete: bool,
    /// What it was answered.
    pub status: u16,
    /// The header lines of the answer.
    pub headers: Vec<(String, String)>,
    /// The body of the answer.
    pub body: Option<Value>,
    /// Was the body of the answer too large to be kept?
    pub is_gone: bool,
    /// Where the cloud was: `http://HOST:PORT`.
    pub origin: String,
    /// How often it was sent.
    pub asked: u64,
}

/// Why a request has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Miss {
    /// No such request was recorded.
    Unknown,
    /// It was recorded once, and was asked already.
    Repeated(usize),
    /// It was recorded after a write that was not asked yet: its place, and that of the write.
    TooEarly(usize, usize),
    /// What it is about was deleted: its place, and that of the deletion.
    Gone(usize, usize),
}

/// An entry that answers a request.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    place: usize,
    /// What is polled, if it is a read.
    poll: Option<(usize, usize)>,
}

/// The recording, and how far it is.
#[derive(Clone, Debug, Default)]
pub struct Tape {
    entries: Vec<Entry>,
    by_key: HashMap<Key, Vec<usize>>,
    /// The writes that must be asked before an entry.
    before: Vec<Vec<usize>>,
    /// All writes that change what a read tells.
    about: Vec<Vec<usize>>,
    /// How often a read was asked since the last of the writes before it.
    polls: BTreeMap<(usize, usize), usize>,
}

impl Tape {
    /// A tape of `entries`, in the order in which they were recorded.
    pub fn new(entries: Vec<Entry>) -> Tape {
        let mut by_key: HashMap<Key, Vec<usize>> = HashMap::default();
        for (place, entry) in entries.iter().enumerate() {
            by_key.entry(entry.key.clone()).or_default().push(place);
        }
        let order = Order::new(&entries);
        let before = (0..entries.len()).map(|place| order.before(place)).collect();
        let about = (0..entries.len()).map(|place| order.about(place)).collect();
        Tape { entries, by_key, before, about, polls: BTreeMap::new() }
    }

    /// All entries.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry that answers a request of `key`.
    ///
    /// # Errors
    /// None does.
    pub fn ask(&mut self, key: &Key) -> Result<&Entry, Miss> {
        let Found { place, poll } = self.find(key)?;
        if let Some(poll) = poll {
            *self.polls.entry(poll).or_default() += 1;
        }
        self.entries[place].asked += 1;
        Ok(&self.entries[place])
    }

    /// As [`Tape::ask`], but nothing is asked yet.
    ///
    /// # Errors
    /// None does.
    pub fn find(&self, key: &Key) -> Result<Found, Miss> {
        let places = self.by_key.get(key).map_or(&[][..], Vec::as_slice);
        let first = *places.first().ok_or(Miss::Unknown)?;
        if self.entries[first].is_write {
            self.write(places).map(|place| Found { place, poll: None })
        } else {
            self.read(places)
        }
    }

    /// Writes are used once, in the order in which they were recorded for each resource.
    fn write(&self, places: &[usize]) -> Result<usize, Miss> {
        let unused = || places.iter().copied().filter(|place| self.entries[*place].asked == 0);
        let next = unused().find(|place| self.lacking(*place).is_none());
        next.ok_or_else(|| match unused().next() {
            Some(place) => Miss::TooEarly(place, self.lacking(place).unwrap_or(place)),
            None => Miss::Repeated(places.last().copied().unwrap_or_default()),
        })
    }

    /// The first write that must be asked before the entry and was not.
    fn lacking(&self, place: usize) -> Option<usize> {
        self.before[place].iter().copied().find(|write| self.entries[*write].asked == 0)
    }

    /// Reads may be asked again; they tell of the state that the writes made which were asked so far, as nearly as it was
    /// recorded, and advance with each time they are asked: a server that is built becomes active.
    fn read(&self, places: &[usize]) -> Result<Found, Miss> {
        let first = places.first().copied().unwrap_or_default();
        let reachable: Vec<usize> = places.iter().copied().filter(|place| self.lacking(*place).is_none()).collect();
        let gone = |place: &usize| self.deletion_after(*place);
        let Some(nearest) = reachable
            .iter()
            .copied()
            .filter(|place| gone(place).is_none())
            .max_by_key(|place| (self.nearness(*place), *place))
        else {
            return Err(match reachable.last() {
                Some(place) => Miss::Gone(*place, gone(place).unwrap_or(*place)),
                None => Miss::TooEarly(first, self.lacking(first).unwrap_or(first)),
            });
        };
        let epoch = self.writes_before(nearest);
        let alike: Vec<usize> = reachable.into_iter().filter(|place| self.writes_before(*place) == epoch).collect();
        let polls = self.polls.get(&(first, epoch)).copied().unwrap_or_default();
        let place = alike.get(polls).or(alike.last()).copied().unwrap_or(nearest);
        Ok(Found { place, poll: Some((first, epoch)) })
    }

    /// A deletion of what the read is about that was asked and recorded later.
    fn deletion_after(&self, read: usize) -> Option<usize> {
        let parameters = &self.entries[read].key.parameters;
        let is_deletion = |write: &usize| {
            let write = &self.entries[*write];
            write.is_delete && write.asked > 0 && write.key.parameters.last().is_some_and(|id| parameters.contains(id))
        };
        self.about[read].iter().copied().filter(|write| *write > read).find(is_deletion)
    }

    fn writes_before(&self, read: usize) -> usize {
        self.about[read].iter().filter(|write| **write < read).count()
    }

    /// How much of the state that the read told of is there: the writes before it that were asked, less those that were not, less
    /// those after it that were.
    fn nearness(&self, read: usize) -> i64 {
        let near = |write: &usize| match (*write < read, self.entries[*write].asked > 0) {
            (true, true) => 1,
            (true, false) | (false, true) => -1,
            (false, false) => 0,
        };
        self.about[read].iter().map(near).sum()
    }

    /// The recorded writes that were not sent.
    pub fn unasked(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.is_write && entry.asked == 0)
    }
}

/// Which entries depend on which, by the ids of resources.
struct Order<'e> {
    entries: &'e [Entry],
    /// The ids that an entry is about: those of its path, and of what it created.
    touched: Vec<BTreeSet<String>>,
    /// The ids that its body names.
    named: Vec<BTreeSet<String>>,
    created: HashMap<String, usize>,
    touching: HashMap<String, Vec<usize>>,
    naming: HashMap<String, Vec<usize>>,
    by_resource: HashMap<String, Vec<usize>>,
}

impl<'e> Order<'e> {
    fn new(entries: &'e [Entry]) -> Order<'e> {
        let mut order = Order {
            entries,
            touched: Vec::new(),
            named: Vec::new(),
            created: HashMap::default(),
            touching: HashMap::default(),
            naming: HashMap::default(),
            by_resource: HashMap::default(),
        };
        for (place, entry) in entries.iter().enumerate() {
            let mut touched: BTreeSet<String> = entry.key.parameters.iter().cloned().collect();
            if entry.is_write && entry.status < 400 {
                for id in entry.body.as_ref().map(created).unwrap_or_default() {
                    order.created.entry(id.clone()).or_insert(place);
                    touched.insert(id);
                }
            }
            let mut named = BTreeSet::new();
            texts(&entry.key.json(), &mut named);
            named.retain(|text| order.created.contains_key(text));
            if entry.is_write {
                touched.iter().for_each(|id| order.touching.entry(id.clone()).or_default().push(place));
                named.iter().for_each(|id| order.naming.entry(id.clone()).or_default().push(place));
                order.by_resource.entry(resource(&entry.key.operation).to_owned()).or_default().push(place);
            }
            order.touched.push(touched);
            order.named.push(named);
        }
        order
    }

    /// What must be asked before the entry.
    fn before(&self, place: usize) -> Vec<usize> {
        let entry = &self.entries[place];
        let creators =
            self.touched[place].iter().chain(&self.named[place]).filter_map(|id| self.created.get(id)).copied();
        let mut before: BTreeSet<usize> = creators.filter(|other| *other < place).collect();
        let earlier = |places: Option<&Vec<usize>>| -> Vec<usize> {
            places.into_iter().flatten().copied().filter(|other| *other < place).collect()
        };
        if entry.is_write {
            let touched = || self.touched[place].iter();
            before.extend(touched().flat_map(|id| earlier(self.touching.get(id))));
            // Who uses what is deleted comes before the deletion.
            let deleted = touched().filter(|_| entry.is_delete);
            before.extend(deleted.flat_map(|id| earlier(self.naming.get(id))));
        }
        before.into_iter().collect()
    }

    /// The writes that change what the read tells: those of its resource, or of all of its kind if it names none.
    fn about(&self, place: usize) -> Vec<usize> {
        if self.entries[place].is_write {
            return Vec::new();
        }
        let touched = &self.touched[place];
        let of_ids = touched.iter().flat_map(|id| self.touching.get(id)).flatten().copied();
        let about: BTreeSet<usize> = match touched.is_empty() {
            false => of_ids.collect(),
            true => self
                .by_resource
                .get(resource(&self.entries[place].key.operation))
                .into_iter()
                .flatten()
                .copied()
                .collect(),
        };
        about.into_iter().collect()
    }
}

/// `compute.servers` of `compute.servers.action.reboot`.
fn resource(operation: &str) -> &str {
    let end = operation.match_indices('.').nth(1).map_or(operation.len(), |(at, _)| at);
    &operation[..end]
}

/// The ids of what an answer created: `{"server": {"id": …}}`, or the name of what has no id.
pub fn created(body: &Value) -> Vec<String> {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let of = |value: &Value| text(value, "id").or_else(|| text(value, "name"));
    let inner = body.as_object().into_iter().flatten().flat_map(|(_, value)| match value {
        Value::Array(items) => items.iter().filter_map(of).collect(),
        value => of(value).into_iter().collect::<Vec<_>>(),
    });
    text(body, "id").into_iter().chain(inner).collect()
}

/// All texts in `value`.
pub fn texts(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            found.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(map) => map.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

impl Entry {
    /// Its name in messages: `request 7 (DELETE /compute/v2.1/servers/…)`.
    pub fn told(&self) -> String {
        format!("request {} ({})", self.sequence, self.target)
    }

    /// The body of its answer, with `change` made to each of its texts.
    pub fn answer(&self, mut change: impl FnMut(&str) -> String) -> Option<Value> {
        self.body.as_ref().map(|body| with_texts(body, &mut change))
    }
}
