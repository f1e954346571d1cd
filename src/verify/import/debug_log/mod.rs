//! The logs that people paste into reports: what keystoneauth writes with `openstack --debug`, gophercloud and Terraform with
//! `OS_DEBUG=1`, and nova-api for each request. Between the lines of an exchange may be others.

mod draft;
mod lines;

use draft::{Draft, Message, Side};
use lines::{
    called, dict, headers, in_a_line, method_of, served, told, unquoted, url_of, without_prefix, without_time,
};

use crate::base::json::Value;

/// What a log has.
#[derive(Default)]
pub struct DebugLog {
    /// Its exchanges, each as a line of JSON exchanges has it.
    pub exchanges: Vec<Value>,
    /// Requests without an answer: the log ends before it, or it got lost.
    pub unanswered: usize,
    /// Requests that had a body, of which the log says nothing.
    pub without_body: usize,
}

/// What `text` has, if it is such a log.
pub fn read(text: &str) -> Option<DebugLog> {
    let mut reading = Reading::default();
    for line in text.lines() {
        reading.line(line);
    }
    reading.finish();
    let Reading { log, .. } = reading;
    (!log.exchanges.is_empty() || log.unanswered + log.without_body > 0).then_some(log)
}

/// What the next lines go on with.
#[derive(Clone, Copy, Default, PartialEq)]
enum Open {
    /// Nothing: they are skipped.
    #[default]
    Nothing,
    /// The headers of the request or of the answer, a line each.
    Headers(Side),
    /// Its body, until that is whole JSON.
    Body(Side),
    /// The body of a curl command, until its quote closes.
    Quoted,
}

#[derive(Default)]
struct Reading {
    draft: Option<Draft>,
    open: Open,
    log: DebugLog,
}

/// What takes the rest of a line behind a mark.
type Take = fn(&mut Reading, &str);

/// The marks of keystoneauth, in any line.
const MARKS: [(&str, Take); 3] = [
    ("REQ: curl ", Reading::curl),
    ("RESP: [", Reading::response),
    ("RESP BODY: ", |reading, rest| reading.body(Side::Answered, rest)),
];

impl Reading {
    fn line(&mut self, line: &str) {
        let line = without_time(line);
        let marked = MARKS.iter().find_map(|(mark, take)| Some((take, line.split_once(mark)?.1)));
        if let Some((take, rest)) = marked {
            take(self, rest);
        } else if let Some(found) = told().captures(line) {
            self.told(&found[1].to_ascii_lowercase(), &found[2].to_ascii_lowercase(), &found[3]);
        } else if let Some(found) = served().captures(line) {
            self.served(&found[1], &found[2], [&found[3], &found[4]], &found[5]);
        } else if let Some(found) = called().captures(line) {
            self.called(&found[1]);
        } else {
            self.go_on(without_prefix(line));
        }
    }

    /// A line that belongs to what is open.
    fn go_on(&mut self, line: &str) {
        let open = self.open;
        let Some(draft) = &mut self.draft else { return };
        match open {
            Open::Nothing => {}
            Open::Headers(side) => match line.split_once(": ") {
                Some((name, value)) => draft.of(side).headers.push((name.trim().to_owned(), value.to_owned())),
                None => self.open = Open::Nothing,
            },
            Open::Body(side) => {
                let body = &mut draft.of(side).body;
                *body = [body, "\n", line].concat();
                self.close_if_whole(side);
            }
            Open::Quoted => {
                let (text, is_end) = unquoted(line);
                draft.asked.body = [&draft.asked.body, "\n", text].concat();
                self.open = if is_end { Open::Nothing } else { Open::Quoted };
            }
        }
    }

    /// `-g -i -X POST http://… -H "…: …" -d '…'`. What is in the quotes is not escaped.
    fn curl(&mut self, command: &str) {
        let (head, body) = command.split_once(" -d '").map_or((command, None), |(head, body)| (head, Some(body)));
        let method = method_of(head).unwrap_or("GET");
        let Some(url) = url_of(head) else { return };
        let headers = headers(head);
        let (text, is_end) = body.map_or(("", true), unquoted);
        self.begin(method, url);
        if let Some(draft) = &mut self.draft {
            draft.asked = Message { headers, body: text.to_owned(), left_out: None };
        }
        self.open = if is_end { Open::Nothing } else { Open::Quoted };
    }

    /// `202] Content-Type: application/json Date: …`, or the same as a dict of Python.
    fn response(&mut self, rest: &str) {
        let (status, headers) = rest.split_once(']').unwrap_or((rest, ""));
        self.answered(status, if headers.contains("{'") { dict(headers) } else { in_a_line(headers) });
    }

    /// What gophercloud tells, with the name of its project in varying capitals.
    fn told(&mut self, side: &str, what: &str, rest: &str) {
        let side = if side == "request" { Side::Asked } else { Side::Answered };
        match what {
            "url" => self.url(rest),
            "code" => self.answered(rest, Vec::new()),
            "headers" => self.open = Open::Headers(side),
            _ => self.body(side, rest),
        }
    }

    fn answered(&mut self, status: &str, headers: Vec<(String, String)>) {
        self.open = Open::Nothing;
        if let Some(draft) = &mut self.draft {
            draft.status = status.trim().parse().ok();
            draft.answered.headers = headers;
        }
    }

    /// `POST https://…`
    fn url(&mut self, rest: &str) {
        if let Some((method, url)) = rest.trim().split_once(' ') {
            self.begin(method, url);
        }
    }

    fn body(&mut self, side: Side, rest: &str) {
        let Some(draft) = &mut self.draft else { return };
        let message = draft.of(side);
        if rest.starts_with("Omitted,") {
            let length = message.header("Content-Length").and_then(|length| length.parse().ok());
            message.left_out = Some(length.unwrap_or_default());
        } else if rest != "null" {
            rest.clone_into(&mut message.body);
            self.open = Open::Body(side);
            self.close_if_whole(side);
        }
    }

    fn close_if_whole(&mut self, side: Side) {
        let Some(draft) = &mut self.draft else { return };
        let body = &draft.of(side).body;
        if !body.trim_start().starts_with(['{', '[']) || crate::base::json::from_str::<Value>(body).is_ok() {
            self.open = Open::Nothing;
        }
    }

    /// The service that keystoneauth called: it tells once the answer is there.
    fn called(&mut self, service: &str) {
        if let Some(draft) = &mut self.draft {
            draft.service = Some(service.to_owned());
        }
    }

    /// A line of nova-api. It does not say what the bodies were.
    fn served(&mut self, method: &str, path: &str, [status, length]: [&str; 2], microversion: &str) {
        self.finish();
        if matches!(method, "POST" | "PUT" | "PATCH") {
            self.log.without_body += 1;
            return;
        }
        let headers = match microversion {
            "-" => Vec::new(),
            version => vec![("OpenStack-API-Version".to_owned(), format!("compute {version}"))],
        };
        let asked = Message { headers, ..Message::default() };
        let (method, url, service) = (method.to_owned(), path.to_owned(), Some("compute".to_owned()));
        let answered = Message { left_out: length.parse().ok(), ..Message::default() };
        self.draft = Some(Draft { method, url, service, asked, status: status.parse().ok(), answered });
        self.finish();
    }

    fn begin(&mut self, method: &str, url: &str) {
        self.finish();
        self.draft = Some(Draft { method: method.to_owned(), url: url.to_owned(), ..Draft::default() });
    }

    fn finish(&mut self) {
        self.open = Open::Nothing;
        let Some(draft) = self.draft.take() else { return };
        match draft.status {
            Some(status) => self.log.exchanges.push(draft.exchange(status)),
            None => self.log.unanswered += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::base::json::json;

    use super::*;

    #[test]
    fn what_keystoneauth_writes_is_read() {
        let log = read(concat!(
            "DEBUG (session:619) REQ: curl -g -i -X POST http://h:8774/v2.1/servers -H \"Content-Type: application/json\" ",
            "-H \"OpenStack-API-Version: compute 2.37\" -d '{\"server\": {\"name\": \"it's\"}}'\n",
            "DEBUG (connectionpool:550) http://h:8774 \"POST /v2.1/servers HTTP/1.1\" 202 9\n",
            "RESP: [202] Content-Type: application/json Date: Mon, 30 Nov 2026 12:46:35 GMT Vary: A, B\n",
            "RESP BODY: {\"server\": {}}\n",
            "POST call to compute for http://h:8774/v2.1/servers used request id req-1\n",
            "REQ: curl -g -i -X GET \"http://h:8774/v2.1/servers?name=a\"\n",
        ))
        .unwrap();
        assert_eq!(
            log.exchanges,
            [json!({
                "method": "POST", "url": "http://h:8774/v2.1/servers", "service": "compute",
                "request": {"headers": [["Content-Type", "application/json"], ["OpenStack-API-Version", "compute 2.37"]],
                            "body": "{\"server\": {\"name\": \"it's\"}}"},
                "response": {"headers": [["Content-Type", "application/json"], ["Date", "Mon, 30 Nov 2026 12:46:35 GMT"], ["Vary", "A, B"]],
                             "body": "{\"server\": {}}", "status": 202},
            })]
        );
        assert_eq!(log.unanswered, 1);
    }

    #[test]
    fn what_the_clients_of_icehouse_write_is_read() {
        let log = read(concat!(
            "REQ: curl -i 'http://h:8774/v2/1/servers' -X POST -H \"X-Auth-Token: t\" -d '{\"server\":\n {}}'\n",
            "RESP: [202] CaseInsensitiveDict({'content-length': '2', 'location': 'http://h'})\n",
        ));
        let exchange = &log.unwrap().exchanges[0];
        assert_eq!(exchange["request"]["body"], "{\"server\":\n {}}");
        assert_eq!(exchange["response"]["headers"], json!([["content-length", "2"], ["location", "http://h"]]));
    }

    #[test]
    fn what_terraform_writes_is_read() {
        let prefix = "2026-11-30T12:00:00.000Z [INFO]  provider.terraform-provider-openstack_v3.0.0: ";
        let told = "2026/11/30 12:00:00 [DEBUG] OpenStack ";
        let lines = [
            "Request URL: POST https://h:13774/v2.1/servers",
            "request Headers:\nAccept: application/json\nX-Auth-Token: ***",
            "Request Body: {\n  \"server\": {\n    \"name\": \"a\"\n  }\n}",
            "Response Code: 202",
            "Response Headers:\nContent-Type: application/json",
            "Response Body: {\n  \"server\": {}\n}: timestamp=2026-11-30T12:00:00.000Z",
        ];
        let all: Vec<String> =
            lines.map(|line| [prefix, told, &line.replace('\n', &format!("\n{prefix}"))].concat()).into();
        let log = read(&all.join("\n")).unwrap();
        let exchange = &log.exchanges[0];
        assert_eq!(exchange["request"]["headers"], json!([["Accept", "application/json"], ["X-Auth-Token", "***"]]));
        assert_eq!(
            crate::base::json::from_str::<Value>(exchange["request"]["body"].as_str().unwrap()).unwrap(),
            json!({"server": {"name": "a"}})
        );
        assert_eq!(exchange["response"]["status"], 202);
    }

    #[test]
    fn what_nova_writes_is_read() {
        let line = |method: &str| {
            format!(
                "INFO nova.api.openstack.requestlog [req-1 u p] 10.0.0.1 \"{method} /v2.1/servers\" status: 200 len: 9 microversion: 2.37 time: 0.1"
            )
        };
        let log = read(&[line("GET"), line("POST")].join("\n")).unwrap();
        assert_eq!(log.exchanges[0]["request"]["headers"], json!([["OpenStack-API-Version", "compute 2.37"]]));
        assert_eq!(log.without_body, 1);
        assert!(read("nothing of this kind: [here]").is_none());
    }
}
