//! From a recording to an entry: of requests that ask alike the first is left.

use super::entry::{About, Entry};
use crate::recording::{Alike, Header, to_line};

/// The entry of a recording that begins with `header` and has these `kinds` of requests; `release` is that of its cloud. `None`: it has no
/// request.
pub fn collapsed(
    (client, client_version, release): (&str, &str, &str),
    header: &Header,
    kinds: Vec<Alike>,
) -> Option<Entry> {
    let about = About {
        client: client.to_owned(),
        client_version: client_version.to_owned(),
        release: release.to_owned(),
        time: kinds.iter().map(|kind| kind.first.time).min()?,
        requests: kinds.iter().map(|kind| kind.times).sum(),
        kinds: kinds.len() as u64,
    };
    let mut lines = to_line(header);
    for (mut kind, sequence) in kinds.into_iter().zip(1..) {
        kind.first.sequence = sequence;
        lines.extend(to_line(&kind.first));
    }
    Some(Entry::new(about, lines))
}
