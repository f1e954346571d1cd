//! `--on-violation report`: the cloud serves what it can, and refuses the rest as the contract has it.

use mockstack::base::json::json;

use crate::common::wire::{Client, Folder, SERVERS, Serving};

#[test]
fn a_boot_without_what_a_server_needs_gets_the_contracts_400() {
    let serving = Serving::start(&Folder::new(), &["--on-violation", "report"]);
    let mut client = Client::log_in(&serving.address);
    for body in
        [json!({"server": {}}), json!({"server": {"name": "vm1"}}), json!({"server": {"flavorRef": "1"}}), json!({})]
    {
        let reply = client.ask("POST", SERVERS, Some(&body));
        assert_eq!(reply.status, 400, "{body}: {}", reply.body);
    }
    let ran = serving.stop();
    assert_eq!(ran.code, Some(40), "{}", ran.err);
}
