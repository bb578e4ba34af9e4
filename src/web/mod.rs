//! What the server answers over HTTP: to an operator's tools, and to the gateways that bring texts.
//!
//! None of the answers holds a name, a number, an address, a subject or a text.

pub mod caller;
pub mod listen;
pub mod operations;
pub mod public;
pub mod texts;

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

pub use operations::Operations;

/// How long one answer may take.
const ANSWER_TIME: Duration = Duration::from_secs(30);

/// All routes.
pub fn router(operations: Operations, texts: texts::Take) -> Router {
    operations::routes(operations)
        .merge(texts::routes(texts))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER_TIME))
        .layer(CatchPanicLayer::new())
}
