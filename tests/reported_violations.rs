//! `--on-violation report`: the cloud serves what it can, and refuses the rest as the contract has it.
#![allow(clippy::unwrap_used, reason = "a test")]

mod curl;

#[test]
fn a_boot_without_what_a_server_needs_gets_the_contracts_400() {
    let output = curl::run(
        &["--on-violation", "report"],
        r#"token=$(login)
        for body in '{"server": {}}' '{"server": {"name": "vm1"}}' '{"server": {"flavorRef": "1"}}' '{}'; do
            curl -s -o /dev/null -w '%{http_code} ' "$COMPUTE/servers" -H "X-Auth-Token: $token" -H 'Content-Type: application/json' -d "$body"
        done"#,
    );
    let verdict = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(
        (output.status.code(), String::from_utf8_lossy(&output.stdout).as_ref()),
        (Some(40), "400 400 400 400 "),
        "{verdict}"
    );
    assert!(curl::mockstack(&["--version"]).status().unwrap().success());
}
