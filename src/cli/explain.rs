//! `mockstack explain`

use clap::Args;

use super::arguments::Failure;
use crate::base::Diagnostic;
use crate::contract::{CODES, Code};

/// What a code of a verdict means, and what to do about it; without a code, all of them in a line each.
#[derive(Debug, Args)]
pub struct Explain {
    /// The code, as the verdict prints it
    code: Option<Code>,
}

impl Explain {
    /// Prints the row, or the table.
    pub fn main(&self) -> Result<i32, Failure> {
        let fails = |fails: bool| if fails { "yes, unless it is allowed" } else { "no, unless it is denied" };
        match self.code.map(Code::row) {
            Some(row) => {
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
