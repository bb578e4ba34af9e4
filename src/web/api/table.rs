//! Every route of the API, and the right that it asks for. There is no route without a row here: what has none is not found,
//! whoever asks.

use axum::http::Method;

use crate::domain::program::Right;

/// Method, path, right; `None` for what anybody may ask.
pub const ROUTES: &[(Method, &str, Option<Right>)] = &[
    (Method::GET, "/api/openapi.json", None),
    (Method::GET, "/api/v1/enquiries", Some(Right::EnquiriesRead)),
    (Method::GET, "/api/v1/enquiries/{id}", Some(Right::EnquiriesRead)),
    (Method::PATCH, "/api/v1/enquiries/{id}", Some(Right::EnquiriesWrite)),
    (Method::GET, "/api/v1/enquiries/{id}/messages", Some(Right::MessagesRead)),
    (Method::GET, "/api/v1/messages/{id}", Some(Right::MessagesRead)),
    (Method::GET, "/api/v1/messages/{id}/original", Some(Right::MessagesRead)),
    (Method::GET, "/api/v1/ledger", Some(Right::LedgerRead)),
    (Method::GET, "/api/v1/statistics", Some(Right::StatisticsRead)),
];

/// What a request meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// No such path.
    Nothing,
    /// The path takes these methods only.
    Methods(String),
    /// It is a route.
    Needs(Option<Right>),
}

/// The row of a request.
pub fn row(method: &Method, path: &str) -> Row {
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    let rows: Vec<_> = ROUTES.iter().filter(|(_, route, _)| *route == path).collect();
    match rows.iter().find(|(one, _, _)| one == method) {
        Some((_, _, right)) => Row::Needs(*right),
        None if rows.is_empty() => Row::Nothing,
        None => Row::Methods(rows.iter().map(|(one, _, _)| one.as_str()).collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_row_is_not_there() {
        assert_eq!(row(&Method::GET, "/api/v1/persons"), Row::Nothing);
        assert_eq!(row(&Method::DELETE, "/api/v1/enquiries/{id}"), Row::Methods("GET, PATCH".to_owned()));
        assert_eq!(row(&Method::HEAD, "/api/v1/ledger"), Row::Needs(Some(Right::LedgerRead)));
        assert_eq!(row(&Method::GET, "/api/openapi.json"), Row::Needs(None));
    }
}
