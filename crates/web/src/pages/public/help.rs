//! Help, glossary, and the switch to large type.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::header,
    response::IntoResponse,
};
use serde::Deserialize;

use crate::{
    app::App,
    error::PageResult,
    pages::{html, own_path, redirect},
    shell::{Desk, Frame, Shell},
};

#[derive(Template)]
#[template(path = "public/help.html")]
struct HelpPage {
    shell: Shell,
}

pub(crate) async fn help(State(_): State<App>, frame: Frame) -> PageResult {
    html(&HelpPage { shell: frame.shell(Desk::Public) })
}

#[derive(Template)]
#[template(path = "public/glossary.html")]
struct GlossaryPage {
    shell: Shell,
    words: &'static [(&'static str, &'static str)],
}

/// Official terms with a plain gloss.
const GLOSSARY: &[(&str, &str)] = &[
    ("并联审批", "同一阶段的多个事项一次申报、各部门同时审查，不用一家一家跑。"),
    ("受理", "材料齐全、符合形式，窗口正式收下；从这一天起计算时限，受理当天为第 0 天。"),
    ("一次性告知", "需要补正的全部内容，必须在 5 个工作日内一次说清；逾期不说，视为已经受理。"),
    ("补正", "按照告知书把缺的材料、填错的内容补齐；没有点到的内容不用动。"),
    ("容缺受理", "主要材料齐了，可先受理，其余限期补。"),
    ("告知承诺", "签署承诺后直接作出决定，事后核查；承诺不实的，撤销决定。"),
    ("特别程序", "听证、专家评审等法律规定不计入时限的环节；须批准，并书面告知需要多长时间。"),
    ("承诺时限", "部门公开承诺的办理天数，不长于法律规定的天数。"),
    ("同步出件", "同一次申报的结果全部办结后一并送达；也可以选择办结一件送达一件。"),
    ("工作日", "周一至周五，不含法定节假日，含调休上班的周末。"),
    ("联合验收", "规划、消防、人防、档案等一次申请、一次踏勘、统一出具意见。"),
    ("不受理", "这件事依法不需要办理许可，与「不予受理」不同。"),
    ("不予受理", "不归本部门管或者申请不符合法定形式，会说明理由和应当去的部门。"),
];

pub(crate) async fn glossary(State(_): State<App>, frame: Frame) -> PageResult {
    html(&GlossaryPage { shell: frame.shell(Desk::Public), words: GLOSSARY })
}

#[derive(Deserialize)]
pub(crate) struct ModeQuery {
    to: String,
    #[serde(default)]
    back: String,
}

/// Keeps the choice of large type (大字版) in a cookie and goes back.
pub(crate) async fn mode(State(app): State<App>, Query(query): Query<ModeQuery>) -> PageResult {
    let value = if query.to == "large" { "large" } else { "standard" };
    let secure = if app.settings().secure_cookies { "; Secure" } else { "" };
    let cookie = format!("mode={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000{secure}");
    // Only places of this site: a path that does not name another host.
    let back = own_path(&query.back).unwrap_or("/");
    Ok(([(header::SET_COOKIE, cookie)], redirect(back)).into_response())
}
