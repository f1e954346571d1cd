//! What a client needs to find the cloud: variables, an openrc, a clouds.yaml.

use std::path::Path;

use crate::base::json::json;
use crate::cloud::{Fixture, Project, Tenant};
use crate::contract::Contracts;

/// A client that uses other variables than most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum EnvFor {
    /// Go's `AuthOptionsFromEnv`: it takes the domain of the user from `OS_DOMAIN_NAME`, which novaclient takes for a scope
    /// beside that of the project, and refuses.
    Gophercloud,
}

impl EnvFor {
    /// The client of that name.
    pub fn named(name: &str) -> Option<EnvFor> {
        (name == "gophercloud").then_some(EnvFor::Gophercloud)
    }
}

/// Where clients find the cloud, their credentials, and the Keystone version of the clients of its release.
#[derive(Clone, Debug)]
pub struct Entrance {
    /// `http://HOST:PORT`.
    origin: String,
    /// The path at which clients log in, if it is not the usual one.
    path: Option<String>,
    speaks_v2: bool,
    region: String,
    domain: String,
    user: String,
    password: String,
    project: Project,
    /// The file with the certificate that clients have to trust.
    authority: Option<String>,
}

impl Entrance {
    /// The entrance at `origin` to a cloud with `contracts` and `fixture`, for the user whom the fixture has for clients. The
    /// clients of a release in which Nova had its experimental v3 use Keystone's v2.0, which has no domains, and do not look for
    /// versions. `None`: nobody can log in.
    pub fn new(origin: String, contracts: &Contracts, fixture: &Fixture) -> Option<Entrance> {
        let speaks_v2 = contracts.release().is_some_and(|release| release.offers.contains_key("compute-v3"));
        let (user, project) = fixture.entrance()?;
        let (user, password, project) = (user.name.clone(), user.password.clone(), project.clone());
        let (region, domain) = (fixture.region.clone(), fixture.domain.name.clone());
        Some(Entrance { origin, path: None, speaks_v2, region, domain, user, password, project, authority: None })
    }

    /// The same for the user of a project that has a cloud of its own.
    #[must_use]
    pub fn of(self, tenant: &Tenant) -> Entrance {
        let project = Project { id: tenant.project.clone(), name: tenant.name.clone() };
        Entrance { user: tenant.name.clone(), password: tenant.password.clone(), project, ..self }
    }

    /// The same with another path at which clients log in.
    #[must_use]
    pub fn at(self, path: Option<String>) -> Entrance {
        Entrance { path, ..self }
    }

    /// The same where clients have to trust the certificate in the file `authority`.
    #[must_use]
    pub fn trusting(self, authority: Option<&Path>) -> Entrance {
        Entrance { authority: authority.map(|path| path.display().to_string()), ..self }
    }

    /// The URL of the identity service.
    pub fn identity(&self) -> String {
        format!("{}/identity", self.origin)
    }

    /// The URL at which clients log in, and the version of Keystone's API that they use.
    fn login(&self) -> (String, &'static str) {
        let (root, version) = if self.speaks_v2 { ("/v2.0", "2.0") } else { ("", "3") };
        let usual = || self.identity() + root;
        (self.path.as_ref().map_or_else(usual, |path| format!("{}{path}", self.origin)), version)
    }

    /// The variables that point a client here.
    pub fn variables(&self, client: Option<EnvFor>) -> Vec<(String, String)> {
        let (auth_url, version) = self.login();
        let (project, domain) = (&self.project, &self.domain);
        let all = [
            ("OS_AUTH_URL", auth_url.as_str()),
            ("OS_USERNAME", &self.user),
            ("OS_PASSWORD", &self.password),
            ("OS_PROJECT_ID", &project.id),
            ("OS_PROJECT_NAME", &project.name),
            ("OS_TENANT_NAME", &project.name),
            ("OS_USER_DOMAIN_NAME", domain),
            ("OS_PROJECT_DOMAIN_NAME", domain),
            ("OS_DOMAIN_NAME", domain),
            ("OS_REGION_NAME", &self.region),
            ("OS_IDENTITY_API_VERSION", version),
            ("NO_PROXY", NO_PROXY),
            ("no_proxy", NO_PROXY),
            ("MOCKSTACK_URL", &self.origin),
        ];
        let is_understood = |name: &str| match name {
            "OS_DOMAIN_NAME" => client == Some(EnvFor::Gophercloud) && !self.speaks_v2,
            _ => !self.speaks_v2 || !name.ends_with("_DOMAIN_NAME"),
        };
        let authority = self.authority.iter().map(|path| ("OS_CACERT", path.as_str()));
        let understood = all.into_iter().chain(authority).filter(|(name, _)| is_understood(name));
        understood.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// The variables in the syntax of a shell.
    pub fn openrc(&self, client: Option<EnvFor>) -> String {
        self.variables(client).iter().map(|(name, value)| format!("export {name}={}\n", quoted(value))).collect()
    }

    /// A clouds.yaml with the cloud `mockstack`, in the JSON that is YAML too: no name or password can break out of it.
    pub fn clouds_yaml(&self) -> String {
        let (auth_url, version) = self.login();
        let mut auth = json!({
            "auth_url": auth_url, "username": self.user, "password": self.password, "project_name": self.project.name,
        });
        if !self.speaks_v2 {
            auth["user_domain_name"] = json!(self.domain);
            auth["project_domain_name"] = json!(self.domain);
        }
        let mut cloud = json!({"auth": auth, "region_name": self.region, "identity_api_version": version});
        if let Some(authority) = &self.authority {
            cloud["cacert"] = json!(authority);
        }
        format!("{:#}\n", json!({"clouds": {"mockstack": cloud}}))
    }
}

const NO_PROXY: &str = "127.0.0.1,localhost,::1";

/// `value` quoted as one word of a shell.
fn quoted(value: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/,%+@=".contains(c);
    match !value.is_empty() && value.chars().all(is_plain) {
        true => value.to_owned(),
        false => format!("'{}'", value.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entrance(release: &str, overlay: impl FnOnce(&mut Fixture)) -> Entrance {
        let mut fixture = Fixture::base().unwrap();
        overlay(&mut fixture);
        let contracts = Contracts::embedded().unwrap().deviating(Some(release), &fixture.release).unwrap();
        Entrance::new("http://127.0.0.1:8774".to_owned(), &contracts, &fixture).unwrap()
    }

    fn value(entrance: &Entrance, client: Option<EnvFor>, name: &str) -> Option<String> {
        entrance.variables(client).into_iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    #[test]
    fn variables_openrc_and_clouds_yaml_come_from_the_fixture() {
        let entrance = entrance("2026.2", |fixture| {
            fixture.region = "RegionTwo".to_owned();
            fixture.domain.name = "Firm".to_owned();
            fixture.users[0].password = "it's \"$5\"".to_owned();
        });
        assert_eq!(value(&entrance, None, "OS_REGION_NAME").as_deref(), Some("RegionTwo"));
        assert_eq!(value(&entrance, None, "OS_PASSWORD").as_deref(), Some("it's \"$5\""));
        assert_eq!(value(&entrance, None, "OS_USER_DOMAIN_NAME").as_deref(), Some("Firm"));
        assert!(entrance.openrc(None).contains("export OS_PASSWORD='it'\\''s \"$5\"'\n"), "{}", entrance.openrc(None));
        let yaml = crate::base::parse_yaml("clouds.yaml", &entrance.clouds_yaml()).unwrap().to_json();
        let cloud = &yaml["clouds"]["mockstack"];
        assert_eq!((&cloud["region_name"], &cloud["auth"]["password"]), (&json!("RegionTwo"), &json!("it's \"$5\"")));
        assert_eq!(cloud["auth"]["project_domain_name"], json!("Firm"));
    }

    #[test]
    fn clients_of_icehouse_hear_of_version_2_alone() {
        let entrance = entrance("icehouse", |_| ());
        let yaml = crate::base::parse_yaml("clouds.yaml", &entrance.clouds_yaml()).unwrap().to_json();
        let cloud = &yaml["clouds"]["mockstack"];
        assert_eq!(cloud["identity_api_version"], json!("2.0"));
        assert_eq!(cloud["auth"]["auth_url"], json!("http://127.0.0.1:8774/identity/v2.0"));
        assert!(
            !entrance.clouds_yaml().contains("domain")
                && !entrance.openrc(Some(EnvFor::Gophercloud)).contains("DOMAIN")
        );
    }

    #[test]
    fn only_go_hears_of_a_domain_beside_the_project() {
        let entrance = entrance("2026.2", |_| ());
        assert_eq!(value(&entrance, None, "OS_DOMAIN_NAME"), None);
        assert_eq!(value(&entrance, Some(EnvFor::Gophercloud), "OS_DOMAIN_NAME").as_deref(), Some("Default"));
    }
}
