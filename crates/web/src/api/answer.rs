//! Answers and errors of the API: one envelope each.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tongban_store::Answer;

use crate::{
    app::App,
    error::{PageError, Untold},
    forms::Faults,
    session::SignedIn,
};

/// An error of the API: `{"error": {"code", "message", "fields"}}`.
pub(crate) enum ApiError {
    /// Told like a page's, in another form.
    Page(PageError),
    /// The fields named are wrong.
    Invalid(Faults),
}

/// What an API handler answers.
pub(crate) type ApiResult = Result<Response, ApiError>;

impl ApiError {
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::Page(PageError::BadRequest(message.into()))
    }
}

impl From<Faults> for ApiError {
    fn from(faults: Faults) -> Self {
        Self::Invalid(faults)
    }
}

impl From<PageError> for ApiError {
    fn from(error: PageError) -> Self {
        Self::Page(error)
    }
}

const fn code(error: &PageError) -> &'static str {
    match error {
        PageError::NotFound => "not-found",
        PageError::LoginNeeded { .. } => "login-needed",
        PageError::LoginUnfinished { .. } => "login-unfinished",
        PageError::ConfirmNeeded { .. } => "confirmation-needed",
        PageError::PasswordsOff => "passwords-off",
        PageError::WrongDesk => "not-allowed",
        PageError::NotItsOfficer(_) => "unknown-officer",
        PageError::OutOfOrder(_) => "out-of-order",
        PageError::Refused(_) => "refused",
        PageError::Changed { .. } => "changed",
        PageError::WrongMethod => "wrong-method",
        PageError::BadRequest(_) => "bad-request",
        PageError::TooMany(_) | PageError::TooFast => "too-many",
        PageError::Store(_) | PageError::Broken(_) => "failed",
    }
}

/// An error in the envelope.
pub(crate) fn told(app: &App, error: &PageError) -> Response {
    let message = match app.catalog() {
        Ok(catalog) => error.sentence(&catalog),
        Err(_) => error.to_string(),
    };
    let mut fields = serde_json::Map::new();
    if let PageError::OutOfOrder(next) = error {
        fields.insert("sequence".to_owned(), next.to_string().into());
    }
    envelope(error.status(), code(error), &message, fields)
}

fn envelope(
    status: StatusCode,
    code: &str,
    message: &str,
    fields: serde_json::Map<String, Value>,
) -> Response {
    let error = json!({ "code": code, "message": message, "fields": fields });
    (status, Json(json!({ "error": error }))).into_response()
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
        match self {
            Self::Page(error) => {
                (error.status(), Extension(Untold(Arc::new(error)))).into_response()
            }
            Self::Invalid(faults) => {
                let fields = faults.iter().map(|(field, sentence)| (field.into(), sentence.into()));
                let message = format!("有 {} 处需要改正", faults.len());
                envelope(StatusCode::UNPROCESSABLE_ENTITY, "invalid", &message, fields.collect())
            }
        }
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
