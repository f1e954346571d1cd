//! `mockstack convert`

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use tempfile::NamedTempFile;

use super::config::ConfigFile;
use super::failure::Failure;
use super::platform::new_file_in;
use super::print::{gone_is_fine, tell};
use super::progress::Progress;
use super::verify::{open, whole};
use crate::base::{Diagnostic, can_be_written, folder_of};
use crate::contract::Contracts;
use crate::recording::{Header, Interaction};
use crate::report::{Ending, Exit};
use crate::verify::{Export, Form, Source, Stubs, ordered, pact, wiremock};

/// Convert another tool's recording into one of mockstack, or a recording into a HAR file.
///
/// The output contains no secrets, says what is wrong with each exchange, and is complete: `report`, `verify` and `replay` read it.
/// An existing file TO is replaced once the new one is complete.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Convert {
    /// A file that `--record` wrote, a HAR file, a cassette of betamax or VCR, lines of JSON exchanges, or a debug log
    from: PathBuf,
    /// The file to write; - is standard output
    to: PathBuf,
    /// The format to write [default: by the name of TO: .jsonl or .har]
    #[arg(long = "to", value_enum, value_name = "FORMAT")]
    form: Option<To>,
    /// Judge by the contracts of this release [default: that of FROM, or the newest]
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    /// A folder of contracts that override the embedded ones
    #[arg(long, value_name = "DIR")]
    contracts: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigFile,
    /// The number of threads [default: one per core]
    #[arg(long, value_name = "N")]
    threads: Option<NonZero<usize>>,
}

/// See [`Form`].
#[derive(Clone, Copy, Debug, ValueEnum)]
enum To {
    /// The format that `--record` writes
    Recording,
    /// HAR 1.2, which browsers can open
    Har,
    /// Mappings of WireMock
    Wiremock,
    /// A Pact of version 4
    Pact,
}

const EXAMPLES: &str = "\
Examples:
  mockstack convert boot.jsonl boot.har        to look at it in the network tab of a browser
  mockstack convert cassette.yaml boot.jsonl   then: mockstack replay boot.jsonl
  mockstack convert boot.jsonl boot.json --to wiremock";

impl Convert {
    /// Converts, and returns the exit code.
    pub fn main(&self) -> Result<i32, Failure> {
        match self.form {
            Some(To::Wiremock) => return self.stubs(wiremock),
            Some(To::Pact) => return self.stubs(pact),
            _ => {}
        }
        let form = self.form()?;
        let (mut source, contracts) = self.open()?;
        let Header { seed, cloud, .. } = source.header.clone();
        let header = Header { cloud, ..Header::new(seed, &contracts) };
        let unwritable = |error: io::Error| unwritable(&self.to, &error);
        let output = Output::create(&self.to).map_err(unwritable)?;
        let mut export = Export::begin(form, BufWriter::new(output), &header).map_err(unwritable)?;
        self.copy(&contracts, form, &mut source, &mut export)?;
        let ended = source.end();
        let is_whole = whole(&self.from, &ended);
        let end = is_whole.as_ref().ok().map(|()| ended.end.unwrap_or_else(|| Ending::default().to_json()));
        let count = export.count;
        let output = export.end(end).map_err(unwritable)?;
        output.into_inner().map_err(io::IntoInnerError::into_error).and_then(Output::keep).map_err(unwritable)?;
        is_whole?;
        tell(format!("{count} exchanges were written to {}\n", self.to.display()));
        Ok(Exit::Clean.code())
    }

    fn open(&self) -> Result<(Source, Contracts), Diagnostic> {
        let opened = open(&self.from, self.contracts.as_deref(), self.release.as_deref())?;
        opened.0.notes.iter().for_each(|note| tell(format!("note: {note}\n")));
        Ok(opened)
    }

    /// Writes what another tool answers with, and tells what it cannot say.
    fn stubs(&self, make: fn(&[Interaction]) -> Stubs) -> Result<i32, Failure> {
        let (mut source, contracts) = self.open()?;
        let (verifier, mut all) = (source.verifier(&contracts), Vec::new());
        ordered(self.threads, source.by_ref(), |one| verifier.kept(one), |one| all.push(one))?;
        whole(&self.from, &source.end())?;
        let Stubs { document, lost } = make(&all);
        let unwritable = |error: io::Error| unwritable(&self.to, &error);
        let mut output = Output::create(&self.to).map_err(unwritable)?;
        output.write_all(format!("{document:#}\n").as_bytes()).and_then(|()| output.keep()).map_err(unwritable)?;
        lost.iter().for_each(|lost| tell(format!("warning: {lost}\n")));
        tell(format!("{} exchanges were written to {}\n", all.len(), self.to.display()));
        Ok(Exit::Clean.code())
    }

    /// Hands the interactions of `source` on.
    fn copy(
        &self,
        contracts: &Contracts,
        form: Form,
        source: &mut Source,
        export: &mut Export<impl Write>,
    ) -> Result<(), Failure> {
        let extensions = Arc::new(self.config.settings()?.extensions());
        let verifier = source.verifier(contracts).with_extensions(&extensions);
        let (mut written, mut progress) = (Ok(()), Progress::new(&self.from, source));
        ordered(
            self.threads,
            source.by_ref(),
            |interaction| form.interaction(&verifier.kept(interaction)),
            |interaction| {
                if written.is_ok() {
                    written = export.add(&interaction);
                }
                progress.step();
            },
        )?;
        Ok(written.map_err(|error| unwritable(&self.to, &error))?)
    }

    /// The format to write: from `--to`, or from the name of the file.
    fn form(&self) -> Result<Form, Diagnostic> {
        let ending = self.to.extension().and_then(|ending| ending.to_str());
        match (self.form, ending) {
            (Some(To::Recording), _) | (None, Some("jsonl")) => Ok(Form::Recording),
            (Some(To::Har), _) | (None, Some("har")) => Ok(Form::Har),
            (_, _) => Err(Diagnostic::new("the name of TO does not say which format to write")
                .row("found", self.to.display().to_string())
                .row("expected", "a name that ends with .jsonl (a recording) or .har (HAR 1.2)")
                .row("fix", "choose another name, or use --to recording or --to har")),
        }
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new("cannot write the converted file")
        .row("where", if path.as_os_str() == "-" { "standard output".into() } else { path.display().to_string() })
        .row("because", error.to_string())
        .row("fix", "name a file in an existing, writable folder")
}

/// Where it goes. A file is put in its place when it is whole, so that TO may be FROM, and nothing is lost to a mistake.
enum Output {
    Printed(io::Stdout),
    Device(File),
    File(NamedTempFile, PathBuf),
}

impl Output {
    fn create(path: &Path) -> io::Result<Output> {
        if path.as_os_str() == "-" {
            return Ok(Output::Printed(io::stdout()));
        }
        can_be_written(path)?;
        if path.exists() && !path.is_file() {
            return Ok(Output::Device(File::create(path)?));
        }
        let folder = folder_of(path);
        // Of a folder that is not there the path of the file in the making would be told.
        std::fs::metadata(folder)?;
        // As many may read it as may read what `--record` writes.
        Ok(Output::File(new_file_in(folder)?, path.to_owned()))
    }

    fn keep(self) -> io::Result<()> {
        match self {
            Output::Printed(mut output) => gone_is_fine(output.flush()),
            Output::Device(_) => Ok(()),
            Output::File(file, path) => file.persist(path).map(drop).map_err(|error| error.error),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Output::Printed(output) => match output.write(bytes) {
                // A reader that has gone has seen enough.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(bytes.len()),
                written => written,
            },
            Output::Device(file) => file.write(bytes),
            Output::File(file, _) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Output::Printed(output) => gone_is_fine(output.flush()),
            Output::Device(file) => file.flush(),
            Output::File(file, _) => file.flush(),
        }
    }
}
