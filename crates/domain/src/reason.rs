//! Coded reasons (原因代码). Statistics of frequent problems have no other source.

use serde::Deserialize;

/// What a reason is given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonKind {
    /// 补正.
    Correction,
    /// 补件.
    Supplement,
    /// 不予许可.
    Refusal,
    /// 退回 inside the department.
    Return,
    /// 特别程序.
    SpecialProcedure,
    /// 延期.
    Extension,
    /// 撤回.
    Withdrawal,
    /// 撤销.
    Revocation,
    /// 不予受理.
    AcceptanceRefused,
    /// 不受理.
    NotRequired,
    /// Why a person had to appear (到场).
    Visit,
    /// Why something is entered later than it happened (补录).
    Backfill,
    /// 催办.
    Urge,
    /// 注销.
    Cancellation,
    /// 查看个人信息.
    Reading,
    /// Why the owner hands in what would have been pulled (改为上传).
    Instead,
    /// Why a paper does not exist for this project (不需要提交).
    NotNeeded,
}

/// A coded reason of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Key, such as `paper-unreadable`.
    pub key: String,
    /// What it is a reason for.
    pub kind: ReasonKind,
    /// Name.
    pub name: String,
    /// When to use it.
    pub help: String,
    /// Legal basis.
    pub basis: String,
    /// 特别程序 code of the exchange standard (8 = other).
    pub national_code: Option<u8>,
    /// Usual length of the special procedure, in working days.
    pub planned_days: Option<u16>,
    /// For how many years a refusal or revocation for it bars the owner from applying again, where
    /// the item concerns safety: 1 (AL 78) or 3 (AL 79).
    pub bar_years: Option<u8>,
}
