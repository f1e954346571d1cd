//! How far the audits of usage are. None is configured, so none ever ran. Source: answers of nova 34.0.0.

use jiff::civil::DateTime;
use jiff::{ToSpan, tz::TimeZone};

use crate::base::json::{Value, json};
use crate::cloud::store::{Cloud, Fault};
use crate::cloud::verb::{Answer, Ask};
use crate::contract::Code;

/// The audit of the last month that is over, or was over at the time in the path.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (name, before) = match ask.parameters.first() {
        None => ("instance_usage_audit_logs", TimeZone::UTC.to_datetime(cloud.clock.now())),
        Some(text) => ("instance_usage_audit_log", time(text)?),
    };
    let (begin, end) = month_before(before).ok_or_else(|| invalid(ask.id()))?;
    let mut hosts: Vec<String> = Vec::new();
    for service in cloud.collection("services").iter().filter(|service| service.text("binary") == "nova-compute") {
        if !hosts.iter().any(|host| host == service.text("host")) {
            hosts.push(service.text("host").to_owned());
        }
    }
    let count = hosts.len();
    let status =
        if count == 0 { "ALL hosts done. 0 errors.".to_owned() } else { format!("0 of {count} hosts done. 0 errors.") };
    let audit = json!({
        "hosts_not_run": hosts, "log": {}, "num_hosts": count, "num_hosts_done": 0, "num_hosts_not_run": count,
        "num_hosts_running": 0, "overall_status": status, "period_beginning": spelled(begin), "period_ending": spelled(end),
        "total_errors": 0, "total_instances": 0,
    });
    ask.answer(Some(Value::Object([(name.to_owned(), audit)].into_iter().collect())))
}

/// The whole month before the one in which `time` is (nova/utils.py, `last_completed_audit_period`).
fn month_before(time: DateTime) -> Option<(DateTime, DateTime)> {
    let end = time.date().first_of_month().at(0, 0, 0, 0);
    Some((end.checked_sub(1.month()).ok()?, end))
}

fn spelled(time: DateTime) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn time(text: &str) -> Result<DateTime, Fault> {
    let form = if text.contains('.') { "%Y-%m-%d %H:%M:%S%.f" } else { "%Y-%m-%d %H:%M:%S" };
    DateTime::strptime(form, text).map_err(|_| invalid(text))
}

fn invalid(text: &str) -> Fault {
    Fault::new(Code::Rule, 400, format!("Invalid timestamp for date {text}"))
}
