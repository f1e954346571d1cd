//! Floor 6: the command line, one file a command.

mod against;
mod arguments;
mod asker;
mod cloud_options;
mod clouds;
mod config;
mod configurable;
mod connection;
mod contract;
mod convert;
mod diff;
mod explain;
mod failure;
mod named_cloud;
mod print;
mod process;
mod progress;
mod reasoned;
mod record;
mod replay;
mod report;
mod reports;
mod run;
mod serve;
mod serving;
mod settings;
mod signals;
mod snapshots;
mod values;
mod verify;
mod versions;

pub use crate::cli::arguments::main;
pub use crate::cli::config::config_text;
