//! The exit codes: one table.

/// A row of the table of exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit {
    /// The code.
    pub code: u8,
    /// Its name in reports.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// All exit codes of mockstack's own, by code. `run` ends with 2, 44 or 45 first, then with the command's own code, then
/// with 40, 41, 43 or 42. 126 and 127 are a command that could not be started, 128 and more a signal.
pub const EXITS: &[Exit] = &[
    Exit { code: 0, name: "clean", meaning: "every request was right and everything asked for was done" },
    Exit { code: 2, name: "usage", meaning: "the command line, a fixture, a contract or a file of cases is wrong" },
    Exit { code: 40, name: "violation", meaning: "a request broke its contract" },
    Exit { code: 41, name: "unmatched", meaning: "a request led to no operation" },
    Exit { code: 42, name: "nothing-asked", meaning: "no request was accepted: nothing was tested" },
    Exit { code: 43, name: "snapshots", meaning: "a snapshot is missing, changed or unreferenced" },
    Exit { code: 44, name: "recording", meaning: "the recording could not be written" },
    Exit { code: 45, name: "serve", meaning: "the server could not be started" },
];

impl Exit {
    /// The row called `name`; the first row if there is none.
    pub fn named(name: &str) -> Exit {
        EXITS.iter().find(|exit| exit.name == name).copied().unwrap_or(EXITS[0])
    }
}
