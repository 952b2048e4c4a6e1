//! A response headers policy of a template.

use axum::response::Response;
use cdn_config::behaviors::OriginId;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use local_edge::behaviors::ResponseHeaders;

use crate::distribution_properties::{Cors, ResponseHeadersPolicy, StrictTransport};
use crate::error::DeployError;

/// A response headers policy. The default adds nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct TemplateHeaders {
    /// Headers, and whether they replace those of the origin.
    headers: Vec<(HeaderName, HeaderValue, bool)>,
    cors: Option<CorsHeaders>,
}

#[derive(Clone, Debug)]
struct CorsHeaders {
    /// `None` allows all pages.
    origins: Option<Vec<String>>,
    exposed: Option<HeaderValue>,
    preflight: Vec<(HeaderName, HeaderValue)>,
}

impl TemplateHeaders {
    pub(crate) fn new(id: &str, policy: ResponseHeadersPolicy) -> Result<Self, DeployError> {
        let mut headers = Vec::new();
        let mut add = |name: &str, value: String, overrides: bool| -> Result<(), DeployError> {
            headers.push((header_name(id, name)?, header_value(id, value)?, overrides));
            Ok(())
        };
        for custom in policy.custom_headers_config.map(|config| config.items).unwrap_or_default() {
            add(&custom.header, custom.value, custom.overrides)?;
        }
        if let Some(security) = policy.security_headers_config {
            if let Some(csp) = security.content_security_policy {
                add("content-security-policy", csp.value, csp.overrides)?;
            }
            if let Some(options) = security.content_type_options {
                add("x-content-type-options", "nosniff".to_owned(), options.overrides)?;
            }
            if let Some(transport) = security.strict_transport_security {
                add("strict-transport-security", strict_transport(&transport), transport.overrides)?;
            }
        }
        let cors = policy.cors_config.map(|cors| CorsHeaders::new(id, cors)).transpose()?;
        Ok(Self { headers, cors })
    }
}

impl CorsHeaders {
    fn new(id: &str, cors: Cors) -> Result<Self, DeployError> {
        if cors.access_control_allow_credentials || !cors.origin_override {
            return Err(DeployError::property(
                id,
                "CORS with credentials or without OriginOverride isn't emulated",
            ));
        }
        let origins = cors.access_control_allow_origins.items;
        let exposed =
            cors.access_control_expose_headers.map(|exposed| header_value(id, exposed.items.join(", ")));
        let mut preflight = vec![
            (
                header::ACCESS_CONTROL_ALLOW_METHODS,
                header_value(id, cors.access_control_allow_methods.items.join(", "))?,
            ),
            (
                header::ACCESS_CONTROL_ALLOW_HEADERS,
                header_value(id, cors.access_control_allow_headers.items.join(", "))?,
            ),
        ];
        if let Some(seconds) = cors.access_control_max_age_sec {
            preflight.push((header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from(seconds)));
        }
        Ok(Self {
            origins: (!origins.contains(&"*".to_owned())).then_some(origins),
            exposed: exposed.transpose()?,
            preflight,
        })
    }

    /// The value of `Access-Control-Allow-Origin` for a page.
    fn allowed(&self, page: Option<&HeaderValue>) -> Option<HeaderValue> {
        let Some(origins) = &self.origins else { return Some(HeaderValue::from_static("*")) };
        page.filter(|page| origins.iter().any(|origin| *page == origin)).cloned()
    }
}

impl ResponseHeaders for TemplateHeaders {
    fn apply(&self, headers: &mut HeaderMap, viewer: &HeaderMap) {
        for (name, value, overrides) in &self.headers {
            if *overrides || !headers.contains_key(name) {
                headers.insert(name, value.clone());
            }
        }
        let Some(cors) = &self.cors else { return };
        match cors.allowed(viewer.get(header::ORIGIN)) {
            Some(allowed) => drop(headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed)),
            None => drop(headers.remove(header::ACCESS_CONTROL_ALLOW_ORIGIN)),
        }
        if let Some(exposed) = &cors.exposed {
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed.clone());
        }
        if cors.origins.is_some() {
            headers.append(header::VARY, HeaderValue::from_static("Origin"));
        }
    }

    fn preflight(&self) -> HeaderMap {
        self.cors.iter().flat_map(|cors| cors.preflight.clone()).collect()
    }

    /// CloudFront changes responses only when it sends them.
    fn complete(&self, _: OriginId, _: &mut Response) {}
}

fn strict_transport(transport: &StrictTransport) -> String {
    let mut value = format!("max-age={}", transport.access_control_max_age_sec);
    if transport.include_subdomains {
        value.push_str("; includeSubDomains");
    }
    if transport.preload {
        value.push_str("; preload");
    }
    value
}

fn header_name(id: &str, name: &str) -> Result<HeaderName, DeployError> {
    HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| DeployError::property(id, format!("{name:?} is no header")))
}

fn header_value(id: &str, value: String) -> Result<HeaderValue, DeployError> {
    HeaderValue::try_from(value).map_err(|error| DeployError::property(id, error))
}
