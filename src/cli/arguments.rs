//! The command line.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use super::failure::Failure;
use super::print::tell;
use super::values::command_without_dashes;
use super::{
    bisect, can_i_upgrade, completions, contract, convert, coverage, diff, explain, explain_log, healthcheck, history,
    lint, matrix, record, releases, replay, report, run, serve, signals, snapshots, verify,
};
use crate::message::Redactor;
use crate::report::Exit;

/// A stand-in OpenStack cloud that judges every request against the versioned contract it was sent under.
#[derive(Debug, Parser)]
#[command(name = "mockstack", version, arg_required_else_help = true, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  mockstack run -- pytest tests/integration         judge the requests of a test suite
  mockstack run --record boot.jsonl -- ./boot.sh    and record every request
  mockstack serve                                   a cloud that stays up; prints an openrc
  mockstack contract show compute.servers.create --microversion 2.37
  mockstack explain not-yet";

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a command against a fresh cloud and judge its requests
    Run(run::Run),
    /// Run a cloud until a signal stops it
    Serve(serve::Serve),
    /// Run as a proxy of a real cloud, and judge and record its requests and answers
    Record(record::Record),
    /// Answer from a recording
    Replay(replay::Replay),
    /// Run clients against every release, and show where they fail
    Matrix(matrix::MatrixCommand),
    /// Find the release and the microversion at which a command starts to fail
    Bisect(bisect::Bisect),
    /// Would a client go on working if its cloud became another release?
    CanIUpgrade(can_i_upgrade::CanIUpgrade),
    /// Keep what clients of many versions asked, over time
    History(history::History),
    /// What the tests of recordings touch, of what their client uses
    Coverage(coverage::CoverageCommand),
    /// Find bodies and answers in files of a repository that no version of the API has
    Lint(lint::Lint),
    /// The table of operations: list it, show a row, check requests against it
    Contract(contract::Contract),
    /// Write a report from a recording
    Report(report::Report),
    /// Judge recordings again, by any release
    Verify(verify::Verify),
    /// Judge the requests and answers of a debug log
    ExplainLog(explain_log::ExplainLog),
    /// Convert another tool's recording into one of mockstack, or a recording into HAR
    Convert(convert::Convert),
    /// Show how two recordings of a scenario differ
    Diff(diff::DiffCommand),
    /// Show pending snapshots
    Review(snapshots::Selection),
    /// Accept pending snapshots
    Accept(snapshots::Selection),
    /// Drop pending snapshots
    Reject(snapshots::Selection),
    /// Ask a cloud whether it is up
    Healthcheck(healthcheck::Healthcheck),
    /// List the OpenStack releases
    Releases(releases::Releases),
    /// Explain a code of a verdict
    Explain(explain::Explain),
    /// Print the completions of a shell
    Completions(completions::Completions),
    /// Write the man pages into a folder
    Man(completions::Man),
}

/// Runs the command line and returns the exit code.
pub fn main() -> ExitCode {
    signals::outlive_full_files();
    let result = match arguments().command {
        Command::Run(run) => run.main(),
        Command::Serve(serve) => serve.main(),
        Command::Record(record) => record.main(),
        Command::Replay(replay) => replay.main(),
        Command::Matrix(matrix) => matrix.main(),
        Command::Bisect(bisect) => bisect.main(),
        Command::CanIUpgrade(upgrade) => upgrade.main(),
        Command::History(history) => history.main(),
        Command::Coverage(coverage) => coverage.main(),
        Command::Lint(lint) => lint.main(),
        Command::Contract(contract) => contract.main(),
        Command::Report(report) => report.main(),
        Command::Verify(verify) => verify.main(),
        Command::ExplainLog(explain_log) => explain_log.main(),
        Command::Convert(convert) => convert.main(),
        Command::Diff(diff) => diff.main(),
        Command::Review(selection) => selection.review(),
        Command::Accept(selection) => selection.accept(),
        Command::Reject(selection) => selection.reject(),
        Command::Healthcheck(healthcheck) => healthcheck.main(),
        Command::Releases(releases) => releases.main(),
        Command::Explain(explain) => explain.main(),
        Command::Completions(completions) => completions.main(Arguments::command()),
        Command::Man(man) => man.main(Arguments::command()),
    };
    let code = result.unwrap_or_else(|Failure { exit, diagnostic }| {
        tell(format!("error: {}", Redactor::default().text(&diagnostic.to_string())));
        exit.code()
    });
    // Codes of commands are at most 255; anything beyond cannot be told.
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}

/// The arguments; help requests and usage errors end the process here.
fn arguments() -> Arguments {
    Arguments::try_parse().unwrap_or_else(|error| {
        let words: Vec<String> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
        if let Some(diagnostic) = command_without_dashes(&error, &words) {
            tell(format!("error: {diagnostic}"));
            std::process::exit(Exit::Usage.code());
        }
        error.exit()
    })
}
