//! mockstack.yaml: the options of `run` and `serve` in a file beside the tests.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;

use super::settings::Settings;
use super::values;
use crate::base::{Diagnostic, Node, Pattern, Place, Yaml, parse_yaml, read_text, unknown_key};
use crate::exchange::{Extension, OnViolation};
use crate::report::Rule;

const KNOWN: [&str; 18] = [
    "fixtures",
    "contracts",
    "release",
    "listen",
    "on_violation",
    "allow",
    "deny",
    "record",
    "snapshots",
    "scenario",
    "mask",
    "partial",
    "report",
    "seed",
    "clock",
    "extensions",
    "redact",
    "keep",
];

/// Which file of options is read.
#[derive(Clone, Debug, Args)]
pub struct ConfigFile {
    /// The file of options [default: mockstack.yaml, if there is one]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// The file that is read if none is named.
const DEFAULT: &str = "mockstack.yaml";

impl ConfigFile {
    /// What it says; the defaults if there is none.
    pub fn read(&self) -> Result<Settings, Diagnostic> {
        // A link that leads nowhere is there, and an error.
        let default = Path::new(DEFAULT);
        let config = self.config.as_deref().or_else(|| std::fs::symlink_metadata(default).is_ok().then_some(default));
        config.map_or_else(|| Ok(Settings::default()), read_config)
    }
}

/// Reads the file; paths in it are relative to it.
fn read_config(path: &Path) -> Result<Settings, Diagnostic> {
    let text = read_text(path).map_err(|error| {
        Diagnostic::new("cannot read the options")
            .row("where", path.display().to_string())
            .row("because", error.to_string())
    })?;
    let node = parse_yaml(&path.display().to_string(), &text)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut settings = Settings::default();
    for (key, place, value) in node.entries()? {
        if !KNOWN.contains(&key.as_str()) {
            return Err(unknown_key(key, place, &KNOWN));
        }
        apply(&mut settings, folder, key, value)?;
        note_places(&mut settings.places, folder, value);
    }
    Ok(settings)
}

/// Keeps where each text below `node` stands, also as the path that it may be: some mistakes show only later.
fn note_places(places: &mut Vec<(String, Place)>, folder: &Path, node: &Node) {
    match &node.yaml {
        Yaml::Text(text) => {
            let path = folder.join(text).display().to_string();
            places.extend([text.clone(), path].map(|text| (text, node.place.clone())));
        }
        Yaml::List(items) => items.iter().for_each(|item| note_places(places, folder, item)),
        Yaml::Map(entries) => entries.iter().for_each(|(.., value)| note_places(places, folder, value)),
        _ => {}
    }
}

fn apply(settings: &mut Settings, folder: &Path, key: &str, value: &Node) -> Result<(), Diagnostic> {
    let path = |node: &Node| node.text().map(|text| folder.join(text));
    match key {
        "fixtures" => settings.fixtures = value.items()?.iter().map(path).collect::<Result<_, _>>()?,
        "contracts" => settings.contracts = Some(path(value)?),
        "record" => settings.record = Some(path(value)?),
        "snapshots" => settings.snapshots = Some(path(value)?),
        "release" => settings.release = Some(value.text()?.to_owned()),
        "listen" => settings.listen = Some(read_as(value, values::listen)?),
        "scenario" => settings.scenario = value.text()?.to_owned(),
        "partial" => settings.partial = value.boolean()?,
        "seed" => settings.seed = value.integer()?,
        "clock" => settings.clock = Some(read_as(value, values::clock)?),
        "allow" => settings.allow = value.items()?.iter().map(allowed).collect::<Result<_, _>>()?,
        "extensions" => settings.extensions = value.items()?.iter().map(extension).collect::<Result<_, _>>()?,
        "redact" => settings.redact = value.items()?.iter().map(parsed).collect::<Result<_, _>>()?,
        "keep" => settings.keep = value.items()?.iter().map(kept).collect::<Result<_, _>>()?,
        "deny" => settings.deny = value.items()?.iter().map(parsed).collect::<Result<_, _>>()?,
        "mask" => settings.mask = value.items()?.iter().map(parsed).collect::<Result<_, _>>()?,
        "on_violation" => {
            settings.on_violation = match value.text()? {
                "reject" => OnViolation::Reject,
                "report" => OnViolation::Report,
                _ => return Err(value.expected("reject or report")),
            };
        }
        _ => {
            for (format, place, file) in value.entries()? {
                let format = format.parse().map_err(|why: String| Diagnostic::new(why).at(place))?;
                let path = if file.text()? == "-" { PathBuf::from("-") } else { path(file)? };
                settings.report.push(crate::report::Wanted { format, path });
            }
        }
    }
    Ok(())
}

/// Something that is spelled as on the command line.
fn parsed<T: FromStr<Err: ToString>>(node: &Node) -> Result<T, Diagnostic> {
    read_as(node, |text| text.parse().map_err(|why: T::Err| why.to_string()))
}

fn read_as<T>(node: &Node, read: impl FnOnce(&str) -> Result<T, String>) -> Result<T, Diagnostic> {
    let text = node.text()?;
    read(text).map_err(|why| Diagnostic::new(why).at(&node.place).row("found", text))
}

/// `{code: CODE[@OPERATION], reason: TEXT}`: whoever allows something says why.
fn allowed(node: &Node) -> Result<Rule, Diagnostic> {
    let (code, reason) = with_reason(node, "code")?;
    Ok(Rule { reason: Some(reason), ..parsed(code)? })
}

/// `{pointer: POINTER, reason: TEXT}`
fn extension(node: &Node) -> Result<Extension, Diagnostic> {
    let (pattern, reason) = kept(node)?;
    Ok(Extension { pattern, reason })
}

/// The same, for what is kept.
fn kept(node: &Node) -> Result<(Pattern, String), Diagnostic> {
    let (pointer, reason) = with_reason(node, "pointer")?;
    Ok((parsed(pointer)?, reason))
}

/// `{KEY: …, reason: TEXT}`
fn with_reason<'n>(node: &'n Node, key: &str) -> Result<(&'n Node, String), Diagnostic> {
    let entries = node.entries()?;
    if let Some((other, place, _)) = entries.iter().find(|(own, ..)| own != key && own != "reason") {
        return Err(unknown_key(other, place, &[key, "reason"]));
    }
    let reason = node.get("reason").map(Node::text).transpose()?.unwrap_or_default();
    if reason.trim().is_empty() {
        let what = if key == "code" { "an allowed code" } else { "a place" };
        return Err(Diagnostic::new(format!("{what} needs a reason"))
            .at(&node.place)
            .row("expected", format!("{{{key}: …, reason: …}}")));
    }
    let value = node.get(key).ok_or_else(|| Diagnostic::new(format!("the key {key:?} is missing")).at(&node.place))?;
    Ok((value, reason.to_owned()))
}

/// The options that the file at `path` sets, in the form of the file: what `--print-config` prints of it.
///
/// # Errors
/// The file cannot be read, or says something that no option takes.
pub fn config_text(path: &Path) -> Result<String, Diagnostic> {
    read_config(path).map(|settings| print_config(&settings))
}

/// The settings in the form of the file.
pub fn print_config(settings: &Settings) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let path = |path: &PathBuf| quoted(&path.display().to_string());
    let list = |items: Vec<String>| format!("[{}]", items.join(", "));
    let mut lines = vec![format!("fixtures: {}", list(settings.fixtures.iter().map(path).collect()))];
    let mut optional = |key: &str, value: Option<String>| lines.extend(value.map(|value| format!("{key}: {value}")));
    optional("contracts", settings.contracts.as_ref().map(path));
    optional("release", settings.release.as_deref().map(quoted));
    optional("listen", settings.listen.map(|address| quoted(&address.to_string())));
    optional("record", settings.record.as_ref().map(path));
    optional("snapshots", settings.snapshots.as_ref().map(path));
    optional("clock", settings.clock.map(|clock| quoted(&clock.to_string())));
    let allow = |rule: &Rule| {
        format!(
            "{{code: {}, reason: {}}}",
            quoted(&rule.to_string()),
            quoted(rule.reason.as_deref().unwrap_or("given on the command line"))
        )
    };
    let reaction = if settings.on_violation == OnViolation::Reject { "reject" } else { "report" };
    lines.push(format!("on_violation: {reaction}"));
    lines.push(format!("allow: {}", list(settings.allow.iter().map(allow).collect())));
    lines.push(format!("deny: {}", list(settings.deny.iter().map(|rule| quoted(&rule.to_string())).collect())));
    let place = |pattern: &Pattern, reason: &str| {
        format!("{{pointer: {}, reason: {}}}", quoted(&pattern.to_string()), quoted(reason))
    };
    let extensions: Vec<String> = settings.extensions.iter().map(|own| place(&own.pattern, &own.reason)).collect();
    let redact: Vec<String> = settings.redact.iter().map(|pattern| quoted(&pattern.to_string())).collect();
    let keep: Vec<String> = settings.keep.iter().map(|(pattern, reason)| place(pattern, reason)).collect();
    let of_record = [("extensions", extensions), ("redact", redact), ("keep", keep)];
    for (key, items) in of_record.into_iter().filter(|(_, items)| !items.is_empty()) {
        lines.push(format!("{key}: {}", list(items)));
    }
    lines.push(format!("scenario: {}", quoted(&settings.scenario)));
    lines.push(format!("mask: {}", list(settings.mask.iter().map(|mask| quoted(&mask.to_string())).collect())));
    lines.push(format!("partial: {}", settings.partial));
    let reports = settings.report.iter().map(|wanted| format!("{}: {}", wanted.format.name, path(&wanted.path)));
    lines.push(format!("report: {{{}}}", reports.collect::<Vec<_>>().join(", ")));
    lines.push(format!("seed: {}\n", settings.seed));
    lines.join("\n")
}
