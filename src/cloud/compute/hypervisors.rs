//! Hypervisors: what they are together, and which of them have a name.

use serde_json::{Map, Value, json};

use crate::cloud::store::{Cloud, Fault};
use crate::cloud::verb::{Answer, Ask, refresh};

/// What is added up.
const SUMMED: [&str; 11] = [
    "vcpus",
    "memory_mb",
    "local_gb",
    "vcpus_used",
    "memory_mb_used",
    "local_gb_used",
    "free_ram_mb",
    "free_disk_gb",
    "current_workload",
    "running_vms",
    "disk_available_least",
];

/// All hypervisors as if they were one.
pub fn statistics(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    refresh(cloud, ask);
    let hypervisors = cloud.collection(ask.collection());
    let sum =
        |field: &str| -> i64 { hypervisors.iter().filter_map(|hypervisor| hypervisor.body.get(field)?.as_i64()).sum() };
    let mut sums: Map<String, Value> = SUMMED.iter().map(|field| ((*field).to_owned(), json!(sum(field)))).collect();
    sums.insert("count".to_owned(), json!(hypervisors.iter().count()));
    ask.answer(Some(json!({"hypervisor_statistics": sums})))
}

/// The hypervisors in whose names is the text of the path.
pub fn search(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    refresh(cloud, ask);
    let found: Vec<Value> = cloud
        .collection(ask.collection())
        .iter()
        .filter(|hypervisor| hypervisor.text("hypervisor_hostname").contains(ask.id()))
        .map(|hypervisor| hypervisor.body.to_value())
        .collect();
    if found.is_empty() {
        return Err(no_match(ask.id()));
    }
    ask.answer(Some(json!({"hypervisors": found})))
}

/// What Nova says where no name matches.
pub fn no_match(pattern: &str) -> Fault {
    Fault::not_found(format!("No hypervisor matching '{pattern}' could be found."))
}
