//! The credentials of a real cloud: <https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html>

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::process::Environment;
use crate::base::json::{Map, Name, Value, json};
use crate::base::{Diagnostic, parse_yaml, read_text};

/// A real cloud and its credentials.
#[derive(Clone, Debug)]
pub struct RealCloud {
    /// The URL of its identity service.
    pub auth_url: String,
    /// The certificates that its clients trust, if not those of the platform.
    pub cacert: Option<PathBuf>,
    /// Do its clients trust any certificate?
    pub insecure: bool,
    /// Notes for the user.
    pub notes: Vec<String>,
    /// The cloud's name, and a clouds.yaml that contains it.
    name: String,
    clouds: Value,
    /// Variables besides `OS_AUTH_URL`.
    variables: Vec<(String, String)>,
    /// Inherited variables that a command must not see.
    hidden: Vec<OsString>,
}

/// How a command finds the proxy.
pub struct Way {
    /// Its environment.
    pub environment: Environment,
    /// Its clouds.yaml.
    pub clouds_yaml: String,
}

/// Variables, and their keys below `auth` in clouds.yaml.
const AUTH: [(&str, &str); 22] = [
    ("OS_USERNAME", "username"),
    ("OS_USER_ID", "user_id"),
    ("OS_PASSWORD", "password"),
    ("OS_PASSCODE", "passcode"),
    ("OS_PROJECT_NAME", "project_name"),
    ("OS_PROJECT_ID", "project_id"),
    ("OS_TENANT_NAME", "tenant_name"),
    ("OS_TENANT_ID", "tenant_id"),
    ("OS_USER_DOMAIN_NAME", "user_domain_name"),
    ("OS_USER_DOMAIN_ID", "user_domain_id"),
    ("OS_PROJECT_DOMAIN_NAME", "project_domain_name"),
    ("OS_PROJECT_DOMAIN_ID", "project_domain_id"),
    ("OS_DOMAIN_NAME", "domain_name"),
    ("OS_DOMAIN_ID", "domain_id"),
    ("OS_DEFAULT_DOMAIN", "default_domain"),
    ("OS_SYSTEM_SCOPE", "system_scope"),
    ("OS_TRUST_ID", "trust_id"),
    ("OS_APPLICATION_CREDENTIAL_ID", "application_credential_id"),
    ("OS_APPLICATION_CREDENTIAL_NAME", "application_credential_name"),
    ("OS_APPLICATION_CREDENTIAL_SECRET", "application_credential_secret"),
    ("OS_TOKEN", "token"),
    ("OS_ACCESS_TOKEN", "access_token"),
];

/// Variables, and their keys next to `auth`.
const BESIDE: [(&str, &str); 4] = [
    ("OS_REGION_NAME", "region_name"),
    ("OS_IDENTITY_API_VERSION", "identity_api_version"),
    ("OS_AUTH_TYPE", "auth_type"),
    ("OS_INTERFACE", "interface"),
];

impl RealCloud {
    /// The cloud at `auth_url`, with the credentials of the OS_* variables.
    ///
    /// # Errors
    /// It is not an HTTP URL.
    pub fn of_environment(auth_url: &str) -> Result<RealCloud, Diagnostic> {
        check_url(auth_url)?;
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let named = |table: &[(&str, &str)]| -> Map {
            table.iter().filter_map(|(name, key)| Some(((*key).to_owned(), variable(name)?.into()))).collect()
        };
        let mut cloud = named(&BESIDE);
        cloud.insert("auth", named(&AUTH).into());
        let (mut hidden, mut notes) = (Vec::new(), Vec::new());
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if leads_elsewhere(&text) {
                notes.push(format!("{text} is ignored: it would bypass the recording"));
                hidden.push(name);
            } else if matches!(text.as_ref(), "OS_CLOUD" | "OS_CLIENT_SECURE_FILE") {
                hidden.push(name);
            }
        }
        Ok(RealCloud {
            auth_url: auth_url.to_owned(),
            cacert: variable("OS_CACERT").map(PathBuf::from),
            insecure: false,
            notes,
            name: "mockstack".to_owned(),
            clouds: json!({"clouds": {"mockstack": cloud}}),
            variables: Vec::new(),
            hidden,
        })
    }

    /// The cloud `name` in clouds.yaml, merged with secure.yaml.
    ///
    /// # Errors
    /// The file or cloud does not exist, or has no URL of an identity service.
    pub fn named(name: &str) -> Result<RealCloud, Diagnostic> {
        let (path, mut clouds) = first_file("OS_CLIENT_CONFIG_FILE", "clouds")?.ok_or_else(|| {
            Diagnostic::new("no clouds.yaml was found")
                .row(
                    "looked in",
                    folders().iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(", "),
                )
                .row(
                    "fix",
                    "set OS_CLIENT_CONFIG_FILE to one, or give the URL of the identity service instead of a cloud",
                )
        })?;
        if let Some((_, secure)) = first_file("OS_CLIENT_SECURE_FILE", "secure")? {
            merge(&mut clouds, secure);
        }
        let at = path.display().to_string();
        let names: Vec<String> = clouds
            .get("clouds")
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(Map::keys)
            .map(Name::to_string)
            .collect();
        let Some(cloud) =
            clouds.pointer_mut("/clouds").and_then(|all| all.get_mut(name)).and_then(Value::as_object_mut)
        else {
            return Err(Diagnostic::new(format!("no cloud is called {name:?}"))
                .row("where", at)
                .did_you_mean(name, names.iter().map(String::as_str))
                .row("fix", format!("choose one of {}", names.join(", "))));
        };
        let notes = without_overrides(cloud);
        let cloud = cloud.clone();
        let auth_url = cloud.get("auth").and_then(|auth| auth.get("auth_url")).or_else(|| cloud.get("auth_url"));
        let auth_url = auth_url.and_then(Value::as_str).ok_or_else(|| {
            Diagnostic::new(format!("the cloud {name:?} has no auth_url"))
                .row("where", at)
                .row("fix", "add it under auth; vendor profiles are not read")
        })?;
        check_url(auth_url)?;
        let is_false = |key: &str| cloud.get(key).is_some_and(|value| *value == json!(false));
        let is_true = |key: &str| cloud.get(key).is_some_and(|value| *value == json!(true));
        Ok(RealCloud {
            auth_url: auth_url.to_owned(),
            cacert: cloud.get("cacert").and_then(Value::as_str).map(PathBuf::from),
            insecure: is_false("verify") || is_true("insecure"),
            notes,
            name: name.to_owned(),
            variables: variables_of(&cloud),
            hidden: std::env::vars_os().map(|(name, _)| name).filter(is_of_another).collect(),
            clouds,
        })
    }

    /// The same user at the identity service at `auth_url`.
    ///
    /// # Errors
    /// It is not an HTTP URL.
    pub fn at(self, auth_url: &str) -> Result<RealCloud, Diagnostic> {
        check_url(auth_url)?;
        Ok(RealCloud { auth_url: auth_url.to_owned(), ..self })
    }

    /// The credentials, in the form of `auth` in clouds.yaml.
    pub fn auth(&self) -> Map {
        let cloud = self.clouds.get("clouds").and_then(|all| all.get(&self.name));
        cloud.and_then(|cloud| cloud.get("auth")?.as_object()).cloned().unwrap_or_default()
    }

    /// The region that its clients use, if there is one.
    pub fn region(&self) -> Option<&str> {
        self.clouds.get("clouds")?.get(&self.name)?.get("region_name")?.as_str()
    }

    /// What makes a command use `auth_url`; its clouds.yaml will be at `config`.
    pub fn way(&self, auth_url: &str, config: &Path, authority: Option<&Path>) -> Way {
        let (mut clouds, authority) = (self.clouds.clone(), authority.map(|path| path.display().to_string()));
        if let Some(cloud) =
            clouds.pointer_mut("/clouds").and_then(|all| all.get_mut(&self.name)).and_then(Value::as_object_mut)
        {
            cloud.remove("auth_url");
            let auth = cloud.get_or_insert_with("auth", || json!({}));
            auth.as_object_mut().map(|auth| auth.insert("auth_url", auth_url.into()));
            if let Some(authority) = &authority {
                cloud.insert("cacert", authority.as_str().into());
            }
        }
        let config = config.display().to_string();
        let mut set = self.variables.clone();
        set.extend([
            ("OS_AUTH_URL".to_owned(), auth_url.to_owned()),
            ("OS_CLIENT_CONFIG_FILE".to_owned(), config.clone()),
            // The file has all of it already; another one would be put over it.
            ("OS_CLIENT_SECURE_FILE".to_owned(), config),
            ("NO_PROXY".to_owned(), NO_PROXY.to_owned()),
            ("no_proxy".to_owned(), NO_PROXY.to_owned()),
        ]);
        set.extend(authority.map(|path| ("OS_CACERT".to_owned(), path)));
        if self.name != "mockstack" {
            set.push(("OS_CLOUD".to_owned(), self.name.clone()));
        }
        Way { environment: Environment { remove: self.hidden.clone(), set }, clouds_yaml: format!("{clouds:#}\n") }
    }
}

const NO_PROXY: &str = "127.0.0.1,localhost,::1";

fn check_url(url: &str) -> Result<(), Diagnostic> {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let authority = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let wrong = |what: &str| {
        Err(Diagnostic::new(what).row("fix", "give it as http://HOST:PORT/v3 or https://HOST/identity/v3"))
    };
    match (authority.is_empty(), authority.contains('@')) {
        (true, _) => wrong("the URL of the identity service is not an HTTP URL"),
        (_, true) => wrong("the URL of the identity service contains credentials"),
        (false, false) => Ok(()),
    }
}

/// Is it a variable with the URL of a service?
fn leads_elsewhere(name: &str) -> bool {
    let names_place = name.contains("ENDPOINT") || name.ends_with("_URL");
    name.starts_with("OS_") && names_place && !matches!(name, "OS_ENDPOINT_TYPE" | "OS_AUTH_URL")
}

/// Is it a variable of another cloud, or of another login? Versions and the like are the client's own.
fn is_of_another(name: &OsString) -> bool {
    let name = name.to_string_lossy();
    let is_own = name.ends_with("_API_VERSION")
        || matches!(name.as_ref(), "OS_INTERFACE" | "OS_ENDPOINT_TYPE" | "OS_REGION_NAME");
    name.starts_with("OS_") && !is_own
}

/// Removes the URLs of services; returns notes about them.
fn without_overrides(cloud: &mut Map) -> Vec<String> {
    let is_override =
        |key: &Name| key.ends_with("endpoint_override") || key.ends_with("_endpoint") || key == "endpoint";
    let keys: Vec<Name> = cloud.keys().filter(|key| is_override(key)).cloned().collect();
    keys.iter().for_each(|key| drop(cloud.remove(key)));
    keys.into_iter().map(|key| format!("{key} of the cloud is ignored: it would bypass the recording")).collect()
}

fn variables_of(cloud: &Map) -> Vec<(String, String)> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let auth = cloud.get("auth").and_then(Value::as_object);
    let inner = AUTH.iter().filter_map(|(name, key)| Some(((*name).to_owned(), text(auth?.get(key)?)?)));
    let beside = BESIDE.iter().filter_map(|(name, key)| Some(((*name).to_owned(), text(cloud.get(key)?)?)));
    inner.chain(beside).collect()
}

/// Where clients look, in this order.
fn folders() -> Vec<PathBuf> {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config"));
    let own = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).or_else(home);
    let own = own.map(|folder| folder.join("openstack"));
    [PathBuf::from(".")].into_iter().chain(own).chain([PathBuf::from("/etc/openstack")]).collect()
}

/// The first file that exists: that of the `variable`, or one called `name` where clients look.
fn first_file(variable: &str, name: &str) -> Result<Option<(PathBuf, Value)>, Diagnostic> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    let usual = folders()
        .into_iter()
        .flat_map(|folder| ["yaml", "yml", "json"].map(|end| folder.join(format!("{name}.{end}"))));
    let Some(path) = named.into_iter().chain(usual).find(|path| path.is_file()) else { return Ok(None) };
    let text = read_text(&path).map_err(|error| {
        Diagnostic::new("cannot read the credentials")
            .row("where", path.display().to_string())
            .row("because", error.to_string())
    })?;
    let read = parse_yaml(&path.display().to_string(), &text)?.to_json();
    Ok(Some((path, read)))
}

/// Merges `other` over `own`, map by map.
fn merge(own: &mut Value, other: Value) {
    match (own, other) {
        (Value::Object(own), Value::Object(other)) => {
            other.into_iter().for_each(|(key, value)| merge(own.get_or_insert_with(key, Value::default), value));
        }
        (_, Value::Null) => {}
        (own, other) => *own = other,
    }
}
