//! `mockstack contract export`

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::print::print;
use crate::base::{Diagnostic, Microversion, Version, Versions};
use crate::contract::{Api, Contracts, ServiceContract, openapi};
use crate::report::Exit;

/// Write the contract as an OpenAPI 3.1 document, for the tools of others.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ContractExport {
    /// The format
    #[arg(long, value_enum, default_value = "openapi", value_name = "FORMAT")]
    format: Form,
    /// The version of the services that have it; others are not exported unless `--service` names them [default: the newest]
    #[arg(long, value_name = "VERSION", conflicts_with = "all")]
    microversion: Option<Microversion>,
    /// All microversions in one document, with `x-openstack` ranges as OpenStack's own documents have them
    #[arg(long)]
    all: bool,
    /// Only this service (compute, nova); may be repeated [default: all that the release offers]
    #[arg(long, value_name = "NAME")]
    service: Vec<String>,
    /// The URL at which the cloud is
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8774")]
    server: String,
}

/// The format.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    /// OpenAPI 3.1, as JSON
    Openapi,
}

const EXAMPLES: &str = "\
Examples:
  mockstack contract export --microversion 2.37 --service compute > compute.json
  mockstack contract export --release train > train.json           every service at its newest version of train
  mockstack contract export --all --service compute > nova.json    every microversion in one document";

impl ContractExport {
    /// Writes the document, and returns the exit code.
    pub fn main(&self, contracts: &Contracts) -> Result<i32, Failure> {
        let Form::Openapi = self.format;
        for name in &self.service {
            if !contracts.living().any(|contract| is_named(contract, name)) {
                let names = contracts.living().map(|contract| contract.service.name.as_str());
                return Err(Diagnostic::new(format!("no service is called {name:?}")).did_you_mean(name, names).into());
            }
        }
        let apis: Vec<Api<'_>> = contracts
            .living()
            .filter(|contract| self.service.is_empty() || self.service.iter().any(|name| is_named(contract, name)))
            .filter_map(|contract| Some(Api::new(contract, self.versions(contract)?)))
            .collect::<Result<_, _>>()?;
        if let (true, Some(version)) = (apis.is_empty(), self.microversion) {
            return Err(Diagnostic::new(format!("no service has the version {version}")).into());
        }
        print(format!("{:#}\n", openapi(&apis, self.server.trim_end_matches('/'))?))?;
        Ok(Exit::Clean.code())
    }

    /// The versions of an API in the document; `None` if it is not exported.
    fn versions(&self, contract: &ServiceContract) -> Option<Versions> {
        let all = contract.service.versions();
        let newest = Versions::only(all.iter().last().unwrap_or(Version::FIRST));
        match (self.microversion, &contract.service.microversions) {
            _ if self.all => Some(all),
            (Some(asked), Some(own)) if own.minimum.major == asked.major => own.place(asked).map(Versions::only),
            (Some(_), _) => (!self.service.is_empty()).then_some(newest),
            (None, _) => Some(newest),
        }
    }
}

fn is_named(contract: &ServiceContract, name: &str) -> bool {
    contract.service.name == name || contract.service.synonyms.iter().any(|own| own == name)
}
