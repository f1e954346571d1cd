//! What a client needs to find the cloud: variables, an openrc, a clouds.yaml.

use std::net::SocketAddr;

/// The variables that lead a client to the cloud at `address`, as user `demo` of project `demo`. The clients of a release in
/// which Nova had its experimental v3 speak Keystone's v2.0, which knows no domains, and look for no versions.
pub fn variables(address: SocketAddr, speaks_v2: bool) -> Vec<(String, String)> {
    let root = if speaks_v2 { "/v2.0" } else { "" };
    let version = if speaks_v2 { "2.0" } else { "3" };
    let all = [
        ("OS_AUTH_URL", format!("{}{root}", auth_url(address))),
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
    let is_understood = |name: &str| !speaks_v2 || !name.ends_with("_DOMAIN_NAME");
    all.into_iter().filter(|(name, _)| is_understood(name)).map(|(name, value)| (name.to_owned(), value)).collect()
}

const NO_PROXY: &str = "127.0.0.1,localhost,::1";

/// Where clients log in.
pub fn auth_url(address: SocketAddr) -> String {
    format!("http://{address}/identity")
}

/// The variables as a shell reads them.
pub fn openrc(address: SocketAddr, speaks_v2: bool) -> String {
    variables(address, speaks_v2).iter().map(|(name, value)| format!("export {name}={value}\n")).collect()
}

/// A clouds.yaml with the cloud `mockstack`.
pub fn clouds_yaml(address: SocketAddr) -> String {
    format!(
        "clouds:\n  mockstack:\n    auth:\n      auth_url: {}\n      username: demo\n      password: secret\n      \
         project_name: demo\n      user_domain_name: Default\n      project_domain_name: Default\n    region_name: RegionOne\n    \
         identity_api_version: 3\n",
        auth_url(address)
    )
}
