//! Who asks: a user, mostly in a project.

/// Who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// The id of the user.
    pub user: String,
    /// The id of the project; `None`: the token has none.
    pub project: Option<String>,
    /// The id of the domain, of a token that is scoped to one.
    pub domain: Option<String>,
    /// Is the token scoped to the system?
    pub system: bool,
    /// The name of the project.
    pub project_name: Option<String>,
    /// The names of the roles.
    pub roles: Vec<String>,
    /// Is `admin` among them?
    pub admin: bool,
}

impl Caller {
    /// The caller limited to `roles`; none means all that it has.
    #[must_use]
    pub fn with_only(mut self, roles: &[String]) -> Caller {
        self.roles.retain(|role| roles.is_empty() || roles.contains(role));
        self.admin = self.roles.iter().any(|role| role == "admin");
        self
    }

    /// Has the caller `role`, or one that implies it (admin implies manager, member and reader)? Everybody is `anybody`.
    pub fn has_role(&self, role: &str) -> bool {
        if role == "anybody" {
            return true;
        }
        const CHAIN: [&str; 4] = ["reader", "member", "manager", "admin"];
        let implying = CHAIN.iter().position(|r| *r == role).map_or(&[][..], |place| &CHAIN[place..]);
        self.roles.iter().any(|own| own == role || implying.contains(&own.as_str()))
    }
}
