//! mockstack.yaml: options of `run`, `serve`, `record` and `replay` in a file next to the tests. Its content becomes arguments
//! that precede those of the command line, and clap parses both.

use std::any::TypeId;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, ArgMatches, Args, Command, CommandFactory};

use super::reasoned::{Decision, Reasoned, parts, quoted, read_row, write_row};
use super::settings::Settings;
use crate::base::{Diagnostic, Node, Pattern, Place, Yaml, parse_yaml, read_text, unknown_key};
use crate::report::{Format, Rule, Wanted};
use crate::server::AdminToken;

/// The file of options to read.
#[derive(Clone, Debug, Args)]
pub struct ConfigFile {
    /// The file of options [default: mockstack.yaml, if there is one]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// The file that is read if none is named.
const DEFAULT: &str = "mockstack.yaml";

/// The content of the file.
#[derive(Default)]
pub struct Configured {
    /// As arguments: `--KEY=VALUE`, or `--KEY`.
    pub arguments: Vec<OsString>,
    /// The place of each string in it, and of each path as it is read from here.
    pub places: Vec<(String, Place)>,
}

impl ConfigFile {
    /// Its content; empty if there is no file.
    ///
    /// # Errors
    /// It cannot be read, or contains something that no option takes.
    pub fn read(&self) -> Result<Configured, Diagnostic> {
        // A link that leads nowhere is there, and an error.
        let default = Path::new(DEFAULT);
        let config = self.config.as_deref().or_else(|| std::fs::symlink_metadata(default).is_ok().then_some(default));
        config.map_or_else(|| Ok(Configured::default()), read_config)
    }

    /// The settings of the file alone.
    ///
    /// # Errors
    /// As [`ConfigFile::read`].
    pub fn settings(&self) -> Result<Settings, Diagnostic> {
        let Configured { arguments, places } = self.read()?;
        Settings::of(&Settings::matches(arguments)?, places)
    }
}

/// Reads the file; paths in it are relative to it.
fn read_config(path: &Path) -> Result<Configured, Diagnostic> {
    let text = read_text(path).map_err(|error| {
        Diagnostic::new("cannot read the options")
            .row("where", path.display().to_string())
            .row("because", error.to_string())
    })?;
    let node = parse_yaml(&path.display().to_string(), &text)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let command = Settings::command();
    let known: Vec<&str> = command.get_arguments().map(|option| option.get_id().as_str()).collect();
    let mut configured = Configured::default();
    for (key, place, value) in node.entries()? {
        let option = command.get_arguments().find(|option| option.get_id() == key.as_ref());
        let option = option.ok_or_else(|| unknown_key(key, place, &known))?;
        let reader = Reader { command: &command, option, folder };
        configured.arguments.extend(reader.arguments(value)?);
        note_places(&mut configured.places, folder, value);
    }
    Ok(configured)
}

/// Keeps where each text below `node` stands, also as the path that it may be: some mistakes show only later.
fn note_places(places: &mut Vec<(String, Place)>, folder: &Path, node: &Node) {
    match node.yaml() {
        Yaml::Text(text) => {
            let path = folder.join(text.as_ref()).display().to_string();
            places.extend([text.to_string(), path].map(|text| (text, node.place.clone())));
        }
        Yaml::List(items) => items.iter().for_each(|item| note_places(places, folder, item)),
        Yaml::Map(entries) => entries.iter().for_each(|(.., value)| note_places(places, folder, value)),
        _ => {}
    }
}

/// How a value is written in the file: a matter of its type.
#[derive(Clone, Copy)]
enum Form {
    /// `true` or `false`
    Flag,
    Number,
    /// A path that is relative to the file
    Path,
    Text,
    /// A text that is never printed
    Secret,
    /// `{KEY: …, reason: TEXT}`
    Reasoned(&'static str),
    /// `{FORMAT: PATH}`, or a list of paths of a format
    Reports,
}

impl Form {
    fn of(option: &Arg) -> Form {
        let forms = [
            (TypeId::of::<bool>(), Form::Flag),
            (TypeId::of::<u64>(), Form::Number),
            (TypeId::of::<PathBuf>(), Form::Path),
            (TypeId::of::<Reasoned<Rule>>(), Form::Reasoned(Rule::KEY)),
            (TypeId::of::<Reasoned<Pattern>>(), Form::Reasoned(Pattern::KEY)),
            (TypeId::of::<Wanted>(), Form::Reports),
            (TypeId::of::<AdminToken>(), Form::Secret),
        ];
        let own = option.get_value_parser().type_id();
        forms.iter().find(|(of_type, _)| own == *of_type).map_or(Form::Text, |(_, form)| *form)
    }
}

fn is_list(option: &Arg) -> bool {
    matches!(option.get_action(), ArgAction::Append)
}

/// Converts the values of an option in the file to arguments.
struct Reader<'r> {
    command: &'r Command,
    option: &'r Arg,
    folder: &'r Path,
}

impl Reader<'_> {
    fn arguments(&self, value: &Node) -> Result<Vec<OsString>, Diagnostic> {
        match Form::of(self.option) {
            Form::Flag => Ok(value.boolean()?.then(|| argument(self.option, None)).into_iter().collect()),
            Form::Reports => self.reports(value),
            form if is_list(self.option) => value.items()?.iter().map(|item| self.one(form, item)).collect(),
            form => Ok(vec![self.one(form, value)?]),
        }
    }

    fn one(&self, form: Form, node: &Node) -> Result<OsString, Diagnostic> {
        match form {
            Form::Number => self.tried(node, node.integer()?.to_string().as_ref()),
            Form::Path => self.tried(node, self.path(node)?.as_os_str()),
            Form::Reasoned(key) => {
                let (decision, reason) = read_row(key, node)?;
                self.tried(decision, decision.text()?.as_ref())?;
                let row = write_row(key, decision.text()?, &reason);
                Ok(argument(self.option, Some(row.as_ref())))
            }
            Form::Secret => {
                let text = node.text().map_err(|_| Diagnostic::new("expected a string").at(&node.place))?;
                self.tried(node, text.as_ref())
            }
            Form::Flag | Form::Text | Form::Reports => self.tried(node, node.text()?.as_ref()),
        }
    }

    fn reports(&self, value: &Node) -> Result<Vec<OsString>, Diagnostic> {
        let mut arguments = Vec::new();
        for (format, place, files) in value.entries()? {
            let Format { name, .. } = format.parse().map_err(|why: String| Diagnostic::new(why).at(place))?;
            let files = files.one_or_more();
            for file in files {
                let path = if file.text()? == "-" { PathBuf::from("-") } else { self.path(file)? };
                let mut text = OsString::from(format!("{name}="));
                text.push(path);
                arguments.push(self.tried(file, &text)?);
            }
        }
        Ok(arguments)
    }

    fn path(&self, node: &Node) -> Result<PathBuf, Diagnostic> {
        match node.text()? {
            "" => Err(node.expected("a path")),
            text => Ok(self.folder.join(text)),
        }
    }

    /// The argument for `text` at `node`, if the option accepts it.
    fn tried(&self, node: &Node, text: &OsStr) -> Result<OsString, Diagnostic> {
        let argument = argument(self.option, Some(text));
        match self.command.clone().try_get_matches_from([&argument]) {
            Ok(_) => Ok(argument),
            Err(error) => Err(refused(&error, node)),
        }
    }
}

/// `--OPTION=VALUE`, or `--OPTION`
pub fn argument(option: &Arg, value: Option<&OsStr>) -> OsString {
    let mut argument = OsString::from(format!("--{}", option.get_long().unwrap_or_default()));
    if let Some(value) = value {
        argument.push("=");
        argument.push(value);
    }
    argument
}

/// The error of clap for the value at `node`.
fn refused(error: &clap::Error, node: &Node) -> Diagnostic {
    let words = match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(words)) => words.as_slice(),
        _ => &[],
    };
    let why = std::error::Error::source(error).map(ToString::to_string);
    let expected = || format!("expected {}", if words.is_empty() { "a value".to_owned() } else { words.join(" or ") });
    let text = node.text().unwrap_or_default();
    Diagnostic::new(why.unwrap_or_else(expected))
        .at(&node.place)
        .row("found", text)
        .did_you_mean(text, words.iter().map(String::as_str))
}

/// The options that the file at `path` sets, in the form of the file: what `--print-config` prints of it.
///
/// # Errors
/// The file cannot be read, or contains something that no option takes.
pub fn config_text(path: &Path) -> Result<String, Diagnostic> {
    let matches = Settings::matches(read_config(path)?.arguments)?;
    Ok(print_config(&matches))
}

/// The options that are in force, in the form of the file.
pub fn print_config(matches: &ArgMatches) -> String {
    let command = Settings::command();
    let lines = command.get_arguments().filter_map(|option| {
        let value = in_force(option, matches)?;
        Some(format!("{}: {value}\n", option.get_id()))
    });
    lines.collect()
}

/// The value of `option`, if it has one.
fn in_force(option: &Arg, matches: &ArgMatches) -> Option<String> {
    let list = |items: Vec<String>| format!("[{}]", items.join(", "));
    let id = option.get_id().as_str();
    let raw = matches.get_raw(id).into_iter().flatten();
    let mut texts = raw.map(|text| text.to_string_lossy().into_owned());
    match Form::of(option) {
        Form::Flag => Some(matches.get_flag(id).to_string()),
        Form::Number => texts.next_back(),
        // To be filled in by whoever makes a file of it.
        Form::Secret => texts.next_back().map(|_| "# a secret, which is not shown".to_owned()),
        Form::Reasoned(key) => {
            let rows = texts.filter_map(|text| parts(key, &text).ok());
            Some(list(rows.map(|(decision, reason)| write_row(key, &decision, &reason)).collect()))
        }
        Form::Reports => {
            let mut reports: Vec<(String, Vec<String>)> = Vec::new();
            for text in texts {
                let (format, path) = text.split_once('=')?;
                match reports.iter_mut().find(|(own, _)| own == format) {
                    Some((_, paths)) => paths.push(quoted(path)),
                    None => reports.push((format.to_owned(), vec![quoted(path)])),
                }
            }
            let entries = reports.into_iter().map(|(format, paths)| match paths.as_slice() {
                [path] => format!("{format}: {path}"),
                _ => format!("{format}: {}", list(paths)),
            });
            Some(format!("{{{}}}", entries.collect::<Vec<_>>().join(", ")))
        }
        Form::Path | Form::Text if is_list(option) => Some(list(texts.map(|text| quoted(&text)).collect())),
        Form::Path | Form::Text => {
            let is_word = !option.get_possible_values().is_empty();
            texts.next_back().map(|text| if is_word { text } else { quoted(&text) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page has a row of each option, with how it is given on the command line, and no other.
    #[test]
    fn every_option_of_the_file_is_documented() {
        let page = include_str!("../../docs/config.md");
        let rows = page.lines().filter(|line| line.starts_with("| `"));
        let shown: Vec<(&str, &str)> = rows
            .map(|row| {
                let mut cells = row.trim_matches('|').split(" | ");
                (cells.next().unwrap().trim(), cells.last().unwrap().trim())
            })
            .collect();
        let command = Settings::command();
        let options: Vec<(String, String)> = command
            .get_arguments()
            .map(|option| {
                let repeated = if is_list(option) { ", repeated" } else { "" };
                let long = format!("`--{}`{repeated}", option.get_long().unwrap());
                (format!("`{}`", option.get_id()), if option.is_hide_set() { String::new() } else { long })
            })
            .collect();
        assert_eq!(shown, options.iter().map(|(key, long)| (key.as_str(), long.as_str())).collect::<Vec<_>>());
    }
}
