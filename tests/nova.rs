//! What Nova itself said of a sample of requests, and that the contracts say the same.

use mockstack::base::json::Value;
use mockstack::contract::judge_case;

use crate::common::contracts;

#[test]
fn the_sample_gets_novas_verdict_path_and_message() {
    let mut cases = 0;
    for line in include_str!("cases/nova-boots.jsonl").lines() {
        let case: Value = mockstack::base::json::from_str(line).unwrap();
        if case.get("origin").is_some() {
            continue;
        }
        let verdict = judge_case(contracts(), &case).unwrap_or_else(|error| panic!("{}: {error}", case["id"]));
        for key in ["valid", "status", "path", "message"] {
            assert_eq!(verdict[key], case[key], "{key} of {}", case["id"]);
        }
        cases += 1;
    }
    assert!(cases >= 100, "the sample has {cases} cases only");
}
