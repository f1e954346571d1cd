//! The exit codes: one table, and what a run ends with.

macro_rules! exits {
    ($($variant:ident $code:literal $name:literal $meaning:literal;)*) => {
        /// How mockstack ends of its own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Exit {
            $(#[doc = $meaning] $variant,)*
        }

        /// The table behind [`Exit`], by code. `run` ends with 45, 44 or 2 first, then with the command's own code, then with 40,
        /// 41, 43, 42 or 46. 126 and 127 are a command that could not be started, 128 and more a signal.
        pub const EXITS: &[ExitRow] = &[
            $(ExitRow { exit: Exit::$variant, code: $code, name: $name, meaning: $meaning },)*
        ];
    };
}

/// A row of [`EXITS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExitRow {
    /// The kind of exit.
    pub exit: Exit,
    /// The code.
    pub code: u8,
    /// Its name in reports.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

exits! {
    Clean 0 "clean" "every request was right, and nothing else failed";
    Found 1 "found" "`lint` found something, or `healthcheck` no cloud that answers";
    Usage 2 "usage" "the command line, a fixture, a contract or a file of cases is wrong, or a report or snapshot could not be written";
    Violation 40 "violation" "a request broke its contract";
    Unmatched 41 "unmatched" "a request matched no operation, a run does not match the recording that it replays, or a known failure no longer fails";
    NothingAsked 42 "nothing-asked" "no request was accepted, or only logins: nothing was tested";
    Snapshots 43 "snapshots" "a snapshot is missing, changed or unreferenced";
    Recording 44 "recording" "the recording could not be written, is incomplete, or has a possible secret that needs a decision";
    Serve 45 "serve" "the server could not be started";
    Undecided 46 "undecided" "it is unclear whether a real cloud keeps the contract of an operation in the recording, whether a client can be upgraded, or where it starts to fail";
    Different 47 "different" "two recordings differ, two contracts more than `--fail-on` lets pass, or a suite touches less than `--min` wants";
}

impl Exit {
    /// The row of the table.
    pub fn row(self) -> &'static ExitRow {
        // The enum and the table come from one list, in one order.
        &EXITS[self as usize]
    }

    /// The code to exit with.
    pub fn code(self) -> i32 {
        i32::from(self.row().code)
    }
}

/// What fails a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A row of the table of exit codes.
    Exit(Exit),
    /// The command of `run`, with its own code.
    Command(i32),
}

/// What ends a run comes in this order, as docs/exit-codes.md has it; a command's own code comes before a violation.
const ORDER: [Exit; 11] = [
    Exit::Usage,
    Exit::Serve,
    Exit::Recording,
    Exit::Violation,
    Exit::Unmatched,
    Exit::Snapshots,
    Exit::NothingAsked,
    Exit::Undecided,
    Exit::Different,
    Exit::Found,
    Exit::Clean,
];

impl Cause {
    /// How bad it is among others: what ends a run first is worst, and of several commands the one with the highest code.
    pub fn weight(self) -> (usize, i32) {
        let place = |exit| ORDER.iter().rev().position(|own| *own == exit).unwrap_or_default();
        match self {
            Cause::Exit(exit) => (place(exit) * 2, 0),
            Cause::Command(code) => (place(Exit::Violation) * 2 + 1, code),
        }
    }

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Cause::Exit(exit) => exit.row().name,
            Cause::Command(_) => "command",
        }
    }

    /// The code to exit with.
    pub fn code(self) -> i32 {
        match self {
            Cause::Exit(exit) => exit.code(),
            Cause::Command(code) => code,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exit_finds_its_own_row() {
        for row in EXITS {
            assert_eq!((row.exit.row(), Cause::Exit(row.exit).name()), (row, row.name));
        }
        assert!(EXITS.is_sorted_by_key(|row| row.code));
    }
}
