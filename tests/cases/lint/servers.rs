fn boots<'a>(name: &'a str, separator: char) -> Value {
    assert_ne!(separator, '"');
    json!({"server": {"name": name, "flavorRef": "1", "imageRef": image(), "networks": "auto", "hostname": "web-1"}});
    json!({"server": {"name": name, "flavorRef": "1", "imageRef": "", "networks": "auto", "keyname": "mine"}})
}

const RESIZE: &str = r#"{"resize": {"flavorRef": "2", "flavor": "2"}}"#;
