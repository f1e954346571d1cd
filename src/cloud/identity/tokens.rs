//! Tokens and the catalog.

use super::catalog;
use super::credentials::authenticate;
use super::token_body::token_body;
use crate::base::json::{Value, json};
use crate::cloud::store::{Cloud, Fault, Token};
use crate::cloud::verb::{Answer, Ask};
use crate::contract::{Code, TokenForm, check_login};

/// A new token.
pub fn issue(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    check_login(ask.body).map_err(|(code, at, message)| Fault { at: Some(at), ..Fault::new(code, 400, message) })?;
    let text = authenticate(cloud, ask.token_form(), &ask.body["auth"])?;
    catalog::refresh(cloud, ask);
    // A token that is over at once is handed out all the same.
    describe(cloud, ask, &text, cloud.tokens.get(&text))
}

/// Shows the token in `X-Subject-Token`.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let text = subject(ask, "identity:validate_token")?;
    catalog::refresh(cloud, ask);
    describe(cloud, ask, text, cloud.token(text))
}

/// The token in `X-Subject-Token`, or in the path of v2.0, ends.
pub fn revoke(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let text = subject(ask, "identity:revoke_token")?;
    cloud.tokens.remove(text).ok_or_else(no_token)?;
    let status = ask.operation.success(ask.version).map_or(204, |row| row.status);
    Ok(Answer::empty(status))
}

/// The catalog of the caller's token.
pub fn catalog(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    catalog::refresh(cloud, ask);
    // Why, it keeps to itself.
    const NO_PROJECT: &str = "You are not authorized to perform the requested action.";
    let project = ask.project().ok_or_else(|| Fault::new(Code::Policy, 403, NO_PROJECT))?;
    let catalog = catalog::catalog(cloud, Some(project));
    ask.answer(Some(json!({"catalog": catalog, "links": {"self": "self:auth/catalog"}})))
}

impl Ask<'_> {
    /// The form of the tokens that the cloud issues: that of its release.
    pub(in crate::cloud) fn token_form(&self) -> TokenForm {
        self.contracts.release().map_or_else(TokenForm::default, |release| release.tokens)
    }
}

/// The token that is asked about. Who names none is not told that it is missing, unless it may do anything.
fn subject<'a>(ask: &Ask<'a>, rule: &str) -> Result<&'a str, Fault> {
    let in_path = ask.parameters.first().map(String::as_str);
    let missing = || match ask.is_admin() || ask.service.classic {
        true => no_token(),
        false => Fault::forbidden_by(rule, (ask.manner().policy)(rule)),
    };
    let text = in_path.or_else(|| ask.headers.get("X-Subject-Token")).ok_or_else(missing)?;
    ask.token_form().recognize(text).map_err(Fault::not_found)?;
    Ok(text)
}

fn no_token() -> Fault {
    Fault::not_found("Failed to validate token")
}

fn describe(cloud: &Cloud, ask: &Ask<'_>, text: &str, token: Option<&Token>) -> Result<Answer, Fault> {
    let mut stored = token_body(cloud, token.ok_or_else(no_token)?);
    if ask.query.0.iter().any(|(name, _)| name == "nocatalog")
        && let Some(token) = stored.get_mut("token").and_then(Value::as_object_mut)
    {
        token.remove("catalog");
    }
    Ok(ask.answer(Some(stored))?.with("X-Subject-Token", text))
}
