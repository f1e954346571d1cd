//! `mockstack explain`

use std::str::FromStr;

use clap::Args;

use super::arguments::Failure;
use crate::base::Diagnostic;
use crate::contract::{CODES, Code};
use crate::report::{EXITS, Exit};

/// What a code of a verdict means, and what to do about it; without a code, all of them in a line each.
#[derive(Debug, Args)]
pub struct Explain {
    /// The code, as the verdict prints it, or an exit code or its name: 40, violation
    #[arg(value_parser = Topic::from_str)]
    code: Option<Topic>,
}

/// What can be explained.
#[derive(Clone, Copy, Debug)]
enum Topic {
    Code(Code),
    Exit(Exit),
}

impl FromStr for Topic {
    type Err = String;

    fn from_str(text: &str) -> Result<Topic, String> {
        let exit = EXITS.iter().find(|exit| exit.name == text || exit.code.to_string() == text);
        exit.map_or_else(|| text.parse().map(Topic::Code), |exit| Ok(Topic::Exit(*exit)))
    }
}

impl Explain {
    /// Prints the row, or the table.
    pub fn main(&self) -> Result<i32, Failure> {
        let fails = |fails: bool| if fails { "yes, unless it is allowed" } else { "no, unless it is denied" };
        match self.code {
            Some(Topic::Exit(exit)) => {
                let text =
                    Diagnostic::new(exit.name).row("exit code", exit.code.to_string()).row("means", exit.meaning);
                anstream::print!("{text}");
            }
            Some(Topic::Code(code)) => {
                let row = code.row();
                let text = Diagnostic::new(row.name)
                    .row("means", row.meaning)
                    .row("fails", fails(row.fails))
                    .row("fix", row.advice);
                anstream::print!("{text}");
            }
            None => CODES.iter().for_each(|row| anstream::println!("{:18} {}", row.name, row.meaning)),
        }
        Ok(0)
    }
}
