//! `mockstack releases`

use clap::Args;

use super::failure::Failure;
use super::print::print;
use super::verify::within;
use crate::contract::Contracts;

/// List the OpenStack releases that a cloud can have, one name per line, the oldest first.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  mockstack releases train..2023.1")]
pub struct Releases {
    /// Only these: train, pike..train, pike..
    #[arg(value_name = "RANGE", default_value = "..")]
    range: String,
}

impl Releases {
    /// Prints the names.
    pub fn main(&self) -> Result<i32, Failure> {
        let names = within(&Contracts::embedded()?, &self.range)?;
        print(names.iter().map(|name| format!("{name}\n")).collect::<String>())?;
        Ok(0)
    }
}
