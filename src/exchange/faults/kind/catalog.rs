//! The catalog of a login lacks endpoints.

use super::site::{Expectation, Site};
use crate::base::json::Value;
use crate::base::{Diagnostic, Node};
use crate::exchange::answered::Answered;

/// The catalog lacks endpoints.
#[derive(Clone, Debug)]
pub struct CatalogFault {
    without: Option<String>,
    region: Option<String>,
}

impl CatalogFault {
    /// Reads `{without: TYPE}` (no service of that type), or `{region: NAME}` (all endpoints are in that region).
    ///
    /// # Errors
    /// It is something else.
    pub fn read(node: &Node) -> Result<CatalogFault, Diagnostic> {
        node.only(&["without", "region"])?;
        let (without, region) = (node.optional("without")?, node.optional("region")?);
        match (&without, &region) {
            (None, None) => Err(node.expected("without or region")),
            _ => Ok(CatalogFault { without, region }),
        }
    }

    /// See [`super::FaultKind::strike`].
    pub fn strike(&self, site: &mut Site<'_, '_>) -> (Answered, Expectation) {
        let mut answered = site.served();
        // Keystone v3, its list of the catalog, and v2.0.
        for place in ["/token/catalog", "/catalog", "/access/serviceCatalog"] {
            let catalog = answered.response.body.as_mut().and_then(|body| body.pointer_mut(place));
            if let Some(services) = catalog.and_then(Value::as_array_mut) {
                self.change(services);
            }
        }
        (answered, Expectation::Nothing)
    }

    fn change(&self, services: &mut Vec<Value>) {
        if let Some(without) = &self.without {
            services.retain(|service| service.get("type").and_then(Value::as_str) != Some(without));
        }
        let Some(region) = &self.region else { return };
        let endpoints =
            services.iter_mut().filter_map(|service| service.get_mut("endpoints")?.as_array_mut()).flatten();
        for endpoint in endpoints.filter_map(Value::as_object_mut) {
            for key in ["region", "region_id"] {
                if let Some(own) = endpoint.get_mut(key) {
                    *own = region.as_str().into();
                }
            }
        }
    }
}
