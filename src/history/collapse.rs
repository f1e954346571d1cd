//! From a recording to an entry: of requests that ask alike the first is left.

use std::collections::HashSet;

use super::entry::{About, Entry};
use crate::base::Diagnostic;
use crate::recording::{Header, Interaction, Keys, to_line};

/// The entry of a recording that begins with `header`; `release` is that of its cloud. `None`: it has no request.
///
/// # Errors
/// A line of it cannot be read.
pub fn collapsed(
    (client, client_version, release): (&str, &str, &str),
    header: &Header,
    interactions: impl Iterator<Item = Result<Interaction, Diagnostic>>,
) -> Result<Option<Entry>, Diagnostic> {
    let (mut keys, mut seen) = (Keys::default(), HashSet::new());
    let (mut lines, mut requests, mut kinds, mut time) = (to_line(header), 0, 0, None);
    for interaction in interactions {
        let mut interaction = interaction?;
        requests += 1;
        time.get_or_insert(interaction.time);
        if seen.insert(keys.of(&to_line(&interaction))) {
            kinds += 1;
            interaction.sequence = kinds;
            lines.extend(to_line(&interaction));
        }
    }
    let about = |time| About {
        client: client.to_owned(),
        client_version: client_version.to_owned(),
        release: release.to_owned(),
        time,
        requests,
        kinds,
    };
    Ok(time.map(|time| Entry::new(about(time), lines)))
}
