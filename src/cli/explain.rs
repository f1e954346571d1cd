//! `mockstack explain`

use std::str::FromStr;

use clap::Args;

use super::failure::Failure;
use super::print::print;
use crate::base::Diagnostic;
use crate::contract::{CODES, Code};
use crate::lint::{LINT_RULES, LintRuleRow};
use crate::report::{EXITS, ExitRow};

/// Explain what a code of a verdict means, and what to do about it; without a code, list all of them.
#[derive(Debug, Args)]
pub struct Explain {
    /// The code, as the verdict prints it, a rule of `lint`, or an exit code or its name: 40, violation
    #[arg(value_parser = Topic::from_str)]
    code: Option<Topic>,
}

/// What can be explained.
#[derive(Clone, Copy, Debug)]
enum Topic {
    Code(Code),
    Exit(&'static ExitRow),
    Lint(&'static LintRuleRow),
}

impl FromStr for Topic {
    type Err = String;

    fn from_str(text: &str) -> Result<Topic, String> {
        let exit = EXITS.iter().find(|exit| exit.name == text || exit.code.to_string() == text);
        let lint = LINT_RULES.iter().find(|row| row.name == text).map(Topic::Lint);
        exit.map(Topic::Exit).or(lint).map_or_else(|| text.parse().map(Topic::Code), Ok)
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
                print(text)?;
            }
            Some(Topic::Lint(row)) => {
                let fails = if row.rule.is_error() { "yes" } else { "with --strict" };
                print(Diagnostic::new(row.name).row("means", row.meaning).row("fails", fails).row("fix", row.advice))?;
            }
            Some(Topic::Code(code)) => {
                let row = code.row();
                let text = Diagnostic::new(row.name)
                    .row("means", row.meaning)
                    .row("fails", fails(row.fails))
                    .row("fix", row.advice);
                print(text)?;
            }
            None => print(CODES.iter().map(|row| format!("{:18} {}\n", row.name, row.meaning)).collect::<String>())?,
        }
        Ok(0)
    }
}
