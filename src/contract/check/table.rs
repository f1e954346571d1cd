//! What a service's own code checks after the schema, without looking anything up: one table.

use super::{authentication, authentication_v2, change_server_v2, create_keypair_v2, create_server, create_server_v2};
use super::{extra_specs, page_v2};
use crate::base::json::Value;
use crate::base::{Place, Pointer, Version, Versions};
use crate::contract::finding::{Finding, Kind, Rejection, Step};

macro_rules! checks {
    ($($variant:ident $name:literal $file:ident::$steps:ident $source:literal;)*) => {
        /// The named checks; closed, because each is code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Check {
            $(#[doc = $source] $variant,)*
        }

        impl Check {
            /// Every check, by the name that contracts use.
            pub const ALL: &'static [(&'static str, Check)] = &[$(($name, Check::$variant),)*];

            fn steps(self) -> &'static [Step] {
                match self {
                    $(Check::$variant => $file::$steps,)*
                }
            }
        }
    };
}

checks! {
    CreateServer "create-server" create_server::STEPS "Nova's `ServersController.create`.";
    Authentication "authentication" authentication::STEPS "Keystone's `AuthInfo`.";
    AuthenticationV2 "authentication-v2" authentication_v2::STEPS "The same of its v2.0.";
    CreateServerV2 "create-server-v2" create_server_v2::STEPS "Nova's `Controller.create` of its API v2.";
    CreateServerV3 "create-server-v3" create_server_v2::STEPS_V3 "The same of its experimental v3.";
    UpdateServerV2 "update-server-v2" change_server_v2::UPDATE "Nova's `Controller.update` of its API v2.";
    UpdateServerV3 "update-server-v3" change_server_v2::UPDATE_V3 "The same of its experimental v3.";
    CreateKeypairV2 "create-keypair-v2" create_keypair_v2::STEPS "Nova's `KeypairController.create` of its API v2.";
    ExtraSpecs "extra-specs" extra_specs::STEPS "Nova's `nova/api/validation/extra_specs`.";
    PageV2 "page-v2" page_v2::STEPS "Nova's `get_pagination_params` of its API v2.";
    ServerActionV2 "server-action-v2" change_server_v2::ACTION "What an action of Nova's API v2 needs.";
    ServerActionV3 "server-action-v3" change_server_v2::ACTION_V3 "The same of its experimental v3.";
}

impl Check {
    /// Does it look at the query, not at the body?
    pub fn is_of_query(self) -> bool {
        self == Check::PageV2
    }

    /// Which of its steps are taken at `version`.
    pub fn steps_at(self, version: Version) -> Vec<usize> {
        let taken = self.steps().iter().enumerate().filter(|(_, (lifetime, _))| lifetime().contains(version));
        taken.map(|(index, _)| index).collect()
    }

    /// Does one of its steps refuse `document`?
    pub fn refuses(self, step: usize, document: &Value) -> bool {
        self.steps().get(step).is_some_and(|(_, step)| step(document).is_err())
    }

    /// What it has to say of `body` in the versions of `live`, in which the schema had nothing to say.
    pub fn run(self, body: &Value, live: Versions, rule: &Place) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut live = live;
        for (lifetime, step) in self.steps() {
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
