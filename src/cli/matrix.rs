//! `mockstack matrix`

use std::ffi::OsString;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::beside::{REFUSED, name_of, places, refuse, releases};
use super::cell::{Manner, Place, recording_in};
use super::client::Client;
use super::configurable::Configurable;
use super::failure::Failure;
use super::print::{print, tell};
use super::progress::Cells;
use super::reports::{one_file_each, try_report, unwritable, write_text};
use super::serving::{in_runtime, read_largest_table};
use super::settings::Ground;
use super::signals::Early;
use super::values;
use crate::base::{Diagnostic, parse_yaml, read_text};
use crate::report::{Cause, Cell, Exit, FORMATS, Known, Matrix, Wanted, matrix_markdown, matrix_text};
use crate::server::EnvFor;

/// Run clients against every release, each in a cloud of its own, and show in a table where they fail.
///
/// A client gets the same environment as from `mockstack run`. It has no standard input; what it prints is kept, and shown if it
/// fails. The table is printed, and appended to the file that $GITHUB_STEP_SUMMARY names. The exit code is that of the worst cell.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[command(mut_args = |option| describe(option))]
pub struct MatrixCommand {
    #[command(flatten)]
    options: Configurable,
    /// A client: its name, and the shell command that runs it; repeatable
    #[arg(long = "client", value_name = "NAME=COMMAND")]
    clients: Vec<Client>,
    /// A fixture of a cloud that differs from its release, as one more cloud; repeatable
    #[arg(long = "vendor", value_name = "PATH")]
    vendors: Vec<PathBuf>,
    /// A file of known failures, with reasons; one that no longer fails is a failure
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
    /// How many clients run at once [default: one per core]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZero<usize>>,
    /// How long a client may take
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds, default_value = "300")]
    timeout: Duration,
    /// Set the variables for a client that does not use the usual ones
    #[arg(long, value_enum, value_name = "CLIENT")]
    env_for: Option<EnvFor>,
    /// Another client: its command and its arguments
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

const EXAMPLES: &str = "\
Examples:
  mockstack matrix -- ./boot.sh                              in all releases
  mockstack matrix --release train.. --report junit=matrix.xml -- go test ./...
  mockstack matrix --client osc='bash osc.sh' --client sdk='python sdk.py' --known known.yaml";

/// The options of all commands with a cloud, as they are here.
fn describe(option: clap::Arg) -> clap::Arg {
    match option.get_id().as_str() {
        "release" => {
            option.value_name("A..B").help("The releases: train, train..2026.2, rocky.., juno,train.. [default: all]")
        }
        "record" => option.value_name("DIR").help("Write the recording of each cell to DIR/CLIENT/CLOUD.jsonl"),
        "report" => option.help("Write the matrix (text, json, junit, markdown); - is standard output; repeatable"),
        id if REFUSED.contains(&id) => option.hide(true),
        _ => option,
    }
}

impl MatrixCommand {
    /// Runs all cells, and returns the exit code.
    pub fn main(&self) -> Result<i32, Failure> {
        let early = Early::of_run();
        refuse(&self.options, &[])?;
        let Some(settings) = self.options.settings(&[])? else { return Ok(0) };
        let ground = settings.ground()?;
        read_largest_table(Arc::new(ground.contracts.clone()));
        let (clients, reports) = (self.clients()?, self.reports()?);
        let release = self.options.given("--release").next_back();
        let places = places(&settings, &ground, release.as_deref().unwrap_or("all"), &self.vendors)?;
        let known = self.known.as_ref().map(|path| self.known_failures(path, &ground)).transpose()?;
        if let Some(first) = places.first() {
            // What would fail everywhere is told once.
            first.settings.exchange_on(first.ground.clone())?;
        }
        let manner = Manner { env_for: self.env_for, limit: self.timeout, early };
        let mut matrix = Matrix {
            clouds: places.iter().map(|place| place.name.clone()).collect(),
            clients: clients.iter().map(|client| client.name.clone()).collect(),
            cells: in_runtime(self.run(manner, clients, places))?,
            unused: Vec::new(),
        };
        known.iter().for_each(|known| known.mark(&mut matrix));
        tell_all(&matrix, &reports)
    }

    fn clients(&self) -> Result<Vec<Client>, Diagnostic> {
        let mut clients = self.clients.clone();
        clients.extend(Client::of_command(&self.command));
        if clients.is_empty() {
            return Err(Diagnostic::new("there is no client to run")
                .row("fix", "add -- COMMAND, or --client NAME=COMMAND for each of several"));
        }
        let is_twice =
            |(place, client): (usize, &Client)| clients.iter().take(place).any(|own| own.name == client.name);
        match clients.iter().enumerate().find(|(place, client)| is_twice((*place, client))) {
            None => Ok(clients),
            Some((_, client)) => Err(Diagnostic::new("two clients have the same name")
                .row("found", client.name.as_str())
                .row("fix", "name each: --client NAME=COMMAND")),
        }
    }

    fn reports(&self) -> Result<Vec<Wanted>, Diagnostic> {
        let wanted = self.options.given("--report").map(|text| text.parse().map_err(Diagnostic::new));
        let wanted: Vec<Wanted> = wanted.collect::<Result<_, Diagnostic>>()?;
        if let Some(other) = wanted.iter().find(|wanted| wanted.format.matrix.is_none()) {
            let can: Vec<_> = FORMATS.iter().filter(|own| own.matrix.is_some()).map(|own| own.name).collect();
            return Err(Diagnostic::new(format!("a matrix cannot be written as {}", other.format.name))
                .row("fix", format!("choose one of {}", can.join(", "))));
        }
        one_file_each(self.known.as_deref(), wanted.iter().map(|wanted| wanted.path.as_path()))?;
        wanted.iter().try_for_each(try_report)?;
        Ok(wanted)
    }

    fn known_failures(&self, path: &Path, ground: &Ground) -> Result<Known, Diagnostic> {
        let name = path.display().to_string();
        let text = read_text(path).map_err(|error| {
            Diagnostic::new("cannot read the known failures")
                .row("where", name.as_str())
                .row("because", error.to_string())
        })?;
        let vendors: Vec<String> = self.vendors.iter().map(|path| name_of(path)).collect();
        Known::read(&parse_yaml(&name, &text)?, |cloud| match vendors.iter().any(|own| own == cloud) {
            true => Ok(vec![cloud.to_owned()]),
            false => releases(&ground.contracts, cloud),
        })
    }

    /// Every cell, in order.
    async fn run(&self, manner: Manner, clients: Vec<Client>, places: Vec<Place>) -> Vec<Cell> {
        let jobs = self.jobs.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZero::get);
        let (turns, manner) = (Arc::new(Semaphore::new(jobs)), Arc::new(manner));
        let folder = self.options.given("--record").next_back().map(PathBuf::from);
        let mut running = JoinSet::new();
        for place in places {
            for client in &clients {
                let (turns, manner, folder) = (Arc::clone(&turns), Arc::clone(&manner), folder.clone());
                let (place, client, order) = (place.clone(), client.clone(), running.len());
                running.spawn(async move {
                    // Nobody closes it.
                    let _turn = turns.acquire().await;
                    (order, cell(&manner, &client, place, folder.as_deref()).await)
                });
            }
        }
        let progress = Cells::new(running.len());
        let mut cells = Vec::new();
        while let Some(done) = running.join_next().await {
            progress.step();
            // A cell that panicked is a defect of ours, which panics here too.
            cells.push(done.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic())));
        }
        cells.sort_by_key(|(order, _)| *order);
        cells.into_iter().map(|(_, cell)| cell).collect()
    }
}

/// What `client` comes to in the cloud of `place`; its recording and its output are put below `folder`.
async fn cell(manner: &Manner, client: &Client, mut place: Place, folder: Option<&Path>) -> Cell {
    let cloud = place.name.clone();
    let recording = folder.map(|folder| recording_in(folder, &client.name, &cloud)).transpose();
    let came = match recording {
        Ok(recording) => {
            place.settings.options.record.clone_from(&recording);
            manner.run(client, place).await.map(|came| (came, recording))
        }
        Err(told) => Err(told.into()),
    };
    match came {
        Ok((came, recording)) => {
            let mut cell = Cell::new(&client.name, &cloud, &came.outcome, came.ended.why());
            let log = recording.map(|path| path.with_extension("log"));
            if let Some(Err(error)) = log.map(|path| std::fs::write(path, &came.output)) {
                tell(format!("warning: the output of {} in {cloud} cannot be kept: {error}\n", client.name));
            }
            (cell.output, cell.took) = (came.output, came.took);
            cell
        }
        Err(Failure { exit, diagnostic }) => Cell {
            client: client.name.clone(),
            cloud,
            cause: Some(Cause::Exit(exit)),
            reason: diagnostic.headline.clone(),
            verdict: diagnostic.to_string(),
            output: String::new(),
            requests: (0, 0),
            took: Duration::ZERO,
            known: None,
        },
    }
}

/// Writes and prints the matrix; the exit code.
fn tell_all(matrix: &Matrix, reports: &[Wanted]) -> Result<i32, Failure> {
    let mut failed = false;
    let mut note = |told: Diagnostic| {
        tell(format!("error: {told}"));
        failed = true;
    };
    for wanted in reports {
        let text = wanted.format.matrix.map(|write| write(matrix)).unwrap_or_default();
        if let Err(error) = write_text(wanted, text) {
            note(unwritable(wanted, &error));
        }
    }
    if let Err(told) = summarize(matrix) {
        note(told);
    }
    let text = matrix_text(matrix);
    match reports.iter().any(|wanted| wanted.path.as_os_str() == "-") {
        true => tell(text),
        false => print(text)?,
    }
    Ok(if failed { Exit::Usage.code() } else { matrix.exit_code() })
}

/// Appends the Markdown to the summary of a GitHub job, if there is one.
fn summarize(matrix: &Matrix) -> Result<(), Diagnostic> {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else { return Ok(()) };
    let file = std::fs::OpenOptions::new().append(true).create(true).open(&path);
    let written = file.and_then(|mut file| std::io::Write::write_all(&mut file, matrix_markdown(matrix).as_bytes()));
    written.map_err(|error| {
        Diagnostic::new("cannot write the summary of the job")
            .row("where", format!("{} ($GITHUB_STEP_SUMMARY)", path.to_string_lossy()))
            .row("because", error.to_string())
    })
}
