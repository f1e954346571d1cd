//! Tokens: who asks, for which project, until when.

use std::sync::Arc;

use jiff::Timestamp;

use super::caller::Caller;
use super::contents::{Project, User};

/// A token that was issued.
#[derive(Clone, Debug)]
pub struct Token {
    /// Who asks.
    pub caller: Arc<Caller>,
    /// The methods by which the user authenticated.
    pub methods: Vec<String>,
    /// The id of the application credential, if one was used.
    pub application_credential: Option<String>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Keystone's id of the token, and that of the first one that it was exchanged for.
    pub audit_ids: Vec<String>,
}

impl Caller {
    /// A user in a project, with the roles that the fixture gives; `None` if it gives none.
    pub fn scoped(user: &User, project: &Project) -> Option<Caller> {
        let roles = user.roles.get(&project.id)?.clone();
        let admin = roles.iter().any(|role| role == "admin");
        Some(Caller {
            user: user.id.clone(),
            project: Some(project.id.clone()),
            project_name: Some(project.name.clone()),
            roles,
            admin,
            ..Caller::default()
        })
    }
}
