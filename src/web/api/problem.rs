//! What went wrong, as RFC 9457 wants it said. Every word is ours: nothing that was asked is said back, since it may be
//! about somebody.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::store::StoreError;

/// A problem (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// What sort of problem: a name that stays the same.
    #[serde(rename = "type")]
    pub sort: String,
    /// The sort in words.
    pub title: &'static str,
    /// The status of the answer.
    pub status: u16,
    /// What to do about it.
    pub detail: String,
    #[serde(skip)]
    #[schema(ignore)]
    header: Option<Box<(HeaderName, String)>>,
}

impl Problem {
    /// A problem of a sort.
    pub fn new(status: StatusCode, word: &str, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            sort: format!("urn:indgang:problem:{word}"),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            header: None,
        }
    }

    /// The same with a header.
    pub fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.header = Some(Box::new((name, value.into())));
        self
    }

    /// Nothing is there, or nothing that this program may see.
    pub fn missing() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "missing",
            "Not found",
            "There is nothing here that this token may see.",
        )
    }

    /// A parameter cannot be read. `what` is ours: its name and what is expected.
    pub fn parameter(what: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "parameter", "A parameter cannot be read", what)
    }

    /// A value cannot be.
    pub fn value(what: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "value", "A value is not possible", what)
    }

    /// The database did not answer.
    pub fn failed(error: &StoreError) -> Self {
        tracing::error!(%error, "a request of a program cannot be answered");
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "The database does not answer",
            "Try again in a minute.",
        )
        .with(header::RETRY_AFTER, "60")
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::failed(&error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(header) = self.header
            && let (name, Ok(value)) = (header.0, HeaderValue::from_str(&header.1))
        {
            headers.insert(name, value);
        }
        response
    }
}
