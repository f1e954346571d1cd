//! Floor 6: the command line, one file a command.

mod arguments;
mod cloud_options;
mod config;
mod contract;
mod environment;
mod explain;
mod process;
mod report;
mod run;
mod serve;
mod serving;
mod settings;
mod snapshots;

pub use arguments::main;
