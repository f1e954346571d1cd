//! The sessions of projects, and how a request finds its own: by the token that it sends, or by whom it logs in as.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use foldhash::HashMap;

use super::sequence::lock;
use super::session::{Owner, Session};
use crate::base::Diagnostic;
use crate::base::json::Value;
use crate::cloud::{Seal, Template, Tenant};
use crate::message::{Body, Request};

/// The sessions of projects.
#[derive(Debug, Default)]
pub struct Sessions {
    known: RwLock<Known>,
    /// How many there are, so that who has none pays for none.
    count: AtomicUsize,
    /// What those have in common that bring the same fixture along, or none.
    templates: Mutex<HashMap<Vec<String>, Arc<Template>>>,
}

#[derive(Debug, Default)]
struct Known {
    by_name: BTreeMap<Arc<str>, Arc<Session>>,
    by_seal: HashMap<Seal, Arc<Session>>,
    /// By the ids of project and user.
    by_id: HashMap<Arc<str>, Arc<Session>>,
    /// The number that was given last to a project without a name.
    last: usize,
}

impl Sessions {
    fn read(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The template of those that bring those fixtures along. It is made when it is first needed; `None`: nobody can log in.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn template(
        &self,
        over: Vec<String>,
        make: impl FnOnce() -> Result<Option<Template>, Diagnostic>,
    ) -> Result<Option<Arc<Template>>, Diagnostic> {
        /// A suite has a few fixtures, each in many tests.
        const MOST: usize = 100;
        let mut templates = lock(&self.templates);
        if let Some(known) = templates.get(&over) {
            return Ok(Some(Arc::clone(known)));
        }
        let Some(made) = make()?.map(Arc::new) else { return Ok(None) };
        if templates.len() >= MOST {
            templates.clear();
        }
        templates.insert(over, Arc::clone(&made));
        Ok(Some(made))
    }

    /// A name that none has.
    pub fn free_name(&self) -> String {
        let mut known = self.write();
        loop {
            known.last += 1;
            let name = format!("project-{}", known.last);
            if !known.by_name.contains_key(name.as_str()) {
                return name;
            }
        }
    }

    /// Adds a session; returns whether its name was free.
    pub fn add(&self, session: Arc<Session>) -> bool {
        let Some(Owner { tenant, .. }) = &session.owner else { return false };
        let Tenant { name, project, user, seal, .. } = tenant;
        let mut known = self.write();
        let is_taken = known.by_name.contains_key(name.as_str()) || known.by_seal.contains_key(seal);
        if is_taken {
            return false;
        }
        known.by_name.insert(name.as_str().into(), Arc::clone(&session));
        known.by_seal.insert(*seal, Arc::clone(&session));
        for id in [project, user] {
            known.by_id.insert(id.as_str().into(), Arc::clone(&session));
        }
        self.count.store(known.by_name.len(), Ordering::Release);
        true
    }

    /// Takes out the session of the project with that name or id.
    pub fn remove(&self, word: &str) -> Option<Arc<Session>> {
        let mut known = self.write();
        let session = Arc::clone(known.named(word)?);
        let Tenant { name, project, user, seal, .. } = &session.owner.as_ref()?.tenant;
        known.by_name.remove(name.as_str());
        known.by_seal.remove(seal);
        [project, user].into_iter().for_each(|id| drop(known.by_id.remove(id.as_str())));
        self.count.store(known.by_name.len(), Ordering::Release);
        Some(session)
    }

    /// The session of the project with that name or id.
    pub fn named(&self, word: &str) -> Option<Arc<Session>> {
        self.read().named(word).cloned()
    }

    /// All, in alphabetical order of their names.
    pub fn all(&self) -> Vec<Arc<Session>> {
        self.read().by_name.values().cloned().collect()
    }

    /// The session that `request` belongs to, if it is a project's.
    pub fn of(&self, request: &Request, body: &Body) -> Option<Arc<Session>> {
        if self.count.load(Ordering::Acquire) == 0 {
            return None;
        }
        let known = self.read();
        let by_token = request.headers.get("X-Auth-Token").and_then(|token| known.of_token(token));
        let by_login = || match body {
            Body::Json(body) if request.method == "POST" => known.of_login(body.get("auth")?),
            _ => None,
        };
        by_token.or_else(by_login).cloned()
    }
}

impl Known {
    fn named(&self, word: &str) -> Option<&Arc<Session>> {
        self.by_name.get(word).or_else(|| self.by_id.get(word))
    }

    fn of_token(&self, token: &str) -> Option<&Arc<Session>> {
        self.by_seal.get(&Seal::of_token(token)?)
    }

    /// The session in which somebody logs in: that of the project, or of the token that is exchanged, or of the user. v2.0 has all
    /// of them at the top.
    fn of_login(&self, auth: &Value) -> Option<&Arc<Session>> {
        let at = |path: &str| auth.pointer(path).and_then(Value::as_str);
        let named = |paths: &[&str]| paths.iter().find_map(|path| self.named(at(path)?));
        let exchanged = || TOKENS.iter().find_map(|path| self.of_token(at(path)?));
        named(&PROJECTS).or_else(exchanged).or_else(|| named(&USERS)).or_else(|| self.of_credential(at(CREDENTIAL)?))
    }

    /// The session in which a client made an application credential.
    fn of_credential(&self, id: &str) -> Option<&Arc<Session>> {
        self.by_name.values().find(|session| session.cloud().is_some_and(|cloud| cloud.made_credential(id)))
    }
}

/// Where a login has its project.
const PROJECTS: [&str; 4] = ["/scope/project/id", "/scope/project/name", "/tenantId", "/tenantName"];

/// Where it has the token that is exchanged for another.
const TOKENS: [&str; 2] = ["/identity/token/id", "/token/id"];

/// Where it has its user.
const USERS: [&str; 6] = [
    "/identity/password/user/id",
    "/identity/password/user/name",
    "/identity/application_credential/user/id",
    "/identity/application_credential/user/name",
    "/passwordCredentials/userId",
    "/passwordCredentials/username",
];

/// Where it has the id of an application credential.
const CREDENTIAL: &str = "/identity/application_credential/id";
