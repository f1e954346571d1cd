//! What the developer of a client reads: the whole complaint, word for word.

use insta::assert_snapshot;
use mockstack::base::json::{Value, json};

use crate::common::simulated::{self, DEMO, IMAGE, NETWORK, NOTHING, Simulated, ask, get, plus, post, server};

/// What is said of a boot at `version`.
fn boot(version: &str, body: Value) -> String {
    let cloud = Simulated::new();
    let token = cloud.member();
    post("/compute/v2.1/servers").token(&token).version(version).json(body).send(&cloud);
    said(&cloud)
}

/// Lines of contracts are left out: they change with every line that is added above.
fn said(cloud: &Simulated) -> String {
    let all: String = cloud.journal().diagnoses.iter().map(|diagnosis| diagnosis.diagnostic.to_string()).collect();
    regex::Regex::new(r"\.yaml:\d+").unwrap().replace_all(&all, ".yaml:LINE").into_owned()
}

/// What is said of a boot of Icehouse's at `target`.
fn icehouse(target: &str, server: Value) -> String {
    let cloud = Simulated::of("icehouse");
    let token = cloud.member();
    let answer =
        post(&target.replace("{T}", simulated::DEMO)).token(&token).json(json!({"server": server})).send(&cloud);
    assert_eq!(answer.status, 400, "{}", answer.body);
    said(&cloud)
}

/// The names of v2 and v3 differ in case: a body that was sent to the wrong one says so.
#[test]
fn a_body_of_v3_sent_to_v2_and_the_other_way_round() {
    let v2 = json!({"name": "vm1", "imageRef": IMAGE, "flavorRef": "1", "min_count": 1});
    let v3 = json!({"name": "vm1", "image_ref": IMAGE, "flavor_ref": "1", "os-multiple-create:min_count": 1});
    assert_snapshot!(icehouse("/compute/v2/{T}/servers", v3), @r#"
    POST /compute/v2/36e1c9b9c0ff4f64ac6deada445d4d3b/servers   compute-v2.servers.create
      /server/imageRef  Missing imageRef attribute
      fix            add "imageRef"
      rule           contracts/compute-v2/v2/servers.yaml:LINE
      right as       compute-v3.servers.create, POST /compute/v3/servers
    "#);
    assert_snapshot!(icehouse("/compute/v3/servers", v2), @r#"
    POST /compute/v3/servers   compute-v3.servers.create
      /server/image_ref  Missing image_ref attribute
      fix            add "image_ref"
      rule           contracts/compute-v3/v3/servers.yaml:LINE
      right as       compute-v2.servers.create, POST /compute/v2/{project}/servers
    "#);
}

#[test]
fn a_body_that_no_version_takes() {
    let body = plus(server("vm1"), json!({"flavorRef": true, "min_count": 0, "bogus": 1}));
    assert_snapshot!(boot("2.37", json!({"server": body})), @r#"
    POST /compute/v2.1/servers   compute.servers.create   microversion 2.37
      /server/flavorRef  wrong type: expected string or integer, found True
      /server/min_count  too small: expected at least 1, found 0
      /server/bogus  unknown: no version has it
      valid at       nowhere as sent
      fix            change "flavorRef" and change "min_count" and drop "bogus"
      rule           contracts/compute/v2.1/definitions.yaml:LINE
                     contracts/compute/v2.1/definitions.yaml:LINE
                     contracts/compute/v2.1/servers.yaml:LINE
    "#);
}

/// `tag` of a block device: 2.32 brought it, 2.33 lost it, 2.42 brought it back.
#[test]
fn a_field_that_sits_in_its_hole() {
    let device =
        json!({"uuid": IMAGE, "source_type": "image", "destination_type": "local", "boot_index": 0, "tag": "root"});
    let body = plus(server("vm1"), json!({"block_device_mapping_v2": [device]}));
    assert_snapshot!(boot("2.35", json!({"server": body})), @r#"
    POST /compute/v2.1/servers   compute.servers.create   microversion 2.35
      /server/block_device_mapping_v2/0/tag  not in 2.35: lives in 2.32, 2.42..
      valid at       2.32, 2.42.. as sent · without "block_device_mapping_v2/0/tag" 2.1..
      fix            drop "block_device_mapping_v2/0/tag", or send OpenStack-API-Version: compute 2.32, or 2.42 or later
      rule           contracts/compute/v2.1/servers.yaml:LINE
    "#);
}

fn personality_and_tags() -> Value {
    json!({"server": plus(server("vm1"), json!({"personality": [{"path": "/etc/motd", "contents": "aGk="}], "tags": ["a"]}))})
}

/// Both together live in 2.52 to 2.56 alone: sent too late …
#[test]
fn two_fields_that_met_for_five_versions_sent_too_late() {
    assert_snapshot!(boot("2.60", personality_and_tags()), @r#"
    POST /compute/v2.1/servers   compute.servers.create   microversion 2.60
      /server/personality  no longer: lived in 2.1..2.56, you sent 2.60
      valid at       2.52..2.56 as sent · without "personality" 2.52.. · without "tags" 2.1..2.56
      fix            drop "personality", or send OpenStack-API-Version: compute 2.52 to 2.56
      rule           contracts/compute/v2.1/servers.yaml:LINE
    "#);
}

/// … and too early.
#[test]
fn two_fields_that_met_for_five_versions_sent_too_early() {
    assert_snapshot!(boot("2.40", personality_and_tags()), @r#"
    POST /compute/v2.1/servers   compute.servers.create   microversion 2.40
      /server/tags   not yet: lives in 2.52.., you sent 2.40
      valid at       2.52..2.56 as sent · without "tags" 2.1..2.56 · without "personality" 2.52..
      fix            drop "tags", or send OpenStack-API-Version: compute 2.52 to 2.56
      rule           contracts/compute/v2.1/servers.yaml:LINE
    "#);
}

/// A host name needs 2.90, files end with 2.56, and no word on networks ends with 2.36: no version takes all three.
#[test]
fn three_fields_that_never_met() {
    let body = json!({"name": "vm1", "flavorRef": "1", "imageRef": IMAGE, "hostname": "h1",
        "personality": [{"path": "/etc/motd", "contents": "aGk="}]});
    assert_snapshot!(boot("2.95", json!({"server": body})), @r#"
    POST /compute/v2.1/servers   compute.servers.create   microversion 2.95
      /server/networks  missing: required in 2.37.., you sent 2.95
      /server/personality  no longer: lived in 2.1..2.56, you sent 2.95
      valid at       nowhere as sent · without "hostname" 2.1..2.36
      fix            add "networks" and drop "personality"
      rule           contracts/compute/v2.1/servers.yaml:LINE
                     contracts/compute/v2.1/servers.yaml:LINE
    "#);
}

/// The example of the README: one field, one version too early.
#[test]
fn tags_before_their_version() {
    let body = plus(server("vm1"), json!({"tags": ["a"]}));
    assert_snapshot!(boot("2.37", json!({"server": body})), @r#"
    POST /compute/v2.1/servers   compute.servers.create   microversion 2.37
      /server/tags   not yet: lives in 2.52.., you sent 2.37
      valid at       2.52.. as sent · without "tags" 2.1..
      fix            drop "tags", or send OpenStack-API-Version: compute 2.52 or later
      rule           contracts/compute/v2.1/servers.yaml:LINE
    "#);
}

#[test]
fn networks_that_are_not_there() {
    let body = json!({"name": "vm1", "flavorRef": "1", "imageRef": IMAGE});
    assert_snapshot!(boot("2.37", json!({"server": body})), @r#"
    POST /compute/v2.1/servers   compute.servers.create   microversion 2.37
      /server/networks  missing: required in 2.37.., you sent 2.37
      valid at       2.1..2.36 as sent · with "networks" 2.37..
      fix            add "networks", or send OpenStack-API-Version: compute 2.36 or earlier
      rule           contracts/compute/v2.1/servers.yaml:LINE
    "#);
}

/// A value that could have several forms: the complaint is of the form that was meant.
#[test]
fn a_value_of_several_forms() {
    let body = plus(server("vm1"), json!({"networks": [{"uuid": NETWORK, "bogus": 1}]}));
    assert_snapshot!(boot("2.37", json!({"server": body})), @r#"
    POST /compute/v2.1/servers   compute.servers.create   microversion 2.37
      /server/networks  matches none of its forms (/server/networks/0/bogus unknown: no version has it)
      valid at       nowhere as sent · without "networks/0/bogus" 2.1..
      fix            drop "networks/0/bogus"
      rule           contracts/compute/v2.1/servers.yaml:LINE
    "#);
    let body = plus(server("vm1"), json!({"imageRef": "cirros"}));
    assert_snapshot!(boot("2.37", json!({"server": body})), @r#"
    POST /compute/v2.1/servers   compute.servers.create   microversion 2.37
      /server/imageRef  matches none of its forms (wrong form: expected uuid), found 'cirros'
      valid at       nowhere as sent · with another "imageRef" 2.1..
      fix            change "imageRef"
      rule           contracts/compute/v2.1/servers.yaml:LINE
    "#);
}

/// What the service's own code refuses: the sentence is the service's.
#[test]
fn a_rule_of_the_controller() {
    let body = plus(server("vm1"), json!({"min_count": 3, "max_count": 2}));
    assert_snapshot!(boot("2.37", json!({"server": body})), @r#"
    POST /compute/v2.1/servers   compute.servers.create   microversion 2.37
      /server/min_count  min_count must be <= max_count
      valid at       nowhere as sent · with another "min_count" 2.1..
      fix            change "min_count"
      rule           contracts/compute/v2.1/servers.yaml:LINE
    "#);
}

#[test]
fn a_name_that_the_cloud_does_not_hold() {
    let body = plus(server("vm1"), json!({"imageRef": NOTHING}));
    assert_snapshot!(boot("2.37", json!({"server": body})), @r"
    POST /compute/v2.1/servers   compute.servers.create   microversion 2.37
      /server/imageRef  Can not find requested image, found '11111111-2222-3333-4444-555555555555'
      fix            Name one that is in the fixture, or add it there.
      rule           contracts/compute/v2.1/servers.yaml:LINE
    ");
}

/// Secrets are not shown, also where they are what is wrong.
#[test]
fn a_secret_of_the_wrong_type() {
    let body = plus(server("vm1"), json!({"adminPass": 12345, "user_data": "hunter2!"}));
    assert_snapshot!(boot("2.37", json!({"server": body})), @r#"
    POST /compute/v2.1/servers   compute.servers.create   microversion 2.37
      /server/adminPass  wrong type: expected string, found a number [password]
      /server/user_data  wrong form: expected base64, found '[user data]'
      valid at       nowhere as sent
      fix            change "adminPass" and change "user_data"
      rule           contracts/compute/v2.1/servers.yaml:LINE
                     contracts/compute/v2.1/servers.yaml:LINE
    "#);
}

#[test]
fn headers_paths_and_queries() {
    let cloud = Simulated::new();
    let token = cloud.member();
    get("/compute/v2.1/servers").token(&token).version("2.105").send(&cloud);
    get("/compute/v2.1/servers").token(&token).version("abc").send(&cloud);
    get("/compute/v2.1/servers?bogus=1&limit=x").token(&token).version("2.75").send(&cloud);
    ask("PATCH", "/compute/v2.1/servers").token(&token).send(&cloud);
    get("/compute/v2.1/nosuch").token(&token).send(&cloud);
    get("/compute/v9/servers").token(&token).send(&cloud);
    get("/v2.1/servers").token(&token).send(&cloud);
    post("/compute/v2.1/servers/x/action").token(&token).json(json!({"nosuch": null})).send(&cloud);
    post("/compute/v2.1/servers").token(&token).bytes(b"{").send(&cloud);
    assert_snapshot!(said(&cloud), @r#"
    GET /compute/v2.1/servers   compute.servers.index
      header OpenStack-API-Version  Version 2.105 is not supported by the API. Minimum is 2.1 and maximum is 2.104.
      fix            Send `OpenStack-API-Version: SERVICE MAJOR.MINOR` within the range of the version document.
    GET /compute/v2.1/servers   compute.servers.index
      header OpenStack-API-Version  API Version String abc is of invalid format. Must be of format MajorNum.MinorNum.
      fix            Send `OpenStack-API-Version: SERVICE MAJOR.MINOR` within the range of the version document.
    GET /compute/v2.1/servers   compute.servers.index   microversion 2.75
      query limit    wrong form: expected ^[0-9]*$, found 'x'
      query bogus    unknown: no version has it
      valid at       nowhere as sent · with another "limit" 2.1..2.74
      fix            change "limit" and drop "bogus"
      rule           contracts/compute/v2.1/definitions.yaml:LINE
                     contracts/compute/v2.1/servers.yaml:LINE
    PATCH /compute/v2.1/servers
      path           unknown: the path does not take this method
      fix            Compare the URL with `mockstack contract list`; look for a doubled slash, a suffix or a missing version.
    GET /compute/v2.1/nosuch
      path           unknown: the API has no such path
      fix            Compare the URL with `mockstack contract list`; look for a doubled slash, a suffix or a missing version.
    GET /compute/v9/servers
      path           unknown: the service has no API version there
      fix            Compare the URL with `mockstack contract list`; look for a doubled slash, a suffix or a missing version.
    GET /v2.1/servers
      path           unknown: no service is mounted there; they are at /compute, /identity, /image, /network, /volume
      fix            Compare the URL with `mockstack contract list`; look for a doubled slash, a suffix or a missing version.
    POST /compute/v2.1/servers/x/action   microversion 2.1
      /              unknown: There is no such action: nosuch
      fix            Compare the URL with `mockstack contract list`; look for a doubled slash, a suffix or a missing version.
    POST /compute/v2.1/servers   compute.servers.create   microversion 2.1
      /              malformed: the body is not JSON: EOF while parsing an object at line 1 column 1
      fix            Send a complete body, usually JSON in UTF-8 with `Content-Type: application/json`.
    "#);
}

/// A field that is asked for from a version on is refused before it: adding it helps nobody who sends an earlier one.
#[test]
fn two_fields_of_which_one_followed_the_other() {
    let cloud = Simulated::new();
    let token = cloud.member();
    let group = json!({"server_group": {"name": "g", "policies": ["affinity"]}});
    post("/compute/v2.1/os-server-groups").token(&token).version("2.64").json(group).send(&cloud);
    assert_snapshot!(said(&cloud), @r#"
    POST /compute/v2.1/os-server-groups   compute.server_groups.create   microversion 2.64
      /server_group/policy  missing: required in 2.64.., you sent 2.64
      /server_group/policies  no longer: lived in 2.1..2.63, you sent 2.64
      valid at       2.1..2.63 as sent
      fix            send OpenStack-API-Version: compute 2.63 or earlier
      rule           contracts/compute/v2.1/server_groups.yaml:LINE
                     contracts/compute/v2.1/server_groups.yaml:LINE
    "#);
}

#[test]
fn the_header_that_is_wrong() {
    let cloud = Simulated::new();
    let token = cloud.member();
    get("/compute/v2.1/servers").token(&token).header("X-OpenStack-Nova-API-Version", "").send(&cloud);
    get("/compute/v2.1/servers").token(&token).header("X-OpenStack-Nova-API-Version", "2.1000").send(&cloud);
    assert_snapshot!(said(&cloud), @r#"
    GET /compute/v2.1/servers   compute.servers.index
      header X-OpenStack-Nova-API-Version  API Version String  is of invalid format. Must be of format MajorNum.MinorNum.
      fix            Send `OpenStack-API-Version: SERVICE MAJOR.MINOR` within the range of the version document.
    GET /compute/v2.1/servers   compute.servers.index
      header X-OpenStack-Nova-API-Version  Version 2.1000 is not supported by the API. Minimum is 2.1 and maximum is 2.104.
      fix            Send `OpenStack-API-Version: SERVICE MAJOR.MINOR` within the range of the version document.
    "#);
}

/// What a cloud ends before, it does not have.
#[test]
fn a_field_that_comes_after_the_cloud() {
    let cloud = Simulated::of("kilo");
    let token = cloud.member();
    let servers = format!("/compute/v2.1/{DEMO}/servers");
    post(&servers).token(&token).json(json!({"server": plus(server("vm1"), json!({"tags": ["a"]}))})).send(&cloud);
    post(&format!("{servers}/x/action")).token(&token).json(json!({"trigger_crash_dump": null})).send(&cloud);
    assert_snapshot!(said(&cloud), @r#"
    POST /compute/v2.1/36e1c9b9c0ff4f64ac6deada445d4d3b/servers   compute.servers.create   microversion 2.1
      /server/tags   not yet: lives in 2.52.., which this cloud does not have, you sent 2.1
      valid at       nowhere as sent · without "tags" 2.1..
      fix            drop "tags"
      rule           contracts/compute/v2.1/servers.yaml:LINE
      right as       compute-v2.servers.create, POST /compute/v2/{project}/servers
    POST /compute/v2.1/36e1c9b9c0ff4f64ac6deada445d4d3b/servers/x/action   compute.servers.action.trigger_crash_dump   microversion 2.1
      path           not yet: the operation lives in 2.17.., which this cloud does not have, you sent 2.1
      fix            Send a microversion in which it exists, or leave it out for this version.
      rule           contracts/compute/v2.1/servers.action.yaml:LINE
    "#);
}

#[test]
fn names_that_are_wrong_or_empty() {
    let cloud = Simulated::new();
    let token = cloud.member();
    let boot = |more: Value| {
        post("/compute/v2.1/servers").token(&token).version("2.30").json(json!({"server": plus(server("vm1"), more)}))
    };
    boot(json!({"": 1})).send(&cloud);
    boot(json!({"metadata": {"a*b": "c"}})).send(&cloud);
    post("/compute/v2.1/servers").token(&token).json(json!([])).send(&cloud);
    assert_snapshot!(said(&cloud), @r#"
    POST /compute/v2.1/servers   compute.servers.create   microversion 2.30
      /server/       unknown: no version has it
      valid at       nowhere as sent · without the field whose name is empty 2.1..
      fix            drop the field whose name is empty
      rule           contracts/compute/v2.1/servers.yaml:LINE
    POST /compute/v2.1/servers   compute.servers.create   microversion 2.30
      /server/metadata/a*b  not a name that is allowed here: expected ^[a-zA-Z0-9-_:. ]{1,255}$, found 'a*b'
      valid at       nowhere as sent · without "metadata/a*b" 2.1..
      fix            drop "metadata/a*b"
      rule           contracts/compute/v2.1/definitions.yaml:LINE
    POST /compute/v2.1/servers   compute.servers.create   microversion 2.1
      /              wrong type: expected object, found []
      valid at       nowhere as sent · with another body 2.1..
      fix            change the body
      rule           contracts/compute/v2.1/servers.yaml:LINE
    "#);
}

#[test]
fn a_path_of_any_length_is_a_line() {
    let cloud = Simulated::new();
    get(&format!("/compute/v2.1/{}/end", "x".repeat(500))).token(&cloud.member()).send(&cloud);
    assert_snapshot!(said(&cloud), @r#"
    GET /compute/v2.1/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx/end
      path           unknown: the API has no such path
      fix            Compare the URL with `mockstack contract list`; look for a doubled slash, a suffix or a missing version.
    "#);
}

/// The cloud has enough networks: nothing is missing in the fixture.
#[test]
fn a_boot_that_does_not_say_which_network() {
    let cloud = Simulated::new();
    let token = cloud.member();
    post("/network/v2.0/networks").token(&token).json(json!({"network": {"name": "second"}})).send(&cloud);
    let body = json!({"name": "vm1", "flavorRef": "1", "imageRef": IMAGE});
    post("/compute/v2.1/servers").token(&token).json(json!({"server": body})).send(&cloud);
    assert_snapshot!(said(&cloud), @r#"
    POST /compute/v2.1/servers   compute.servers.create   microversion 2.1
      /server/networks  Multiple possible networks found, use a Network ID to be more specific.
      fix            Read the message of the refusal; it names the values.
      rule           contracts/compute/v2.1/servers.yaml:LINE
    "#);
}
