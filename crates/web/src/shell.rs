//! The frame around every page: who is here, which desk, what was just done.

use axum::{extract::FromRequestParts, http::request::Parts};
use tongban_domain::{acts::ActName, permission::Role};
use tongban_store::Account;

use crate::{
    app::App,
    error::PageError,
    session::{SignedIn, cookie},
    words,
};

/// Which desk a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Desk {
    /// For everybody.
    Public,
    /// The owner's.
    Owner,
    /// The authority's.
    Staff,
}

/// Somebody logged in, as the frame shows them.
#[derive(Debug, Clone)]
pub(crate) struct Badge {
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) window: bool,
    pub(crate) department: bool,
    pub(crate) approver: bool,
    pub(crate) supervisor: bool,
    /// Keeps the catalogue, the departments, the offices, or looks at those who do.
    pub(crate) administrator: bool,
    pub(crate) auditor: bool,
    pub(crate) owner: bool,
}

impl Badge {
    fn of(app: &App, account: &Account) -> Self {
        let organisation = app.store().organisation();
        let department = account
            .mandates
            .iter()
            .find_map(|mandate| mandate.department)
            .and_then(|id| organisation.department(id))
            .map(|department| department.name.clone());
        let unit = account.organisation_name.clone().or(department).unwrap_or_else(|| {
            let Some(mandate) = account.mandates.first() else { return String::new() };
            // Which part of the catalogue somebody keeps is what tells one keeper from the other.
            let catalog = app.store().catalog().ok();
            let kept = catalog.filter(|_| mandate.role == Role::Administrator);
            let region = kept.and_then(|it| Some(it.regions.get(&mandate.region)?.name.clone()));
            format!("{}{}", region.unwrap_or_default(), mandate.role.name())
        });
        let in_department = [Role::Officer, Role::Reviewer, Role::Approver];
        Self {
            name: account.name.clone(),
            unit,
            window: account.is(Role::Window),
            department: in_department.iter().any(|role| account.is(*role)),
            approver: account.is(Role::Approver),
            supervisor: account.is(Role::Supervisor) || account.is(Role::Government),
            administrator: account.is(Role::Administrator)
                || account.mandates.iter().any(|mandate| mandate.role.stands_alone()),
            auditor: account.is(Role::AuditAdministrator),
            owner: account.is_outside(),
        }
    }
}

/// The frame of a page.
#[derive(Debug, Clone)]
pub(crate) struct Shell {
    pub(crate) desk: Desk,
    /// Address of the page, without the query.
    pub(crate) path: String,
    pub(crate) badge: Option<Badge>,
    /// What was just done, in a sentence.
    pub(crate) done: Option<&'static str>,
    /// 大字版.
    pub(crate) large: bool,
    pub(crate) place: String,
    pub(crate) demo: Option<String>,
    pub(crate) css: Option<String>,
    pub(crate) js: Option<String>,
}

impl Shell {
    /// Whether a navigation entry is the current one.
    pub(crate) fn here(&self, prefix: &str) -> bool {
        if prefix == "/" || prefix == "/a" || prefix == "/s" {
            return self.path == prefix;
        }
        self.path.starts_with(prefix)
    }

    pub(crate) fn is_staff(&self) -> bool {
        self.desk == Desk::Staff
    }

    pub(crate) fn is_owner(&self) -> bool {
        self.desk == Desk::Owner
    }

    /// Rows and controls are closer together on the authority's pages.
    pub(crate) fn density(&self) -> &'static str {
        if self.is_staff() { "compact" } else { "comfortable" }
    }
}

/// Everything about a request that the frame needs; makes the [`Shell`] for a desk.
pub(crate) struct Frame {
    app: App,
    path: String,
    account: Option<Account>,
    done: Option<&'static str>,
    large: bool,
}

impl Frame {
    /// Whether the person works for an authority; none when nobody is logged in.
    pub(crate) fn is_staff(&self) -> Option<bool> {
        self.account.as_ref().map(|account| !account.is_outside())
    }

    /// Whether the person has security keys.
    pub(crate) fn has_key(&self) -> bool {
        self.account.as_ref().is_some_and(|account| account.has_key)
    }

    pub(crate) fn shell(&self, desk: Desk) -> Shell {
        Shell {
            desk,
            path: self.path.clone(),
            badge: self.account.as_ref().map(|account| Badge::of(&self.app, account)),
            done: self.done,
            large: self.large,
            place: self.app.settings().place.clone(),
            demo: self.app.settings().demo.clone(),
            css: self.app.assets().url("app.css"),
            js: self.app.assets().url("app.js"),
        }
    }
}

impl FromRequestParts<App> for Frame {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let account =
            <Option<SignedIn> as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        let query = parts.uri.query().unwrap_or_default();
        let done =
            query.split('&').find_map(|pair| pair.strip_prefix("done=")).and_then(
                |key| match key {
                    "saved" => Some("已保存。"),
                    "password-changed" => Some("密码已修改，其他地方的登录已退出。"),
                    "not-needed" => Some("已说明不需要这份材料，窗口受理时会核对。"),
                    "taken-over" => Some("已从其他项目带入。"),
                    "phone-set" => Some("动态口令已绑定，下次登录时要输入。"),
                    "linked" => Some("统一身份认证已关联。"),
                    "unlinked" => Some("统一身份认证已解除关联。"),
                    "key-added" => Some("安全密钥已添加，下次登录要用到它。"),
                    "key-removed" => Some("安全密钥已移除。"),
                    "phone-removed" => Some("动态口令已解除。"),
                    "session-ended" => Some("那一处的登录已退出。"),
                    "sessions-ended" => Some("其他地方的登录已退出。"),
                    "account-closed" => Some("账号已停用，正在使用的立即退出。"),
                    "granted" => Some("角色已授予，下次打开页面时生效。"),
                    "not-granted" => Some("没有授予，账号没有任何角色。"),
                    "account-opened" => Some("账号已重新启用。"),
                    "uploaded" => Some("文件已上传。"),
                    "discarded" => Some("草稿已删除。"),
                    "draft-begun" => Some("草稿已建立，现行目录不受影响。"),
                    "draft-saved" => Some("草稿已保存。"),
                    "draft-discarded" => Some("草稿已丢弃。"),
                    act => ActName::from_key(act).map(words::done),
                },
            );
        Ok(Self {
            app: app.clone(),
            path: parts.uri.path().to_owned(),
            account: account.map(|signed_in| signed_in.0),
            done,
            large: cookie(&parts.headers, "mode") == Some("large"),
        })
    }
}
