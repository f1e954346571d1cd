//! Diagnostics of a server: what its driver measured. Nothing is ever busy here.

use crate::base::json::{Value, json};
use crate::cloud::network::ports_of;
use crate::cloud::store::{Cloud, Fault, Flavor, VmState};
use crate::cloud::verb::{Answer, Ask, visible};

/// The states in which a server can be measured.
const RUNNING: [VmState; 4] = [VmState::Active, VmState::Paused, VmState::Rescued, VmState::Suspended];

/// The diagnostics of the driver; before 2.48 in the driver's own format.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let server = visible(cloud, ask, false)?.clone();
    VmState::allow(&server, "get_diagnostics", &RUNNING)?;
    let flavor = Flavor::of_server(&server);
    let (cpus, memory) = (flavor.vcpus(), flavor.ram());
    if !ask.version.is_since(2, 48) {
        let busy = (0..cpus).map(|cpu| (format!("cpu{cpu}_time"), json!(0)));
        let still = [
            ("memory", json!(memory * 1024)),
            ("vda_errors", json!(-1)),
            ("vda_read", json!(0)),
            ("vda_write", json!(0)),
        ];
        let still = still.into_iter().map(|(name, value)| (name.to_owned(), value));
        return ask.answer(Some(Value::Object(busy.chain(still).collect())));
    }
    let cpu = |id: u64| json!({"id": id, "time": 0, "utilisation": 0});
    let nic = |port: &crate::cloud::Resource| {
        json!({
            "mac_address": port.text("mac_address"), "rx_octets": 0, "rx_errors": 0, "rx_drop": 0, "rx_packets": 0, "rx_rate": 0,
            "tx_octets": 0, "tx_errors": 0, "tx_drop": 0, "tx_packets": 0, "tx_rate": 0,
        })
    };
    let nics: Vec<Value> = ports_of(cloud, &server.id).map(nic).collect();
    let disk = json!({"read_bytes": 0, "read_requests": 0, "write_bytes": 0, "write_requests": 0, "errors_count": 0});
    ask.answer(Some(json!({
        "state": server.text("OS-EXT-STS:vm_state").replace("active", "running"),
        "driver": "libvirt", "hypervisor": "kvm", "hypervisor_os": "linux", "uptime": 0,
        "config_drive": server.text("config_drive") == "True",
        "num_cpus": cpus, "num_nics": nics.len(), "num_disks": 1,
        "disk_details": [disk], "cpu_details": (0..cpus).map(cpu).collect::<Vec<_>>(), "nic_details": nics,
        "memory_details": {"maximum": memory, "used": memory},
    })))
}
