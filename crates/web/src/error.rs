//! The one error type of pages: what went wrong, who has to act, and a way on.

use std::sync::Arc;

use axum::{
    Extension,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use tongban_domain::{catalog::Catalog, refusal::Refusal};
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
    /// The login lacks a second factor, or a password of one's own.
    #[error("login unfinished")]
    LoginUnfinished {
        /// Where to go afterwards.
        back: String,
    },
    /// The person has to prove once more who it is.
    #[error("confirmation needed")]
    ConfirmNeeded {
        /// What was typed, to be sent again.
        typed: Vec<(String, String)>,
        /// What was wrong with the proof; empty when none was given.
        fault: String,
    },
    /// The role does not open this desk.
    #[error("not for this role")]
    WrongDesk,
    /// Nobody of this login name handles cases in the department whose system calls.
    #[error("not an officer of the department: {0}")]
    NotItsOfficer(String),
    /// An act of a department's system that is not the next one on its case.
    #[error("the next act of the system on this case is number {0}")]
    OutOfOrder(u32),
    /// The law or the permissions refuse the act.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Somebody acted since the page was made.
    #[error("somebody else acted since the page was made")]
    Changed {
        /// The page that shows what changed.
        back: String,
        /// What the person had written, to be copied from the page.
        lost: String,
    },
    /// Too many guesses at a secret; again in so many minutes.
    #[error("too many guesses, again in {0} minutes")]
    TooMany(u32),
    /// Passwords open nothing on this node.
    #[error("passwords are off")]
    PasswordsOff,
    /// More requests than one address or account may send.
    #[error("too many requests")]
    TooFast,
    /// The address is there, and not for this method.
    #[error("method not allowed")]
    WrongMethod,
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
            ActError::Changed => Self::Changed { back: String::new(), lost: String::new() },
            ActError::OutOfOrder(next) => Self::OutOfOrder(next),
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
            Self::LoginNeeded { .. } | Self::LoginUnfinished { .. } => StatusCode::UNAUTHORIZED,
            Self::WrongDesk
            | Self::NotItsOfficer(_)
            | Self::ConfirmNeeded { .. }
            | Self::Store(StoreError::BeyondOffice(_))
            | Self::PasswordsOff => StatusCode::FORBIDDEN,
            Self::Refused(refusal) => words::refusal_status(refusal),
            Self::Changed { .. }
            | Self::OutOfOrder(_)
            | Self::Store(StoreError::Conflict | StoreError::Taken(_)) => StatusCode::CONFLICT,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::TooMany(_) | Self::TooFast => StatusCode::TOO_MANY_REQUESTS,
            Self::Store(
                StoreError::Stopped
                | StoreError::DiskFull
                | StoreError::Unavailable(_)
                | StoreError::Unknown
                | StoreError::ClockBehind(_),
            ) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(_) | Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Whether somebody tried what is not for that person. What is somebody else's is not found; a
    /// proof that is asked for refuses nothing.
    pub(crate) const fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::NotFound
                | Self::WrongDesk
                | Self::NotItsOfficer(_)
                | Self::Store(StoreError::BeyondOffice(_))
        )
    }

    /// A sentence the person can act on.
    pub(crate) fn sentence(&self, catalog: &Catalog) -> String {
        match self {
            Self::NotFound => "没有找到这个页面，或者您没有查看的权限。".to_owned(),
            Self::LoginNeeded { .. } => "请先登录。".to_owned(),
            Self::LoginUnfinished { .. } => {
                "登录还没有完成：请在登录页修改初始密码，或者输入动态口令。".to_owned()
            }
            Self::ConfirmNeeded { fault, .. } if fault.is_empty() => {
                "作出决定、撤销、延续、更改账号和退出其他登录之前，请确认是您本人。".to_owned()
            }
            Self::ConfirmNeeded { fault, .. } => format!("{fault}。"),
            Self::WrongDesk => "您的账号不能使用这个工作台；刚建立的账号要等安全管理员授予角色。".to_owned(),
            Self::NotItsOfficer(login) => format!(
                "「{login}」不是本部门在用的承办人、审核人或者批准人账号，请先由系统管理员建立账号、安全管理员授予角色。"
            ),
            Self::OutOfOrder(next) => format!(
                "本系统对这个办件的下一次操作应当是第 {next} 次；前面的还没有办理，或者这一次已经办理过而内容不同。"
            ),
            Self::Refused(refusal) => words::refusal(refusal, catalog),
            Self::Changed { .. } => {
                "在您打开页面之后，其他人已经办理了这个办件。请查看最新情况后再操作。".to_owned()
            }
            Self::WrongMethod => "这个地址不能这样打开，请从页面上重新打开。".to_owned(),
            Self::BadRequest(what) => what.clone(),
            Self::PasswordsOff => "本平台不用密码登录，请用统一身份认证登录。".to_owned(),
            Self::TooFast => "请求太频繁，请过一分钟再试；这次没有办理，也没有保存。".to_owned(),
            Self::TooMany(minutes) => words::too_many(*minutes),
            Self::Store(StoreError::Taken(what)) => format!("「{what}」已经被使用。"),
            Self::Store(StoreError::BeyondOffice(paths)) => words::beyond_office(paths),
            Self::Store(StoreError::Conflict) => "其他人同时办理了这个办件，请重试。".to_owned(),
            Self::Store(StoreError::Stopped) => {
                "系统暂时不能保存，请稍后再试；已经确认的办理不受影响。".to_owned()
            }
            Self::Store(StoreError::DiskFull) => {
                "存储空间已满，这次没有保存，您填写的内容没有提交；查询不受影响。请稍后再试。"
                    .to_owned()
            }
            Self::Store(StoreError::Unavailable(_)) => {
                "数据库暂时连接不上，这次没有保存，请稍后再试；已经确认的办理不受影响。".to_owned()
            }
            Self::Store(StoreError::Unknown) => {
                "保存时与数据库的连接中断，不能确定是否已经保存。请先查看最新情况，再决定是否重新提交。"
                    .to_owned()
            }
            Self::Store(StoreError::ClockBehind(_)) => {
                "系统时钟有误，校准之前不能办理，以免记错时限；查询不受影响。".to_owned()
            }
            Self::Store(_) | Self::Broken(_) => "系统出错，已经记录，请稍后再试。".to_owned(),
        }
    }
}

/// An error on its way out, until [`crate::told`] puts it into words: that needs the names of
/// the catalogue and the frame of the page, which the handler's answer does not have.
#[derive(Debug, Clone)]
pub(crate) struct Untold(pub(crate) Arc<PageError>);

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        if let Self::LoginNeeded { back } = &self {
            let query = words::percent_encoded(back);
            return Redirect::to(&format!("/login?back={query}")).into_response();
        }
        if let Self::LoginUnfinished { back } = &self {
            let query = words::percent_encoded(back);
            return Redirect::to(&format!("/login/next?back={query}")).into_response();
        }
        (self.status(), Extension(Untold(Arc::new(self)))).into_response()
    }
}

/// What a page handler answers.
pub(crate) type PageResult = Result<Response, PageError>;
