//! Judges a body as a library: `cargo run --example judge`.

use mockstack::base::Diagnostic;
use mockstack::base::json::json;
use mockstack::contract::{Contracts, judge_case};

fn main() -> Result<(), Diagnostic> {
    let contracts = Contracts::embedded()?;
    let case = json!({
        "op": "compute.servers.create",
        "microversion": "2.37",
        "body": {"server": {"name": "vm1", "flavorRef": "1", "networks": "auto", "tags": ["web"],
                            "imageRef": "a8a63b4d-63a0-4aed-820d-0f5f249e07d9"}},
    });
    let verdict = judge_case(&contracts, &case)?;
    println!("{}: {} (valid at {})", verdict["status"], verdict["code"], verdict["microversions"]);
    Ok(())
}
