//! What a log says of an interaction: one line.

use super::format::Interaction;
use super::redacted::cut;
use crate::base::colour::{PLAIN, RED, YELLOW};

/// `04:05:06.120  400  POST /compute/v2.1/servers  compute.servers.create 2.37  not-yet`: when it arrived, the answer, what was asked
/// and under which version, the codes of what is wrong or was refused, the injected fault, and the test. Red is what breaks the
/// contract, yellow what was refused.
pub fn log_line<B, H>(interaction: &Interaction<B, H>) -> String {
    format!("{}  {}", interaction.time.strftime("%H:%M:%S%.3f"), request_line(interaction))
}

/// The same without the time, which not every log has.
pub fn request_line<B, H>(interaction: &Interaction<B, H>) -> String {
    let Interaction { status, request, operation, version, violations, refusal, fault, test, .. } = interaction;
    let asked = format!("{} {}", request.method, cut(request.target.clone()));
    let operation = [operation.as_deref().map(str::to_owned), version.map(|version| version.to_string())];
    let refused = refusal.as_ref().map(|refusal| refusal.code);
    let codes = violations.iter().map(|violation| violation.code).chain(refused);
    let mut codes: Vec<String> = codes.map(|code| code.to_string()).collect();
    codes.dedup();
    let parts = [
        asked,
        operation.into_iter().flatten().collect::<Vec<_>>().join(" "),
        codes.join(" "),
        fault.as_ref().map(|fault| format!("fault {fault}")).unwrap_or_default(),
        test.as_ref().map(|label| label.name.to_string()).unwrap_or_default(),
    ];
    let told: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    // Some terminals take more than text from a client that is not ours.
    let told = told.join("  ").replace(char::is_control, "\u{fffd}");
    let (colour, plain) = match (violations.is_empty(), *status) {
        (false, _) => (RED, PLAIN),
        (true, 400..) => (YELLOW, PLAIN),
        (true, _) => ("", ""),
    };
    format!("{colour}{status}  {told}{plain}\n")
}
