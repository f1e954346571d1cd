//! The options of a command line that mockstack.yaml may set too: they are put together with what it says before they are read.

use std::ffi::OsString;
use std::marker::PhantomData;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::cloud_options::CloudOptions;
use super::config::{ConfigFile, Configured, argument, print_config};
use super::failure::Failure;
use super::print::print;
use super::settings::Settings;

/// The options that `run`, `serve`, `record` and `replay` share. All of it may stand in mockstack.yaml too: what is given here
/// wins, lists are put together.
#[derive(Clone, Debug, Args)]
pub struct Configurable {
    #[command(flatten)]
    config: ConfigFile,
    /// Print the options that are in force, and do nothing
    #[arg(long)]
    print_config: bool,
    #[command(flatten)]
    given: Given<CloudOptions>,
}

impl Configurable {
    /// The settings in force: those of the file, with the options of the command line over them, to which those in `more`
    /// belong. `None`: they were only to be printed.
    ///
    /// # Errors
    /// The file cannot be read, or contains something that no option takes.
    pub fn settings(&self, more: &[OsString]) -> Result<Option<Settings>, Failure> {
        let Configured { mut arguments, places } = self.config.read()?;
        arguments.extend(self.given.arguments.iter().chain(more).cloned());
        let matches = Settings::matches(arguments)?;
        if self.print_config {
            print(print_config(&matches))?;
            return Ok(None);
        }
        Ok(Some(Settings::of(&matches, places)?))
    }

    /// Is the option called `long` on the command line?
    pub fn is_given(&self, long: &str) -> bool {
        self.given(long).next().is_some()
    }

    /// The values of the option called `long` on the command line, in their order; a flag has an empty one.
    pub fn given(&self, long: &str) -> impl DoubleEndedIterator<Item = String> {
        let value = move |argument: &OsString| {
            let rest = argument.to_string_lossy().strip_prefix(long)?.to_owned();
            if rest.is_empty() { Some(rest) } else { rest.strip_prefix('=').map(str::to_owned) }
        };
        self.given.arguments.iter().filter_map(value)
    }
}

/// Those options of `O` that are on the command line, as arguments.
#[derive(Clone, Debug)]
pub struct Given<O> {
    pub arguments: Vec<OsString>,
    options: PhantomData<O>,
}

impl<O: Args> Args for Given<O> {
    fn augment_args(command: Command) -> Command {
        O::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        O::augment_args_for_update(command)
    }
}

impl<O: Args> FromArgMatches for Given<O> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Given<O>, clap::Error> {
        let mut arguments = Vec::new();
        for option in O::augment_args(Command::new("")).get_arguments() {
            let id = option.get_id().as_str();
            if matches.value_source(id) != Some(ValueSource::CommandLine) {
                continue;
            }
            if option.get_action().takes_values() {
                let values = matches.get_raw(id).into_iter().flatten();
                arguments.extend(values.map(|value| argument(option, Some(value))));
            } else {
                arguments.push(argument(option, None));
            }
        }
        Ok(Given { arguments, options: PhantomData })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Given::from_arg_matches(matches)?;
        Ok(())
    }
}
