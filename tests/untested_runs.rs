//! Runs that asked something and tested nothing.
#![allow(clippy::unwrap_used, reason = "a test")]

mod curl;

#[test]
fn a_login_followed_by_nothing_but_401_tests_nothing() {
    let output = curl::run(
        &[],
        r#"login >/dev/null; curl -s -o /dev/null -w '%{http_code}' "$COMPUTE/servers" -H 'X-Auth-Token: stale'"#,
    );
    let verdict = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(
        (output.status.code(), String::from_utf8_lossy(&output.stdout).as_ref()),
        (Some(42), "401"),
        "{verdict}"
    );
    assert!(
        verdict.contains("only logins and version documents were accepted: 1 of 2 requests were refused"),
        "{verdict}"
    );
}

#[test]
fn one_accepted_request_with_a_token_is_a_test() {
    let script = r#"token=$(login)
        curl -s -o /dev/null "$COMPUTE/servers" -H 'X-Auth-Token: stale'; curl -s -o /dev/null "$COMPUTE/servers" -H "X-Auth-Token: $token""#;
    assert_eq!(curl::run(&[], script).status.code(), Some(0));
    assert!(curl::mockstack(&["--version"]).status().unwrap().success());
}
