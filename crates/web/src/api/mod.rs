//! placeholder
use axum::Router;
use crate::app::App;
pub(crate) fn routes() -> Router<App> { Router::new() }
/// The OpenAPI document.
#[must_use] pub fn openapi_document() -> serde_json::Value { serde_json::Value::Null }
