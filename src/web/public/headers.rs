//! What every page tells the browser to allow, and what not to.
//!
//! Nothing runs that is not ours, nothing is fetched from anybody else, and nobody shows our pages inside theirs but
//! whom the configuration names, and never a private page.

use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

/// The headers of the pages.
#[derive(Clone, Debug)]
pub struct Headers(Arc<Values>);

#[derive(Debug)]
struct Values {
    open: HeaderValue,
    private: HeaderValue,
    embeddable: bool,
    https: bool,
}

/// Which pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The form, its receipt, the long pages.
    Open,
    /// Whatever belongs to one enquiry.
    Private,
}

impl Headers {
    /// For pages that `embed_origins` may show inside theirs; `https` when citizens reach them that way.
    pub fn new(embed_origins: &[String], https: bool) -> Self {
        let policy = |ancestors: &str| {
            // data: is for the icons that are written into the design system's style sheet.
            let policy = format!(
                "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; \
                 connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
            );
            // Origins are checked where they are configured; without them nothing can be wrong.
            HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
        };
        let ancestors = if embed_origins.is_empty() { "'none'".to_owned() } else { embed_origins.join(" ") };
        Self(Arc::new(Values {
            open: policy(&ancestors),
            private: policy("'none'"),
            embeddable: !embed_origins.is_empty(),
            https,
        }))
    }

    /// Puts them on an answer.
    pub fn put(&self, sort: Sort, mut response: Response) -> Response {
        let values = &*self.0;
        let headers = response.headers_mut();
        let policy = if sort == Sort::Open { &values.open } else { &values.private };
        headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
        let mut always = |name: HeaderName, value: &'static str| {
            headers.insert(name, HeaderValue::from_static(value));
        };
        always(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        // To nobody else; «no-referrer» would take the Origin from our own forms too.
        always(header::REFERRER_POLICY, "same-origin");
        always(header::CACHE_CONTROL, "no-store");
        always(
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
        );
        always(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        if sort == Sort::Private || !values.embeddable {
            always(header::X_FRAME_OPTIONS, "DENY");
            always(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
        }
        if values.https {
            always(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
        }
        if !headers.contains_key(header::CONTENT_TYPE) {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    fn policy(headers: &Headers, sort: Sort) -> (String, bool, bool) {
        let response = headers.put(sort, "x".into_response());
        let get = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let policy = get("content-security-policy").unwrap();
        (policy, get("x-frame-options").is_some(), get("strict-transport-security").is_some())
    }

    #[test]
    fn only_named_pages_show_the_form_and_none_a_private_page() {
        let origin = "https://www.kommune.example".to_owned();
        for (origins, https) in [(vec![], false), (vec![origin.clone()], true)] {
            let headers = Headers::new(&origins, https);
            let (open, denied, strict) = policy(&headers, Sort::Open);
            assert_eq!(open.contains(&format!("frame-ancestors {origin}")), !origins.is_empty());
            assert_eq!((denied, strict), (origins.is_empty(), https));
            assert!(!open.contains("unsafe") && open.starts_with("default-src 'none'"));
            let (private, denied, _) = policy(&headers, Sort::Private);
            assert!(private.ends_with("frame-ancestors 'none'") && denied);
        }
    }
}
