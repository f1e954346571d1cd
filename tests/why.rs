//! What docs/why.md says that mockstack answers is what it answers.

use mockstack::base::json::json;

use crate::common::wire::{Client, Folder, SERVERS, Serving, bad_boot, boot};

#[test]
fn the_page_says_what_is_answered() {
    let folder = Folder::new();
    let serving = Serving::start(&folder, &[]);
    let mut client = Client::log_in(&serving.address);
    let booted = client.ask("POST", SERVERS, Some(&boot("vm1")));
    let place = format!("{SERVERS}/{}", booted.json()["server"]["id"].as_str().unwrap());
    let mut from_nowhere = boot("vm1");
    from_nowhere["server"]["imageRef"] = json!("deadbeef-63a0-4aed-820d-0f5f249e07d9");
    let nowhere = format!("{SERVERS}/deadbeef-63a0-4aed-820d-0f5f249e07d9");
    let mut stranger = Client::new(&serving.address);
    let mut newer = Client::log_in(&serving.address);
    newer
        .headers
        .iter_mut()
        .filter(|(name, _)| name == "OpenStack-API-Version")
        .for_each(|(_, value)| *value = "compute 2.300".to_owned());
    let answers = [
        booted.status.to_string(),
        client.ask("GET", &place, None).json()["server"]["status"].as_str().unwrap().to_owned(),
        client.ask("POST", SERVERS, Some(&bad_boot("vm1"))).status.to_string(),
        client.ask("POST", SERVERS, Some(&from_nowhere)).status.to_string(),
        client.ask("DELETE", &nowhere, None).status.to_string(),
        stranger.ask("POST", SERVERS, Some(&boot("vm1"))).status.to_string(),
        newer.ask("POST", SERVERS, Some(&boot("vm1"))).status.to_string(),
    ];
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/why.md")).unwrap();
    let (_, table) = page.split_once("<!-- table: asked -->").unwrap();
    let rows = table.trim_start().lines().take_while(|line| line.starts_with('|')).skip(2);
    let columns = rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>());
    let (ours, real): (Vec<&str>, Vec<&str>) = columns.map(|own| (own[4], own[1])).unzip();
    assert_eq!(ours, answers);
    assert_eq!(ours, real, "that is the point");
}
