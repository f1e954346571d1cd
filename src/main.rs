//! The `mockstack` command.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    mockstack::cli::main()
}
