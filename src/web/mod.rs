//! What the server answers over HTTP: to citizens, to an operator's tools, and to the gateways that bring texts.
//!
//! Only a private page that was opened, and the inbox behind signing in, hold anything that a citizen wrote.

pub mod api;
pub mod assets;
pub mod caller;
pub mod inbox;
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
/// The same where files come with the question: they may come slowly, as long as they come.
const UPLOAD_TIME: Duration = Duration::from_secs(15 * 60);

/// All routes.
pub fn router(
    operations: Operations,
    texts: texts::Take,
    public: public::pages::Public,
    inbox: inbox::Inbox,
    api: api::Api,
) -> Router {
    let within = |time| TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, time);
    operations::routes(operations)
        .merge(texts::routes(texts))
        .merge(assets::routes(public.assets().clone()))
        .merge(api::routes(api))
        .layer(within(ANSWER_TIME))
        // News is told as long as somebody listens.
        .merge(inbox::routes(inbox).layer(within(UPLOAD_TIME)))
        .merge(public::routes(public).layer(within(UPLOAD_TIME)))
        .layer(CatchPanicLayer::new())
}
