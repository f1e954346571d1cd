//! The ruler: all versions of an API from left to right, the releases that end there, and where a request would be right.

use std::collections::BTreeMap;

use super::json::escaped;
use crate::base::{Version, Versions};
use crate::contract::{Contracts, Releases};
use crate::recording::{Interaction, Valid};

/// The width of a version, of the axis, and of the labels before it.
const STEP: usize = 10;
const GUTTER: usize = 190;
/// Names of releases need so much room.
const ROOM: usize = 15;
/// Where the axis is, and how far a bar is from the next.
const TOP: usize = 84;
const ROW: usize = 24;

/// The releases at their last versions, for each service that has microversions.
#[derive(Debug, Default)]
pub struct Axes(BTreeMap<String, Axis>);

/// The versions of one service.
#[derive(Clone, Debug)]
struct Axis {
    /// The first and the last version of any release.
    first: Version,
    last: Version,
    /// The names of releases, and the place of the last version that they have.
    names: Vec<(usize, String)>,
}

impl Axes {
    /// The axes of all services of `contracts`.
    pub fn of(contracts: &Contracts) -> Axes {
        let services = contracts.services().iter().filter(|contract| contract.service.microversions.is_some());
        let axis = |name: &str| Some((name.to_owned(), Axis::of(contracts.releases(), name)?));
        Axes(services.filter_map(|contract| axis(&contract.service.name)).collect())
    }

    /// What all rulers share, as elements of SVG.
    pub fn defined(&self) -> String {
        self.0.iter().map(|(service, axis)| axis.drawn(service)).collect()
    }

    /// Where the request of `interaction` would be right, as an image.
    pub fn ruler(&self, interaction: &Interaction) -> Option<String> {
        let service = interaction.service.as_ref()?;
        Some(self.0.get(service)?.ruler(service, interaction.valid.as_ref()?, interaction.version))
    }
}

impl Axis {
    fn of(releases: &Releases, service: &str) -> Option<Axis> {
        let last_of = |text: &String| text.parse().ok().and_then(Version::of);
        let ends: Vec<(Version, &str)> = releases
            .iter()
            .filter_map(|release| Some((last_of(release.offers.get(service)?)?, release.name.as_str())))
            .collect();
        let last = ends.iter().map(|(version, _)| *version).max()?;
        let first = Versions::range(Version::FIRST, last).iter().next()?;
        let mut names: Vec<(usize, String)> = Vec::new();
        let mut group: Vec<(usize, &str)> = Vec::new();
        for (version, name) in ends {
            let at = place(first, version) * STEP;
            if group.first().is_some_and(|(start, _)| at > start + ROOM) {
                names.extend(grouped(&std::mem::take(&mut group)));
            }
            group.push((at, name));
        }
        names.extend(grouped(&group));
        Some(Axis { first, last, names })
    }

    fn width(&self) -> usize {
        (place(self.first, self.last) + 1) * STEP
    }

    /// The names and the numbers.
    fn drawn(&self, service: &str) -> String {
        let mut out = format!("<g id=\"axis-{service}\"><path class=\"base\" d=\"M{GUTTER} {TOP}h{}\"/>", self.width());
        for (at, name) in &self.names {
            let x = GUTTER + at + STEP / 2;
            let y = TOP - 8;
            out += &format!(
                "<path class=\"tick\" d=\"M{x} {TOP}v-5\"/><text class=\"name\" transform=\"translate({x} {y}) rotate(-55)\">{}</text>",
                escaped(name)
            );
        }
        out + "</g>"
    }

    fn ruler(&self, service: &str, valid: &Valid, sent: Option<Version>) -> String {
        let rows = std::iter::once(("as sent", valid.as_sent));
        let rows: Vec<(&str, Versions)> =
            rows.chain(valid.edits.iter().map(|edited| (edited.edit.as_str(), edited.versions))).collect();
        let bars: String = rows
            .iter()
            .enumerate()
            .map(|(row, (label, versions))| self.bar(row, label, *versions, valid.api))
            .collect();
        let bottom = TOP + 6 + rows.len() * ROW;
        let told: Vec<String> = rows.iter().map(|(label, versions)| format!("{label}: {}", told(*versions))).collect();
        format!(
            "<svg class=\"ruler\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"valid {}\"><use href=\"#axis-{service}\"/>{bars}{}</svg>",
            GUTTER + self.width() + 70,
            bottom + 20,
            escaped(&told.join("; ")).replace('"', "&quot;"),
            self.marker(sent, bottom),
        )
    }

    fn bar(&self, row: usize, label: &str, versions: Versions, api: Versions) -> String {
        let y = TOP + 6 + row * ROW;
        let boxes = |set: Versions, class: &str| -> String {
            let of_axis = set & Versions::range(self.first, self.last);
            let one = |(first, last): (Version, Version)| {
                let (x, end) = (place(self.first, first) * STEP, (place(self.first, last) + 1) * STEP);
                format!("<rect class=\"{class}\" x=\"{}\" y=\"{y}\" width=\"{}\" height=\"15\"/>", GUTTER + x, end - x)
            };
            of_axis.runs().into_iter().map(one).collect()
        };
        let numbers: String = (versions & Versions::range(self.first, self.last))
            .runs()
            .iter()
            .map(|(first, last)| self.number(y, *first, *last))
            .collect();
        let label = escaped(&shortened(label));
        let y = y + 12;
        format!(
            "<text class=\"label\" x=\"{}\" y=\"{y}\">{label}</text>{}{}{numbers}",
            GUTTER - 8,
            boxes(api, "track"),
            boxes(versions, "fits"),
        )
    }

    /// The ends of a run, in it.
    fn number(&self, y: usize, first: Version, last: Version) -> String {
        let x = GUTTER + place(self.first, first) * STEP;
        let text = if first == last { first.to_string() } else { format!("{first} … {last}") };
        let is_narrow = place(first, last) * STEP < text.len() * 7;
        if is_narrow {
            String::new()
        } else {
            format!("<text class=\"in\" x=\"{}\" y=\"{}\">{text}</text>", x + 5, y + 12)
        }
    }

    /// The version that was sent.
    fn marker(&self, sent: Option<Version>, bottom: usize) -> String {
        let Some(sent) = sent.filter(|sent| (self.first..=self.last).contains(sent)) else { return String::new() };
        let x = GUTTER + place(self.first, sent) * STEP + STEP / 2;
        let anchor = if x > GUTTER + self.width() - 60 { " text-anchor=\"end\"" } else { "" };
        format!(
            "<path class=\"sent\" d=\"M{x} {TOP}V{bottom}\"/><text class=\"sent\" x=\"{x}\" y=\"{}\"{anchor}>sent {sent}</text>",
            bottom + 14
        )
    }
}

/// How far `version` is after `first`.
fn place(first: Version, version: Version) -> usize {
    Versions::range(first, version).iter().count().saturating_sub(1)
}

/// The releases of a group at the place of the first.
fn grouped(group: &[(usize, &str)]) -> Option<(usize, String)> {
    let ((at, first), (_, last)) = (group.first()?, group.last()?);
    Some((*at, if first == last { (*first).to_owned() } else { format!("{first} – {last}") }))
}

fn told(versions: Versions) -> String {
    versions.within(Versions::ALL).to_string()
}

fn shortened(label: &str) -> String {
    const MOST: usize = 26;
    match label.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &label[..end]),
        None => label.to_owned(),
    }
}
