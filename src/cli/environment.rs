//! What a client needs to find the cloud: variables, an openrc, a clouds.yaml.

use std::net::SocketAddr;

use crate::contract::Contracts;

/// Where clients find the cloud, and which Keystone those of its release speak.
#[derive(Clone, Copy, Debug)]
pub struct Entrance {
    /// Where it listens.
    pub address: SocketAddr,
    speaks_v2: bool,
}

impl Entrance {
    /// The entrance at `address` of a cloud with `contracts`. The clients of a release in which Nova had its experimental v3 speak
    /// Keystone's v2.0, which knows no domains, and look for no versions.
    pub fn new(address: SocketAddr, contracts: &Contracts) -> Entrance {
        let speaks_v2 = contracts.release().is_some_and(|release| release.offers.contains_key("compute-v3"));
        Entrance { address, speaks_v2 }
    }

    /// Where clients log in.
    pub fn auth_url(&self) -> String {
        format!("http://{}/identity", self.address)
    }

    /// The variables that lead a client here, as user `demo` of project `demo`.
    pub fn variables(&self) -> Vec<(String, String)> {
        let (root, version) = if self.speaks_v2 { ("/v2.0", "2.0") } else { ("", "3") };
        let all = [
            ("OS_AUTH_URL", format!("{}{root}", self.auth_url())),
            ("OS_USERNAME", "demo".to_owned()),
            ("OS_PASSWORD", "secret".to_owned()),
            ("OS_PROJECT_NAME", "demo".to_owned()),
            ("OS_TENANT_NAME", "demo".to_owned()),
            ("OS_USER_DOMAIN_NAME", "Default".to_owned()),
            ("OS_PROJECT_DOMAIN_NAME", "Default".to_owned()),
            ("OS_REGION_NAME", "RegionOne".to_owned()),
            ("OS_IDENTITY_API_VERSION", version.to_owned()),
            ("NO_PROXY", NO_PROXY.to_owned()),
            ("no_proxy", NO_PROXY.to_owned()),
        ];
        let is_understood = |name: &str| !self.speaks_v2 || !name.ends_with("_DOMAIN_NAME");
        all.into_iter().filter(|(name, _)| is_understood(name)).map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The variables as a shell reads them.
    pub fn openrc(&self) -> String {
        self.variables().iter().map(|(name, value)| format!("export {name}={value}\n")).collect()
    }

    /// A clouds.yaml with the cloud `mockstack`.
    pub fn clouds_yaml(&self) -> String {
        format!(
            "clouds:\n  mockstack:\n    auth:\n      auth_url: {}\n      username: demo\n      password: secret\n      \
             project_name: demo\n      user_domain_name: Default\n      project_domain_name: Default\n    region_name: RegionOne\n    \
             identity_api_version: 3\n",
            self.auth_url()
        )
    }
}

const NO_PROXY: &str = "127.0.0.1,localhost,::1";
