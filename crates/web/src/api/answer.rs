//! Answers and errors of the API: one envelope each.

use axum::{
    Json,
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tongban_store::Answer;

use crate::{app::App, error::PageError, forms::Faults, session::SignedIn};

/// An error of the API: `{"error": {"code", "message", "fields"}}`.
pub(crate) struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
    fields: Vec<(String, String)>,
}

/// What an API handler answers.
pub(crate) type ApiResult = Result<Response, ApiError>;

impl ApiError {
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code: "bad-request",
            message: message.into(),
            fields: Vec::new(),
        }
    }
}

impl From<Faults> for ApiError {
    fn from(faults: Faults) -> Self {
        let own = |(field, sentence): (&str, &str)| (field.to_owned(), sentence.to_owned());
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            code: "invalid",
            message: format!("有 {} 处需要改正", faults.len()),
            fields: faults.iter().map(own).collect(),
        }
    }
}

impl From<PageError> for ApiError {
    fn from(error: PageError) -> Self {
        let code = match &error {
            PageError::NotFound => "not-found",
            PageError::LoginNeeded { .. } => "login-needed",
            PageError::WrongDesk => "not-allowed",
            PageError::Refused(_) => "refused",
            PageError::Changed { .. } => "changed",
            PageError::BadRequest(_) => "bad-request",
            PageError::Store(_) | PageError::Broken(_) => "failed",
        };
        let status = error.status();
        if status.is_server_error() {
            tracing::error!(%error, cause = ?std::error::Error::source(&error), "an API request failed");
        }
        Self { status, code, message: error.sentence(), fields: Vec::new() }
    }
}

impl From<tongban_store::ActError> for ApiError {
    fn from(error: tongban_store::ActError) -> Self {
        PageError::from(error).into()
    }
}

impl From<tongban_store::StoreError> for ApiError {
    fn from(error: tongban_store::StoreError) -> Self {
        PageError::from(error).into()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let fields: serde_json::Map<String, Value> =
            self.fields.into_iter().map(|(field, words)| (field, Value::String(words))).collect();
        let body = json!({
            "error": { "code": self.code, "message": self.message, "fields": fields }
        });
        (self.status, Json(body)).into_response()
    }
}

/// A program that has logged in; without a session it is told so, never sent to a page.
pub(crate) struct Caller(pub(crate) SignedIn);

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let signed_in = <SignedIn as FromRequestParts<App>>::from_request_parts(parts, app).await;
        Ok(Self(signed_in?))
    }
}

pub(crate) async fn unknown_path() -> ApiError {
    PageError::NotFound.into()
}

pub(crate) fn ok(body: Value) -> ApiResult {
    Ok(Json(body).into_response())
}

/// The answer to a write; a repeat with the same key gets the same.
pub(crate) fn written(answer: Answer) -> ApiResult {
    ok(json!({
        "project": answer.project.to_string(),
        "version": answer.version,
        "application": answer.application.map(|id| id.to_string()),
    }))
}
