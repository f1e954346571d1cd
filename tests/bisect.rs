//! `mockstack bisect`: where a command starts to fail. What it tries next is tested in src/cli/search.rs.

use crate::common::wire::{ASK, Folder, Ran, SERVERS};

const BOOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/boot.sh");

fn bisect(command: &[&str]) -> Ran {
    let ran = Folder::new().mockstack(&[&["bisect", "--"], command].concat());
    let runs = ran.out.lines().filter(|line| line.starts_with("run ")).count();
    assert!((1..=7).contains(&runs), "{ran:?}");
    ran
}

#[track_caller]
fn found(ran: &Ran, code: i32, told: &[&str]) {
    assert_eq!(ran.code, Some(code), "{ran:?}");
    told.iter().for_each(|told| assert!(ran.out.contains(told), "{told:?} is not in {}", ran.out));
}

#[test]
fn a_field_leads_to_its_microversion() {
    let told =
        ["it fails before microversion 2.52 (pike)", "pike up to 2.51\n", "/server/tags not yet: lives in 2.52.."];
    found(&bisect(&[BOOT, "tags", "latest"]), 0, &told);
    // The field went with 2.57, and it is sent at the last version that there is.
    let boot = "curl -sf -o /dev/null -H 'Content-Type: application/json' -d \"$1\" -H 'OpenStack-API-Version: compute latest' \
        -H \"X-Auth-Token: $token\" $root/compute/v2.1/servers";
    let body = format!(
        "{{\"server\": {{\"name\": \"vm\", \"flavorRef\": \"1\", \"imageRef\": \"{}\", \"networks\": [{{\"uuid\": \"{}\"}}], \"personality\": []}}}}",
        crate::common::wire::IMAGE,
        crate::common::wire::NETWORK
    );
    let ran = bisect(&["sh", "-c", &format!("{LOGIN}{boot}"), "sh", &body]);
    found(
        &ran,
        0,
        &[
            "it starts to fail at microversion 2.57 (queens)",
            "queens up to 2.56\n",
            "/server/personality no longer",
            "it fails in icehouse, too: POST /compute/v2.1/servers path unknown",
        ],
    );
}

/// Logs in, and leaves `root` and `token`.
const LOGIN: &str = "root=${OS_AUTH_URL%/identity*}; token=$(curl -s -o /dev/null -D - -H 'Content-Type: application/json' -d '{\"auth\": \
    {\"identity\": {\"methods\": [\"password\"], \"password\": {\"user\": {\"name\": \"demo\", \"domain\": {\"name\": \"Default\"}, \"password\": \
    \"'$OS_PASSWORD'\"}}}, \"scope\": {\"project\": {\"name\": \"demo\", \"domain\": {\"name\": \"Default\"}}}}}' $root/identity/v3/auth/tokens | \
    tr -d '\\r' | sed -n 's/^X-Subject-Token: //p'); ";

#[test]
fn a_client_of_an_api_that_ended_leads_to_the_release() {
    let script = "curl -sf -o /dev/null -H 'Content-Type: application/json' -d '{\"auth\": {\"tenantName\": \"demo\", \"passwordCredentials\": \
        {\"username\": \"demo\", \"password\": \"'$OS_PASSWORD'\"}}}' ${OS_AUTH_URL%/v2.0}/v2.0/tokens";
    let told = [
        "it starts to fail at rocky, whatever its microversions",
        "passes         queens\n",
        "the operation lives in icehouse..queens",
    ];
    found(&bisect(&["sh", "-c", script]), 0, &told);
}

#[test]
fn what_has_no_such_place_is_told_so() {
    let ran = Folder::new().mockstack(&["bisect", "--release", "mitaka..", "--", BOOT]);
    found(&ran, 0, &["it passes everywhere, as far as 6 runs show"]);
    found(&bisect(&["true"]), 42, &["it fails everywhere, as far as 6 runs show", "no request arrived"]);
    found(&bisect(&["no-such-command"]), 127, &["the command could not start"]);
    // It is refused by two releases in the middle, and by chance.
    let folder = Folder::new();
    let script = format!("echo >>runs; [ $(wc -l <runs) -ne 2 ] && {ASK} GET {SERVERS} ''");
    let ran = folder.mockstack(&["bisect", "--release", "train..ussuri", "--", "sh", "-c", &script]);
    assert!(ran.code == Some(46) && ran.out.contains("two runs in train came to different things"), "{ran:?}");
}
