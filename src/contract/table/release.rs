//! Releases: which API versions a cloud of that name offers, and how far their microversions go.

use std::collections::BTreeMap;

use crate::base::{Diagnostic, Node};

/// All releases, the oldest first.
#[derive(Clone, Debug, Default)]
pub struct Releases(Vec<Release>);

/// A release of OpenStack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// `icehouse`
    pub name: String,
    /// `2014.1`
    pub aliases: Vec<String>,
    /// The API versions that it offers, by the names of the contracts, with the last microversion or the id of the version.
    pub offers: BTreeMap<String, String>,
    /// The types of services in the catalog, where they differ from the contract's.
    pub catalog: BTreeMap<String, String>,
    /// When the version of Keystone was last updated, as in its version document.
    pub identity_updated: Option<String>,
    /// The form of its tokens.
    pub tokens: TokenForm,
}

/// The form of Keystone's tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenForm {
    /// 32 hexadecimal digits.
    Uuid,
    /// `gAAAAA` and about 180 more characters.
    #[default]
    Fernet,
}

impl TokenForm {
    const ALL: [(&str, TokenForm); 2] = [("uuid", TokenForm::Uuid), ("fernet", TokenForm::Fernet)];

    /// Refuses what cannot be a token, as the provider of these tokens words it.
    ///
    /// # Errors
    /// The message.
    pub fn recognize(self, text: &str) -> Result<(), &'static str> {
        match self {
            TokenForm::Fernet if !text.starts_with("gAAAAA") => Err("Could not recognize Fernet token"),
            TokenForm::Fernet | TokenForm::Uuid => Ok(()),
        }
    }
}

impl Releases {
    /// Reads `releases.yaml`.
    ///
    /// # Errors
    /// A key that is unknown, missing or of the wrong kind.
    pub fn read(node: &Node) -> Result<Releases, Diagnostic> {
        node.only(&["identity_updated", "tokens", "catalog", "releases"])?;
        if let Some(tokens) = node.get("tokens") {
            tokens.only(&TokenForm::ALL.map(|(name, _)| name))?;
        }
        let updated = node.get("identity_updated").map_or(Ok(BTreeMap::new()), words)?;
        let releases = node.required("releases")?.entries()?.iter().map(|(name, _, row)| {
            let catalog = node.get("catalog").and_then(|catalog| catalog.get(name));
            Release::read(name, row, catalog, &updated)
        });
        let all = Releases(releases.collect::<Result<_, _>>()?);
        let forms = node.get("tokens").map_or(Ok(BTreeMap::new()), words)?;
        let form_of = |release: &Release| {
            let form =
                TokenForm::ALL.iter().find(|(name, _)| forms.get(*name).is_some_and(|at| all.within(release, at)));
            form.map_or_else(TokenForm::default, |(_, form)| *form)
        };
        let with_form = |release: &Release| Release { tokens: form_of(release), ..release.clone() };
        Ok(Releases(all.iter().map(with_form).collect()))
    }

    /// The release with that name or alias, case-insensitively.
    ///
    /// # Errors
    /// It does not exist.
    pub fn find(&self, name: &str) -> Result<&Release, Diagnostic> {
        self.0.iter().find(|release| release.is_named(name)).ok_or_else(|| {
            let names: Vec<&str> = self.0.iter().map(|release| release.name.as_str()).collect();
            Diagnostic::new(format!("there is no release {name:?}"))
                .row("expected", names.join(", "))
                .did_you_mean(name, names.iter().copied())
        })
    }

    /// The oldest release.
    pub fn oldest(&self) -> Option<&Release> {
        self.0.first()
    }

    /// The newest release.
    pub fn newest(&self) -> Option<&Release> {
        self.0.last()
    }

    /// All of them, the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Release> {
        self.0.iter()
    }

    /// Does `release` offer the API version `service`? One that no release names is in all of them.
    pub fn offers(&self, release: Option<&Release>, service: &str) -> bool {
        let named = || self.0.iter().any(|other| other.offers.contains_key(service));
        release.is_none_or(|release| release.offers.contains_key(service)) || !named()
    }

    /// The releases that offer `service`, as text: `icehouse..queens`.
    pub fn text(&self, service: &str) -> String {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (place, _) in self.0.iter().enumerate().filter(|(_, release)| release.offers.contains_key(service)) {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == place => *last = place,
                _ => runs.push((place, place)),
            }
        }
        let name = |place: usize| self.0.get(place).map_or("", |release| release.name.as_str());
        let text = |(first, last): (usize, usize)| match (first == last, last + 1 == self.0.len()) {
            (true, _) => name(first).to_owned(),
            (_, true) => format!("{}..", name(first)),
            _ => format!("{}..{}", name(first), name(last)),
        };
        runs.into_iter().map(text).collect::<Vec<_>>().join(", ")
    }

    /// Is `release` in the range `text` (`icehouse..queens`, `rocky..`, `..kilo`, `juno`)?
    pub fn within(&self, release: &Release, text: &str) -> bool {
        let place = |name: &str| self.0.iter().position(|other| other.is_named(name));
        let Some(own) = place(&release.name) else { return true };
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let after = first.is_empty() || place(first).is_some_and(|first| first <= own);
        let before = last.is_empty() || place(last).is_some_and(|last| own <= last);
        after && before
    }
}

impl Release {
    fn read(
        name: &str,
        row: &Node,
        catalog: Option<&Node>,
        updated: &BTreeMap<String, String>,
    ) -> Result<Release, Diagnostic> {
        let mut offers = BTreeMap::new();
        for (service, _, version) in row.entries()?.iter().filter(|(key, ..)| key != "aliases") {
            offers.insert(service.to_string(), version.text()?.to_owned());
        }
        let identity_updated = offers.get("identity").and_then(|version| updated.get(version)).cloned();
        let catalog = catalog.map_or(Ok(BTreeMap::new()), words)?;
        let (name, aliases) = (name.to_owned(), row.texts("aliases")?);
        Ok(Release { name, aliases, offers, catalog, identity_updated, tokens: TokenForm::default() })
    }

    fn is_named(&self, name: &str) -> bool {
        let is_it = |own: &String| own.eq_ignore_ascii_case(name);
        is_it(&self.name) || self.aliases.iter().any(is_it)
    }
}

fn words(node: &Node) -> Result<BTreeMap<String, String>, Diagnostic> {
    node.entries()?.iter().map(|(key, _, value)| Ok((key.to_string(), value.text()?.to_owned()))).collect()
}
