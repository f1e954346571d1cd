//! Layouts of the catalog: how real clouds write it, each a row of fixtures/catalogs/catalogue.yaml.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Catalogue, Diagnostic, Node};

static LAYOUTS: Catalogue<Arc<Layout>> = Catalogue::new(
    "fixtures/catalogs/catalogue.yaml",
    include_str!("../../../fixtures/catalogs/catalogue.yaml"),
    "catalogs",
    |(name, _, node)| Layout::read(name, node).map(Arc::new),
);

/// Where an endpoint leads that no client reaches.
const ELSEWHERE: &str = "http://region-two.invalid:8774";

/// A service of the catalog, and where it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// Its type.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its endpoints.
    pub endpoints: Vec<Offered>,
}

/// An endpoint.
#[derive(Clone, Debug, PartialEq)]
pub struct Offered {
    /// `public`, `internal` or `admin`.
    pub interface: String,
    /// Its region, if it has one.
    pub region: Option<String>,
    /// The URL, in which `origin:` is where the cloud is.
    pub url: String,
}

/// A layout of the catalog.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Its name: `trailing-slash`.
    pub name: String,
    /// What is odd about it, in a sentence.
    pub summary: String,
    /// Where it comes from, and what clients got wrong about it.
    pub because: String,
    /// The names of the awkward answers that go with it.
    pub answers: Vec<String>,
    changes: Vec<Change>,
}

/// What a layout has in another way.
#[derive(Clone, Debug)]
enum Change {
    /// These services are at these paths.
    Urls(BTreeMap<String, String>),
    /// All URLs end with a slash.
    Slash,
    /// There is this region too; its endpoints come first, and lead elsewhere.
    RegionBefore(String),
    /// No endpoint is in a region.
    NoRegion,
    /// A service is there under other types too, which have the same endpoints.
    Also(BTreeMap<String, Vec<String>>),
    /// These services are not there.
    Without(Vec<String>),
    /// These services (`*`: all) have these interfaces alone, in this order.
    Interfaces(BTreeMap<String, Vec<String>>),
    /// Services have no names.
    Nameless,
    /// There are services of these types elsewhere.
    Others(Vec<String>),
    /// Each service is there twice, first without endpoints.
    Twice,
}

impl Layout {
    fn read(name: &str, row: &Node) -> Result<Layout, Diagnostic> {
        let (summary, because) = (row.required_text("summary")?, row.required_text("because")?);
        let answers = row.texts("answers")?;
        let about = ["summary", "because", "answers"];
        let entries = row.entries()?.iter().filter(|(key, ..)| !about.contains(&key.as_ref()));
        let changes = entries.map(|(key, _, value)| Change::read(key, value)).collect::<Result<_, _>>()?;
        Ok(Layout { name: name.to_owned(), summary, because, answers, changes })
    }

    /// What the catalog offers in this layout, where it would offer `offers` else.
    pub fn of(&self, offers: Vec<Offer>) -> Vec<Offer> {
        self.changes.iter().fold(offers, |offers, change| change.of(offers))
    }
}

impl Change {
    fn read(key: &str, value: &Node) -> Result<Change, Diagnostic> {
        Ok(match key {
            "urls" => Change::Urls(entries_of(value, |node| Ok(node.text()?.to_owned()))?),
            "slash" => Change::Slash,
            "region_before" => Change::RegionBefore(value.text()?.to_owned()),
            "no_region" => Change::NoRegion,
            "also" => Change::Also(entries_of(value, Node::all_texts)?),
            "without" => Change::Without(value.all_texts()?),
            "interfaces" => Change::Interfaces(entries_of(value, Node::all_texts)?),
            "nameless" => Change::Nameless,
            "others" => Change::Others(value.all_texts()?),
            "twice" => Change::Twice,
            _ => return Err(value.expected("a change of the catalog")),
        })
    }

    fn of(&self, mut offers: Vec<Offer>) -> Vec<Offer> {
        match self {
            Change::Urls(urls) => each(&mut offers, |offer, endpoint| {
                if let Some(path) = urls.get(&offer.kind) {
                    endpoint.url = format!("origin:{path}");
                }
            }),
            Change::Slash => {
                each(&mut offers, |_, endpoint| endpoint.url = format!("{}/", endpoint.url.trim_end_matches('/')))
            }
            Change::NoRegion => each(&mut offers, |_, endpoint| endpoint.region = None),
            Change::RegionBefore(region) => offers.iter_mut().for_each(|offer| {
                let path = |url: &str| url.trim_start_matches("origin:").to_owned();
                let there = |own: &Offered| Offered {
                    region: Some(region.clone()),
                    url: format!("{ELSEWHERE}{}", path(&own.url)),
                    ..own.clone()
                };
                let there: Vec<Offered> = offer.endpoints.iter().map(there).collect();
                offer.endpoints.splice(0..0, there);
            }),
            Change::Also(kinds) => {
                // A type that is there has a service of its own.
                let had: Vec<Offer> = offers.clone();
                for offer in had {
                    for kind in kinds.get(&offer.kind).into_iter().flatten() {
                        if offers.iter().all(|own| own.kind != *kind) {
                            offers.push(Offer { kind: kind.clone(), ..offer.clone() });
                        }
                    }
                }
            }
            Change::Without(kinds) => offers.retain(|offer| !kinds.contains(&offer.kind)),
            Change::Interfaces(wanted) => offers.iter_mut().for_each(|offer| {
                if let Some(order) = wanted.get(&offer.kind).or_else(|| wanted.get("*")) {
                    let place = |own: &Offered| order.iter().position(|interface| *interface == own.interface);
                    offer.endpoints.retain(|own| place(own).is_some());
                    offer.endpoints.sort_by_key(place);
                }
            }),
            Change::Nameless => offers.iter_mut().for_each(|offer| offer.name.clear()),
            Change::Others(kinds) => {
                let public = Offered { interface: "public".into(), region: None, url: format!("{ELSEWHERE}/v1") };
                let other =
                    |kind: &String| Offer { kind: kind.clone(), name: kind.clone(), endpoints: vec![public.clone()] };
                offers.extend(kinds.iter().map(other));
            }
            Change::Twice => {
                let empty = offers.iter().map(|offer| Offer { endpoints: Vec::new(), ..offer.clone() });
                let empty: Vec<Offer> = empty.collect();
                offers.splice(0..0, empty);
            }
        }
        offers
    }
}

fn each(offers: &mut [Offer], change: impl Fn(&Offer, &mut Offered)) {
    for offer in offers {
        let whole = Offer { endpoints: Vec::new(), ..offer.clone() };
        offer.endpoints.iter_mut().for_each(|endpoint| change(&whole, endpoint));
    }
}

fn entries_of<T>(
    node: &Node,
    read: impl Fn(&Node) -> Result<T, Diagnostic>,
) -> Result<BTreeMap<String, T>, Diagnostic> {
    node.entries()?.iter().map(|(key, _, value)| Ok((key.to_string(), read(value)?))).collect()
}

/// All layouts, in the order of the file.
///
/// # Errors
/// The file cannot be read: a defect of mockstack.
pub fn layouts() -> Result<&'static [Arc<Layout>], Diagnostic> {
    LAYOUTS.rows()
}

/// The layout of that name.
///
/// # Errors
/// There is none.
pub fn layout(name: &str) -> Result<Arc<Layout>, Diagnostic> {
    let rows = layouts()?;
    rows.iter().find(|row| row.name == name).cloned().ok_or_else(|| {
        Diagnostic::new(format!("no catalog is called {name:?}"))
            .did_you_mean(name, rows.iter().map(|row| row.name.as_str()))
            .row("fix", "see docs/catalogs.md for their names")
    })
}
