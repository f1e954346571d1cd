//! An exchange while the lines of a log tell of it.

use crate::base::json::{Value, json};

/// The two messages of an exchange.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Side {
    Asked,
    Answered,
}

/// An exchange in the making.
#[derive(Default)]
pub(super) struct Draft {
    pub method: String,
    pub url: String,
    pub service: Option<String>,
    pub asked: Message,
    pub status: Option<u16>,
    pub answered: Message,
}

/// A request or an answer in the making.
#[derive(Default)]
pub(super) struct Message {
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// How long a body is that the log leaves out.
    pub left_out: Option<u64>,
}

impl Draft {
    /// The message of a side.
    pub fn of(&mut self, side: Side) -> &mut Message {
        match side {
            Side::Asked => &mut self.asked,
            Side::Answered => &mut self.answered,
        }
    }

    /// The exchange as a line of JSON exchanges has it.
    pub fn exchange(self, status: u16) -> Value {
        let service = self.service.or_else(|| self.asked.service());
        let [request, mut response] = [self.asked, self.answered].map(Message::into_json);
        response["status"] = json!(status);
        json!({"method": self.method, "url": self.url, "service": service, "request": request, "response": response})
    }
}

impl Message {
    /// The service that the version is for: `OpenStack-API-Version: compute 2.37`.
    fn service(&self) -> Option<String> {
        self.header("OpenStack-API-Version")?.split_whitespace().next().map(str::to_owned)
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn into_json(self) -> Value {
        let headers: Vec<Value> = self.headers.into_iter().map(|(name, value)| json!([name, value])).collect();
        let mut message = json!({"headers": headers, "body": self.body});
        if let Some(length) = self.left_out {
            message["contents"] = json!({"bytes": length, "md5": ""});
        }
        message
    }
}
