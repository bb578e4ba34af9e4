//! `/api/v1`: what programs of the municipality's may read and change.
//!
//! Every request passes one guard ([`guard`]). Handlers are handed a [`guard::Caller`] and need ask no more; which enquiries
//! it sees is kept by the store, and so is that every reading of content is in the log before it is handed out.

mod enquiries;
mod figures;
pub mod guard;
mod messages;
pub mod openapi;
pub mod problem;
pub mod shapes;
pub mod table;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get};
use axum::{Router, middleware};
use jiff::Timestamp;

use crate::clock::Clock;
use crate::domain::area::Areas;
use crate::domain::calendar;
use crate::domain::network::Network;
use crate::domain::statistics::counted::Counted;
use crate::domain::statistics::period::Period;
use crate::store::{Store, StoreError};
use crate::web::public::limits::Limits;
use guard::Asked;
use problem::Problem;

/// The largest change that is taken, in bytes.
const LARGEST_CHANGE: usize = 16 << 10;

/// What the handlers share. Cheap to clone.
#[derive(Clone)]
pub struct Api(Arc<Inner>);

struct Inner {
    parts: Parts,
    asked: Asked,
}

/// Counts a period, by the definitions that the figures of the page have.
pub type CountPeriod =
    Arc<dyn Fn(Period) -> Pin<Box<dyn Future<Output = Result<Counted, StoreError>> + Send>> + Send + Sync>;

/// What the API is made of.
pub struct Parts {
    /// The store.
    pub store: Store,
    /// The figures.
    pub counted: CountPeriod,
    /// The areas.
    pub areas: Areas,
    /// Proxies whose word is believed.
    pub trusted: Vec<Network>,
    /// Counts tokens that nobody gave.
    pub tried: Limits,
    /// Draws 32 random bytes.
    pub draw: Arc<dyn Fn() -> [u8; 32] + Send + Sync>,
    /// The clock.
    pub clock: Clock,
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Api")
    }
}

impl Api {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner { parts, asked: Asked::default() }))
    }

    fn store(&self) -> &Store {
        &self.0.parts.store
    }

    async fn counted(&self, period: Period) -> Result<Counted, StoreError> {
        (self.0.parts.counted)(period).await
    }

    fn areas(&self) -> &Areas {
        &self.0.parts.areas
    }

    fn trusted(&self) -> &[Network] {
        &self.0.parts.trusted
    }

    fn tried(&self) -> &Limits {
        &self.0.parts.tried
    }

    fn asked(&self) -> &Asked {
        &self.0.asked
    }

    fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }

    fn today(&self) -> jiff::civil::Date {
        calendar::local(self.now()).date()
    }

    /// The number of an act: 128 random bits.
    fn act(&self) -> String {
        (self.0.parts.draw)().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// All routes of the API.
pub fn routes(api: Api) -> Router {
    Router::new()
        .route("/api/openapi.json", get(openapi::document))
        .route("/api/v1/enquiries", get(enquiries::list))
        .route("/api/v1/enquiries/{id}", get(enquiries::one).patch(enquiries::change))
        .route("/api/v1/enquiries/{id}/messages", get(messages::list))
        .route("/api/v1/messages/{id}", get(messages::one))
        .route("/api/v1/messages/{id}/original", get(messages::original))
        .route("/api/v1/ledger", get(figures::ledger))
        .route("/api/v1/statistics", get(figures::statistics))
        .route("/api/{*rest}", any(async || Problem::missing()))
        .layer(DefaultBodyLimit::max(LARGEST_CHANGE))
        .route_layer(middleware::from_fn_with_state(api.clone(), guard::guard))
        .with_state(api)
}
