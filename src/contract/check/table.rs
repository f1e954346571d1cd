//! What a service's own code checks after the schema, without looking anything up.

use super::create_server;
use crate::base::json::Value;
use crate::base::{Place, Pointer, Versions};
use crate::contract::finding::{Finding, Kind, Rejection};

/// The named checks; closed, because each is code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Nova's `ServersController.create`.
    CreateServer,
    /// Keystone's `AuthInfo`.
    Authentication,
    /// The same of its v2.0.
    AuthenticationV2,
    /// Nova's `Controller.create` of its API v2.
    CreateServerV2,
    /// The same of its experimental v3.
    CreateServerV3,
    /// Nova's `Controller.update` of its API v2.
    UpdateServerV2,
    /// The same of its experimental v3.
    UpdateServerV3,
    /// Nova's `KeypairController.create` of its API v2.
    CreateKeypairV2,
    /// What an action of Nova's API v2 needs.
    ServerActionV2,
    /// The same of its experimental v3.
    ServerActionV3,
}

impl Check {
    /// Every check, by the name that contracts use.
    pub const ALL: [(&'static str, Check); 10] = [
        ("create-server", Check::CreateServer),
        ("authentication", Check::Authentication),
        ("authentication-v2", Check::AuthenticationV2),
        ("create-server-v2", Check::CreateServerV2),
        ("create-server-v3", Check::CreateServerV3),
        ("update-server-v2", Check::UpdateServerV2),
        ("update-server-v3", Check::UpdateServerV3),
        ("create-keypair-v2", Check::CreateKeypairV2),
        ("server-action-v2", Check::ServerActionV2),
        ("server-action-v3", Check::ServerActionV3),
    ];

    /// What it has to say of `body` in the versions of `live`, in which the schema had nothing to say.
    pub fn run(self, body: &Value, live: Versions, rule: &Place) -> Vec<Finding> {
        let steps = match self {
            Check::CreateServer => create_server::STEPS,
            Check::Authentication => super::authentication::STEPS,
            Check::AuthenticationV2 => super::authentication_v2::STEPS,
            Check::CreateServerV3 => super::create_server_v2::STEPS_V3,
            Check::CreateServerV2 => super::create_server_v2::STEPS,
            Check::UpdateServerV2 => super::change_server_v2::UPDATE,
            Check::UpdateServerV3 => super::change_server_v2::UPDATE_V3,
            Check::CreateKeypairV2 => super::create_keypair_v2::STEPS,
            Check::ServerActionV2 => super::change_server_v2::ACTION,
            Check::ServerActionV3 => super::change_server_v2::ACTION_V3,
        };
        let mut findings = Vec::new();
        let mut live = live;
        for (lifetime, step) in steps {
            let versions = live & lifetime();
            if versions.is_empty() {
                continue;
            }
            if let Err(Rejection { code, status, message, at }) = step(body) {
                let pointer = Pointer::default();
                findings.push(Finding {
                    versions,
                    pointer,
                    rule: rule.clone(),
                    kind: Kind::Checked { code, status, message, at },
                });
                live = live.without(versions);
            }
        }
        findings
    }
}
