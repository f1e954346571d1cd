//! No secret reaches a file, a report or the terminal. Secrets are planted in every place of a request that a client could put one
//! into by habit or by mistake, in every encoding; then every byte that was left is searched for them. What is looked for is what
//! was planted, and what the cloud itself issued: nothing here knows how mockstack tells a secret.

mod foreign;
mod hunt;
mod marks;
mod places;
mod search;

use std::collections::{BTreeMap, BTreeSet};

use hunt::{Hunt, Mode};
use places::{Encoding, Holds, Place, every_place, places_beside_a_secret};
use proptest::prelude::*;
use search::Search;

/// Makes up secrets.
pub struct Maker(u64);

impl Maker {
    fn number(&mut self) -> u64 {
        // SplitMix64 (public domain).
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn letters(&mut self, letters: &[u8], length: usize) -> String {
        let count = u64::try_from(letters.len()).unwrap();
        (0..length).map(|_| char::from(letters[usize::try_from(self.number() % count).unwrap()])).collect()
    }

    /// As generators of passwords and tokens make them. One in 300 happens to look like words, such as
    /// `abahOIRGUXJEWKSuiniq`: where nothing but its look could tell, nothing tells.
    fn random(&mut self) -> String {
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        loop {
            let secret = format!("Zq7{}", self.letters(letters, 24));
            let kind = |c: char| (c.is_ascii_lowercase(), c.is_ascii_digit());
            let kinds: Vec<_> = secret.chars().map(kind).collect();
            if kinds.windows(2).filter(|pair| pair[0] != pair[1]).count() >= 10 {
                return secret;
            }
        }
    }

    fn lower(&mut self, length: usize) -> String {
        self.letters(b"abcdefghijklmnopqrstuvwxyz", length)
    }

    /// A secret of one of the forms that people and machines give them, as far as `holds` tells them from anything else.
    fn secret(&mut self, holds: Holds) -> String {
        let form = self.number() % forms(holds);
        self.secret_of(form)
    }

    fn secret_of(&mut self, form: u64) -> String {
        match form {
            0 => self.random(),
            // Words, which nothing but their place tells from others.
            1 => format!("{}-winter-rain", self.lower(10)),
            2 => format!("pw{}", self.lower(6)),
            3 => format!("o'd \"{}\"\\ &%+", self.lower(10)),
            _ => format!("pä⌘{}é", self.lower(10)),
        }
    }
}

/// So many forms of a secret can be told from anything else where it stands.
fn forms(holds: Holds) -> u64 {
    match holds {
        Holds::Anything => 1,
        Holds::Parameter => 2,
        Holds::Header => 4,
        Holds::Secret => 5,
    }
}

#[derive(Default)]
struct Planted {
    secrets: Vec<String>,
    places: BTreeSet<String>,
    plants: usize,
}

/// Plants in every place, in every encoding, and searches all that is left; prints what was found where.
fn no_secret_is_left(mode: Mode, arguments: &[&str], seed: u64) {
    let mut maker = Maker(seed);
    let mut planted = Planted::default();
    let mut hunt = Hunt::start(mode, arguments);
    let places = every_place(&hunt.tokens);
    // What finds a secret is the same whoever answers, and whatever tokens look like: elsewhere one plant in each place is enough.
    let is_first = mode == Mode::Run && arguments.is_empty();
    // Every form and encoding in every place takes most of a minute; without it each run tries others, by its seed.
    let is_thorough = is_first && std::env::var_os("THOROUGH").is_some();
    let start = usize::try_from(seed % 1000).unwrap();
    let encodings = |plants: usize| match is_thorough {
        true => Encoding::ALL.to_vec(),
        false => vec![Encoding::ALL[(start + plants) % Encoding::ALL.len()]],
    };
    for place in &places {
        // Every form as it is, and any of them in every encoding.
        let plain = (0..forms(place.holds)).filter(|_| is_thorough).map(|form| (Encoding::Raw, maker.secret_of(form)));
        let mut plants = plain.collect::<Vec<_>>();
        for encoding in encodings(planted.plants) {
            plants.push((encoding, maker.secret(place.holds)));
        }
        for (encoding, secret) in plants {
            hunt.ask(&(place.ask)(&encoding.of(&secret)));
            planted.secrets.push(secret);
            planted.plants += 1;
        }
        planted.places.insert(place.name.clone());
    }
    // A token that was issued is one wherever it stands.
    let issued = hunt.tokens[1].clone();
    for Place { ask, .. } in places.iter().filter(|place| place.holds == Holds::Anything) {
        for encoding in encodings(planted.plants) {
            hunt.ask(&ask(&encoding.of(&issued)));
            planted.plants += 1;
        }
    }
    // What is a secret in one place of a request is one in every other.
    for beside in places_beside_a_secret(&hunt.tokens) {
        let plain = (1..forms(Holds::Header)).map(|form| (Encoding::Raw, maker.secret_of(form) + "-and-more"));
        let mut plants = plain.collect::<Vec<_>>();
        for encoding in encodings(planted.plants) {
            plants.push((encoding, maker.random()));
            plants.push((encoding, maker.secret(Holds::Header) + "-and-more"));
        }
        for (encoding, secret) in plants {
            hunt.ask(&(beside.ask)(&secret, &encoding.of(&secret)));
            planted.secrets.push(secret);
            planted.plants += 1;
        }
        planted.places.insert(beside.name.to_owned());
    }
    let issued = hunt.let_the_cloud_issue_secrets();
    assert!(issued.len() >= 4 || mode == Mode::Replay, "{issued:?}");
    planted.secrets.extend(issued);
    planted.secrets.extend(hunt.tokens.iter().cloned());
    let exchanges = std::mem::take(&mut hunt.exchanges);
    let mut left = hunt.end();
    if is_first {
        left.extend(foreign::left(&exchanges));
    }
    assert!(planted.places.len() >= 40, "{}", planted.places.len());
    assert!(left.iter().any(|(name, _)| name.ends_with(".snap.new")));
    assert!(
        left.iter().any(|(name, text)| name == "recording" && text.contains("\n+ ") || text.contains("\\n+")),
        "no diff"
    );

    let search = Search::new(&planted.secrets);
    let (mut found, mut examples) = (BTreeMap::new(), Vec::new());
    for (name, text) in &left {
        let hits = search.hits(text);
        let count: &mut (usize, usize) = found.entry(way_out(name)).or_default();
        count.0 += hits.len();
        count.1 += text.len();
        examples.extend(hits.iter().take(20).map(|hit| format!("{name}: …{hit}")));
    }
    let sum: usize = found.values().map(|(hits, _)| hits).sum();
    eprintln!("{} plants in {} places", planted.plants, planted.places.len());
    found.iter().for_each(|(way, (hits, bytes))| eprintln!("{way:<24} {bytes:>10} bytes {hits:>6} found"));
    assert!(sum == 0, "{sum} were left, such as\n{}", examples.into_iter().take(120).collect::<Vec<_>>().join("\n"));
}

/// The kind of file or output that `name` is.
fn way_out(name: &str) -> &str {
    match name {
        _ if name.ends_with(".snap.new") => "pending snapshots",
        _ if name.ends_with(".snap") => "snapshots",
        other => other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1, max_shrink_iters: 0, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_secret_is_left_anywhere(seed in any::<u64>()) {
        no_secret_is_left(Mode::Run, &[], seed);
    }

    #[test]
    fn no_secret_is_left_of_another_cloud(seed in any::<u64>()) {
        no_secret_is_left(Mode::Record, &[], seed);
    }

    #[test]
    fn no_secret_is_left_of_a_replay(seed in any::<u64>()) {
        no_secret_is_left(Mode::Replay, &[], seed);
    }
}

/// Until Newton tokens look like any other id: 32 hexadecimal digits.
#[test]
fn no_token_that_looks_like_an_id_is_left_anywhere() {
    no_secret_is_left(Mode::Run, &["--release", "newton"], 1);
}
