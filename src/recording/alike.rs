//! The requests of a recording, those that ask alike put together: what a hundred thousand lines ask is mostly the same.

use std::fs::File;
use std::hash::BuildHasher;
use std::io;
use std::path::Path;

use foldhash::fast::FixedState;
use foldhash::{HashMap, HashMapExt};
use memchr::memchr;
use memchr::memmem::Finder;

use super::format::{Interaction, Line};
use crate::base::open_file;
use crate::base::platform::{read_at, read_exact_at};

/// Requests that ask alike: the first of them, and how many there are. They differ in ids, in numbers at the end of names, and in
/// placeholders of secrets alone.
#[derive(Clone, Debug)]
pub struct Alike {
    /// The first.
    pub first: Box<Interaction>,
    /// How many.
    pub times: u64,
}

/// A key for each line, which is the same for requests that ask alike.
pub struct Keys {
    hasher: FixedState,
    request: Finder<'static>,
    answer: Finder<'static>,
    complaints: Finder<'static>,
    masked: Vec<u8>,
    /// Keys of requests that were met to the byte.
    met: HashMap<u64, u64>,
}

impl Default for Keys {
    fn default() -> Keys {
        Keys {
            hasher: FixedState::default(),
            request: Finder::new(b",\"request\":{\"method\":"),
            answer: Finder::new(b",\"response\":{\"status\":"),
            complaints: Finder::new(b",\"violations\":"),
            masked: Vec::new(),
            met: HashMap::new(),
        }
    }
}

impl Keys {
    /// The key of an interaction's line: its complaints and its request, without what differs in every run.
    pub fn of(&mut self, line: &[u8]) -> u64 {
        let asked = self.asked(line).unwrap_or(line);
        let exact = self.hasher.hash_one(asked);
        if let Some(key) = self.met.get(&exact) {
            return *key;
        }
        self.masked.clear();
        mask(asked, &mut self.masked);
        let key = self.hasher.hash_one(self.masked.as_slice());
        self.met.insert(exact, key);
        key
    }

    /// From the complaints to the answer; `None` where that cannot be told without reading the line.
    fn asked<'l>(&self, line: &'l [u8]) -> Option<&'l [u8]> {
        let start = self.complaints.find(line)?;
        let request = start + self.request.find(line.get(start..)?)?;
        let rest = line.get(request..)?;
        let answer = self.answer.find(rest)?;
        // A body, of the request or of the answer, may have the same key.
        let after = rest.get(answer + 1..)?;
        self.answer.find(after).is_none().then(|| line.get(start..request + answer)).flatten()
    }
}

/// Copies `text`, of which keys stay as they are, without its UUIDs, ids of 32 hexadecimal digits, numbers after `-` or `_`, and numbers of placeholders.
fn mask(text: &[u8], out: &mut Vec<u8>) {
    let (mut place, mut before) = (0, b' ');
    while let Some(&byte) = text.get(place) {
        let rest = &text[place..];
        let length = match byte {
            b'0'..=b'9' | b'a'..=b'f' if !before.is_ascii_alphanumeric() => {
                id(rest).or_else(|| number(before, rest)).filter(|_| !is_in_key(rest))
            }
            _ => None,
        };
        match length {
            Some(length) => {
                out.push(b'#');
                (place, before) = (place + length, b'#');
            }
            None => {
                out.push(byte);
                (place, before) = (place + 1, byte);
            }
        }
    }
}

/// Is `text` the end of a key? One field is not like another.
fn is_in_key(text: &[u8]) -> bool {
    memchr(b'"', text).is_some_and(|quote| text.get(quote + 1) == Some(&b':'))
}

/// The length of the id at the start of `text`, if there is one.
fn id(text: &[u8]) -> Option<usize> {
    const UUID: usize = 36;
    const HEX: usize = 32;
    let is_hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let ends = |length: usize| text.get(length).is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-');
    let is_of_uuid = |(place, byte): (usize, &u8)| match place {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => is_hex(byte),
    };
    if text.get(8) == Some(&b'-') {
        let is_one = text.get(..UUID)?.iter().enumerate().all(is_of_uuid);
        return (is_one && ends(UUID)).then_some(UUID);
    }
    (text.get(..HEX)?.iter().all(is_hex) && ends(HEX)).then_some(HEX)
}

/// The length of the number at the start of `text`, if what is `before` it, or follows it, makes it one that only counts.
fn number(before: u8, text: &[u8]) -> Option<usize> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let counts = matches!(before, b'-' | b'_') || (before == b' ' && text.get(length) == Some(&b']'));
    (counts && length > 0).then_some(length)
}

/// Requests that ask alike, at a place of the file.
struct Group {
    at: u64,
    length: usize,
    sequence: u64,
    times: u64,
}

/// A part of the file, read by one thread.
#[derive(Default)]
struct Portion {
    groups: HashMap<u64, Group>,
    /// The first and the last sequence number.
    sequences: Option<(u64, u64)>,
    /// What the last line says, if it is the end of a run: how many interactions there are.
    ended: Option<u64>,
}

/// The requests of the recording at `path` in the order of the first of each kind. `None`: it is not a recording that is complete
/// to the last line, and has to be read by a [`Reader`](super::Reader), which tells why.
pub fn alike(path: &Path, threads: usize) -> Option<Vec<Alike>> {
    let file = open_file(path).ok()?;
    let length = file.metadata().ok()?.len();
    let start = after_line(&file, 0)?;
    let cut = |part: usize| -> Option<u64> {
        let place = start + (length - start) / threads as u64 * part as u64;
        if part == 0 {
            Some(start)
        } else if part == threads {
            Some(length)
        } else {
            after_line(&file, place)
        }
    };
    let cuts = (0..=threads).map(cut).collect::<Option<Vec<_>>>()?;
    let portions = std::thread::scope(|scope| {
        let work: Vec<_> = cuts.windows(2).map(|ends| scope.spawn(|| portion(&file, ends[0], ends[1]))).collect();
        work.into_iter().map(|work| work.join().ok().flatten()).collect::<Option<Vec<_>>>()
    })?;
    together(&file, portions)
}

/// The place after the first newline from `from` on.
fn after_line(file: &File, from: u64) -> Option<u64> {
    let mut buffer = vec![0; 64 << 10];
    let mut place = from;
    loop {
        let read = read_at(file, &mut buffer, place).ok().filter(|read| *read > 0)?;
        match memchr(b'\n', &buffer[..read]) {
            Some(end) => return Some(place + end as u64 + 1),
            None => place += read as u64,
        }
    }
}

/// The groups of the lines from `start` to `end`.
fn portion(file: &File, start: u64, end: u64) -> Option<Portion> {
    const MOST: usize = 1 << 20;
    let (mut portion, mut keys) = (Portion::default(), Keys::default());
    let (mut buffer, mut kept, mut place) = (vec![0; MOST], 0, start);
    while place + (kept as u64) < end {
        if kept == buffer.len() {
            buffer.resize(kept * 2, 0);
        }
        let most = usize::try_from(end - place).unwrap_or(usize::MAX).min(buffer.len());
        let read = read_at(file, &mut buffer[kept..most], place + kept as u64).ok().filter(|read| *read > 0)?;
        let (whole, mut at) = (kept + read, 0);
        while let Some(length) = memchr(b'\n', &buffer[at..whole]) {
            portion.take(&mut keys, &buffer[at..at + length], place + at as u64)?;
            at += length + 1;
        }
        buffer.copy_within(at..whole, 0);
        (kept, place) = (whole - at, place + at as u64);
    }
    (kept == 0).then_some(portion)
}

impl Portion {
    /// Takes the next line; `None` if it is not the next.
    fn take(&mut self, keys: &mut Keys, line: &[u8], at: u64) -> Option<()> {
        if self.ended.is_some() {
            return None;
        }
        let Some(rest) = line.strip_prefix(b"{\"sequence\":") else {
            let Ok(Line::End(end)) = Line::read(line) else { return None };
            self.ended = Some(end.requests?);
            return Some(());
        };
        let digits = memchr(b',', rest)?;
        let sequence: u64 = std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()?;
        let (first, last) = self.sequences.unwrap_or((sequence, sequence.wrapping_sub(1)));
        if sequence != last.wrapping_add(1) {
            return None;
        }
        self.sequences = Some((first, sequence));
        let group = || Group { at, length: line.len(), sequence, times: 0 };
        self.groups.entry(keys.of(line)).or_insert_with(group).times += 1;
        Some(())
    }
}

/// The groups of all portions, if they follow each other and the last has the end.
fn together(file: &File, portions: Vec<Portion>) -> Option<Vec<Alike>> {
    let (mut groups, mut last, mut ended): (HashMap<u64, Group>, u64, Option<u64>) = (HashMap::new(), 0, None);
    for portion in portions {
        if let Some((first, until)) = portion.sequences {
            if ended.is_some() || first != last + 1 {
                return None;
            }
            last = until;
        }
        ended = ended.or(portion.ended);
        for (key, group) in portion.groups {
            match groups.get_mut(&key) {
                Some(own) => own.times += group.times,
                None => drop(groups.insert(key, group)),
            }
        }
    }
    let mut groups: Vec<Group> = groups.into_values().filter(|_| ended == Some(last)).collect();
    groups.sort_by_key(|group| group.sequence);
    let read = |group: Group| {
        let first = line_at(file, &group).ok()?;
        Some(Alike { first, times: group.times })
    };
    (ended == Some(last)).then(|| groups.into_iter().map(read).collect())?
}

fn line_at(file: &File, group: &Group) -> io::Result<Box<Interaction>> {
    let mut line = vec![0; group.length];
    read_exact_at(file, &mut line, group.at)?;
    match Line::read(&line) {
        Ok(Line::Interaction(interaction)) => Ok(interaction),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}
