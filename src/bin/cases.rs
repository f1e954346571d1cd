//! scratch
#![allow(clippy::unwrap_used)]
use std::io::BufRead;
fn main() {
    let c = mockstack::contract::Contracts::embedded().unwrap();
    for line in std::io::stdin().lock().lines() {
        let case: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        match mockstack::contract::judge_case(&c, &case) { Ok(v) => println!("{v}"), Err(e) => eprintln!("{e}") }
    }
}
