//! Logins and what was done to accounts (登录和账号记录): for the person, and for those who audit.

use tongban_domain::{ids::AccountId, time::Instant};

use crate::{
    change::Change,
    engine::{Row, query},
    error::StoreError,
    node::Store,
};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessEvent {
    /// 登录.
    LoggedIn,
    /// 登录失败.
    Failed,
    /// 修改密码.
    PasswordChanged,
    /// 重置密码.
    PasswordReset,
    /// 绑定动态口令.
    SecondFactorSet,
    /// 解除动态口令.
    SecondFactorRemoved,
    /// 停用账号.
    Closed,
    /// 启用账号.
    Opened,
    /// 退出其他登录.
    SessionsEnded,
    /// 退出另一处登录.
    SessionEnded,
    /// 建立账号.
    Made,
    /// 授予角色.
    Granted,
    /// 不予授权.
    NotGranted,
    /// 关联统一身份认证.
    Recognised,
    /// 解除统一身份认证.
    Unlinked,
    /// 添加安全密钥.
    KeyAdded,
    /// 移除安全密钥.
    KeyRemoved,
}

impl AccessEvent {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::LoggedIn,
        Self::Failed,
        Self::PasswordChanged,
        Self::PasswordReset,
        Self::SecondFactorSet,
        Self::SecondFactorRemoved,
        Self::Closed,
        Self::Opened,
        Self::SessionsEnded,
        Self::SessionEnded,
        Self::Made,
        Self::Granted,
        Self::NotGranted,
        Self::Recognised,
        Self::Unlinked,
        Self::KeyAdded,
        Self::KeyRemoved,
    ];

    /// Stable name for storage.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::LoggedIn => "logged-in",
            Self::Failed => "failed",
            Self::PasswordChanged => "password-changed",
            Self::PasswordReset => "password-reset",
            Self::SecondFactorSet => "second-factor-set",
            Self::SecondFactorRemoved => "second-factor-removed",
            Self::Closed => "closed",
            Self::Opened => "opened",
            Self::SessionsEnded => "sessions-ended",
            Self::SessionEnded => "session-ended",
            Self::Made => "made",
            Self::Granted => "granted",
            Self::NotGranted => "not-granted",
            Self::Recognised => "recognised",
            Self::Unlinked => "unlinked",
            Self::KeyAdded => "key-added",
            Self::KeyRemoved => "key-removed",
        }
    }

    /// What people read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LoggedIn => "登录",
            Self::Failed => "登录失败",
            Self::PasswordChanged => "修改密码",
            Self::PasswordReset => "重置密码",
            Self::SecondFactorSet => "绑定动态口令",
            Self::SecondFactorRemoved => "解除动态口令",
            Self::Closed => "停用账号",
            Self::Opened => "启用账号",
            Self::SessionsEnded => "退出其他登录",
            Self::SessionEnded => "退出另一处登录",
            Self::Made => "建立账号",
            Self::Granted => "授予角色",
            Self::NotGranted => "不予授权",
            Self::Recognised => "关联统一身份认证",
            Self::Unlinked => "解除统一身份认证",
            Self::KeyAdded => "添加安全密钥",
            Self::KeyRemoved => "移除安全密钥",
        }
    }
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLine {
    /// About whose account; zeros where there is none of the name that was tried.
    pub account: AccountId,
    /// When.
    pub at: Instant,
    /// What.
    pub event: AccessEvent,
    /// Who did it, when it was not the person.
    pub by: Option<AccountId>,
    /// From which address; empty when it is not known.
    pub address: String,
}

fn line_of(row: &Row<'_>) -> Result<AccessLine, StoreError> {
    let key: String = row.get(1)?;
    let event = AccessEvent::ALL.into_iter().find(|event| event.key() == key);
    Ok(AccessLine {
        at: Instant(row.get(0)?),
        event: event.ok_or_else(|| StoreError::Damaged(format!("event {key}")))?,
        by: row.get::<Option<[u8; 16]>>(2)?.map(AccountId::from_bytes),
        address: row.get(3)?,
        account: AccountId::from_bytes(row.get(4)?),
    })
}

impl Store {
    /// Notes it with whatever else a change does.
    pub(super) fn note_access(
        &self,
        change: &mut Change,
        account: AccountId,
        event: AccessEvent,
        by: Option<AccountId>,
        address: &str,
    ) {
        const NOTE: &str = "INSERT INTO access_events (account, at, id, event, done_by, address) \
                            VALUES ($1, $2, $3, $4, $5, $6)";
        let id = self.new_id();
        let values = vec![
            account.as_bytes().into(),
            self.now().0.into(),
            (&id).into(),
            event.key().into(),
            by.as_ref().map(|id| id.as_bytes()).into(),
            address.into(),
        ];
        change.add(NOTE, values);
    }

    /// The latest about an account, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn access_lines(&self, account: AccountId) -> Result<Vec<AccessLine>, StoreError> {
        const LATEST: &str = "SELECT at, event, done_by, address, account FROM access_events \
                              WHERE account = $1 ORDER BY at DESC, id DESC LIMIT 30";
        self.read(|connection| query(connection, LATEST, &[account.as_bytes().into()], line_of))
    }

    /// How much happened to all accounts since a moment.
    ///
    /// # Errors
    /// When the database fails.
    pub fn access_count(&self, since: Instant) -> Result<u64, StoreError> {
        const COUNT: &str = "SELECT COUNT(*) FROM access_events WHERE at >= $1";
        let found = self.read(|connection| {
            query(connection, COUNT, &[since.0.into()], |row| row.get::<i64>(0))
        })?;
        Ok(found.first().map_or(0, |count| *count as u64))
    }

    /// What happened to all accounts before a moment, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn access_log(&self, before: Instant, most: usize) -> Result<Vec<AccessLine>, StoreError> {
        const LOG: &str = "SELECT at, event, done_by, address, account FROM access_events \
                           WHERE at < $1 ORDER BY at DESC, id DESC LIMIT $2";
        let values = [before.0.into(), (most as i64).into()];
        self.read(|connection| query(connection, LOG, &values, line_of))
    }
}
