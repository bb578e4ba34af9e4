//! What the server answers over HTTP.
//!
//! So far only what an operator's tools ask: is it alive, is it ready, how much goes through it. None of the answers
//! holds a name, an address, a subject or a text.

pub mod operations;

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

pub use operations::Operations;

/// How long one answer may take.
const ANSWER_TIME: Duration = Duration::from_secs(30);

/// All routes.
pub fn router(operations: Operations) -> Router {
    operations::routes(operations)
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER_TIME))
        .layer(CatchPanicLayer::new())
}
