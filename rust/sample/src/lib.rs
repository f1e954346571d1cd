//! A client as an application may have one: it logs in and boots servers.

use std::collections::BTreeMap;

use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A session in a project.
pub struct Session {
    client: Client,
    compute: String,
    token: String,
}

impl Session {
    /// Logs in with the variables of an openrc.
    pub async fn log_in(env: &BTreeMap<String, String>) -> Result<Session, Failure> {
        let client = Client::builder().no_proxy().build()?;
        let value = |name: &str| env.get(name).ok_or_else(|| format!("{name} is not set"));
        let user =
            json!({"name": value("OS_USERNAME")?, "password": value("OS_PASSWORD")?, "domain": {"id": "default"}});
        let identity = json!({"methods": ["password"], "password": {"user": user}});
        let auth = json!({"auth": {"identity": identity, "scope": {"project": {"id": value("OS_PROJECT_ID")?}}}});
        let url = format!("{}/v3/auth/tokens", value("OS_AUTH_URL")?);
        let answer = client.post(url).json(&auth).send().await?.error_for_status()?;
        let token = answer.headers()["X-Subject-Token"].to_str()?.to_owned();
        let body: Value = answer.json().await?;
        let services = body["token"]["catalog"].as_array().into_iter().flatten();
        let compute = services
            .filter(|service| service["type"] == "compute")
            .find_map(|service| service["endpoints"][0]["url"].as_str());
        Ok(Session { client, compute: compute.ok_or("no compute service")?.to_owned(), token })
    }

    /// Boots a server with `more` than the least; its id.
    pub async fn boot(&self, name: &str, more: Value) -> Result<String, Failure> {
        let mut server = json!({
            "name": name, "imageRef": "a8a63b4d-63a0-4aed-820d-0f5f249e07d9", "flavorRef": "1", "networks": "auto",
        });
        let fields = more.as_object().cloned().unwrap_or_default();
        server.as_object_mut().into_iter().for_each(|server| server.extend(fields.clone()));
        let answer =
            self.ask(self.client.post(format!("{}/servers", self.compute)).json(&json!({"server": server}))).await?;
        match answer.status() {
            StatusCode::ACCEPTED => {
                Ok(answer.json::<Value>().await?["server"]["id"].as_str().ok_or("no id")?.to_owned())
            }
            status => Err(format!("{status}: {}", answer.text().await?).into()),
        }
    }

    /// The names of the servers.
    pub async fn servers(&self) -> Result<Vec<String>, Failure> {
        let answer = self.ask(self.client.get(format!("{}/servers", self.compute))).await?;
        let body: Value = answer.error_for_status()?.json().await?;
        let servers = body["servers"].as_array().into_iter().flatten();
        Ok(servers.filter_map(|server| server["name"].as_str().map(str::to_owned)).collect())
    }

    async fn ask(&self, request: reqwest::RequestBuilder) -> Result<Response, Failure> {
        let request = request.header("X-Auth-Token", &self.token).header("OpenStack-API-Version", "compute 2.37");
        Ok(request.send().await?)
    }
}
