//! The one error type of pages: what went wrong, who has to act, and a way on.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use tongban_domain::refusal::Refusal;
use tongban_store::{ActError, StoreError};

use crate::words;

/// Why a page or an act was not given.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PageError {
    /// There is no such thing, or it is not this person's business.
    #[error("not found")]
    NotFound,
    /// Nobody is logged in.
    #[error("login needed")]
    LoginNeeded {
        /// Where to go afterwards.
        back: String,
    },
    /// The role does not open this desk.
    #[error("not for this role")]
    WrongDesk,
    /// The law or the permissions refuse the act.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Somebody acted since the page was made.
    #[error("somebody else acted since the page was made")]
    Changed {
        /// The page that shows what changed.
        back: String,
    },
    /// The request cannot be read.
    #[error("{0}")]
    BadRequest(String),
    /// The disk or the database failed.
    #[error(transparent)]
    Store(StoreError),
    /// Something of ours is broken.
    #[error("{0}")]
    Broken(String),
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ActError> for PageError {
    fn from(error: ActError) -> Self {
        match error {
            ActError::UnknownProject => Self::NotFound,
            ActError::Refused(refusal) => Self::Refused(refusal),
            ActError::Changed => Self::Changed { back: String::new() },
            ActError::Store(error) => Self::Store(error),
        }
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> Self {
        Self::Broken(format!("a template failed: {error}"))
    }
}

impl PageError {
    /// The status: chosen by who has to act.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::LoginNeeded { .. } => StatusCode::UNAUTHORIZED,
            Self::WrongDesk => StatusCode::FORBIDDEN,
            Self::Refused(refusal) => words::refusal_status(refusal),
            Self::Changed { .. } | Self::Store(StoreError::Conflict | StoreError::Taken(_)) => {
                StatusCode::CONFLICT
            }
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Store(StoreError::Stopped) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(_) | Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A sentence the person can act on.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::NotFound => "没有找到这个页面，或者您没有查看的权限。".to_owned(),
            Self::LoginNeeded { .. } => "请先登录。".to_owned(),
            Self::WrongDesk => "您的账号不能使用这个工作台。".to_owned(),
            Self::Refused(refusal) => words::refusal(refusal),
            Self::Changed { .. } => {
                "在您打开页面之后，其他人已经办理了这个办件。请查看最新情况后再操作。".to_owned()
            }
            Self::BadRequest(what) => what.clone(),
            Self::Store(StoreError::Taken(what)) => format!("「{what}」已经被使用。"),
            Self::Store(StoreError::Conflict) => "其他人同时办理了这个办件，请重试。".to_owned(),
            Self::Store(StoreError::Stopped) => {
                "系统暂时不能保存，请稍后再试；已经确认的办理不受影响。".to_owned()
            }
            Self::Store(_) | Self::Broken(_) => "系统出错，已经记录，请稍后再试。".to_owned(),
        }
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    status: u16,
    title: &'a str,
    sentence: &'a str,
    back: Option<&'a str>,
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        if let Self::LoginNeeded { back } = &self {
            let query = words::percent_encoded(back);
            return Redirect::to(&format!("/login?back={query}")).into_response();
        }
        let status = self.status();
        if status.is_server_error() {
            tracing::error!(error = %self, cause = ?std::error::Error::source(&self), "a page failed");
        }
        let title = match status {
            StatusCode::NOT_FOUND => "没有找到",
            StatusCode::FORBIDDEN => "不能这样操作",
            StatusCode::CONFLICT => "情况已经变化",
            StatusCode::UNPROCESSABLE_ENTITY => "需要改正",
            StatusCode::BAD_REQUEST => "请求不完整",
            _ => "暂时不能办理",
        };
        let back = match &self {
            Self::Changed { back } if !back.is_empty() => Some(back.as_str()),
            _ => None,
        };
        let page = ErrorPage { status: status.as_u16(), title, sentence: &self.sentence(), back };
        match page.render() {
            Ok(html) => (status, Html(html)).into_response(),
            Err(_) => (status, self.sentence()).into_response(),
        }
    }
}

/// What a page handler answers.
pub(crate) type PageResult = Result<Response, PageError>;
