//! Lists to and from Excel: export, preview row by row, and taking over, all or nothing.

use askama::Template;
use axum::{
    Form,
    extract::{Multipart, Path, State},
    http::header,
    response::IntoResponse,
};
use tongban_domain::catalog::{SourceFile, pack_digest};
use tongban_spreadsheet::{RowChange, Sheet, SpreadsheetError, compare, read, write};
use tongban_store::Keeper;

use super::{
    hex,
    sheets::{self, List},
};
use crate::{
    app::App,
    error::{PageError, PageResult},
    forms::read_multipart,
    pages::{html, html_with_faults, redirect},
    session::SignedIn,
    shell::{Desk, Frame, Shell},
};

fn files(app: &App) -> Result<Vec<(SourceFile, i64)>, PageError> {
    let draft = app.store().pack_draft()?;
    Ok(draft.into_iter().map(|it| (it.file, it.version)).collect())
}

fn only_files(files: &[(SourceFile, i64)]) -> Vec<SourceFile> {
    files.iter().map(|(file, _)| file.clone()).collect()
}

fn list(key: &str) -> Result<List, PageError> {
    List::from_key(key).ok_or(PageError::NotFound)
}

/// The list of the draft, or of the pack in force while there is none.
pub(crate) async fn export(
    State(app): State<App>,
    _who: SignedIn,
    Path(key): Path<String>,
) -> PageResult {
    app.run(move |app| {
        let list = list(&key)?;
        let mut files = only_files(&files(app)?);
        if files.is_empty() {
            files = app.store().pack_files(app.catalog()?.pack.digest)?;
        }
        let sheet =
            sheets::sheet(&files, list).map_err(|it| PageError::BadRequest(it.to_string()))?;
        let bytes = write(&[sheet]).map_err(|it| PageError::Broken(it.to_string()))?;
        let head = [
            (
                header::CONTENT_TYPE,
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
            ),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.xlsx\"", list.key())),
        ];
        Ok((head, bytes).into_response())
    })
    .await
}

struct Line {
    what: &'static str,
    key: String,
    line: Option<usize>,
    cells: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "staff/import.html")]
struct ImportPage {
    shell: Shell,
    list: &'static str,
    key: &'static str,
    lines: Vec<Line>,
    problems: Vec<String>,
    /// The list as it was read, to be taken over on confirmation.
    read: String,
}

/// Shows what a spreadsheet would change in the draft; nothing is changed yet.
pub(crate) async fn preview_import(
    State(app): State<App>,
    frame: Frame,
    _who: SignedIn,
    Path(key): Path<String>,
    form: Multipart,
) -> PageResult {
    let (_, uploads) = read_multipart(form).await?;
    app.run(move |app| {
        let list = list(&key)?;
        let upload = uploads.into_iter().next();
        let upload =
            upload.ok_or_else(|| PageError::BadRequest("请选择一个 Excel 文件。".to_owned()))?;
        let mut page = ImportPage {
            shell: frame.shell(Desk::Staff),
            list: list.name(),
            key: list.key(),
            lines: Vec::new(),
            problems: Vec::new(),
            read: String::new(),
        };
        let files = only_files(&files(app)?);
        match read_list(&files, list, &upload.content) {
            Ok((sheet, changes)) => {
                // Everything is tried now, so that the confirmation holds no surprise.
                if let Err(error) = sheets::apply(&files, list, &changes) {
                    page.problems.push(error.to_string());
                }
                page.read = to_json(&sheet, &files);
                page.lines = changes.into_iter().map(line).collect();
            }
            Err(problems) => page.problems = problems,
        }
        if page.problems.is_empty() { html(&page) } else { html_with_faults(&page) }
    })
    .await
}

fn read_list(
    files: &[SourceFile],
    list: List,
    content: &[u8],
) -> Result<(Sheet, Vec<RowChange>), Vec<String>> {
    let before = sheets::sheet(files, list).map_err(|error| vec![error.to_string()])?;
    let mut found = read(content).map_err(|error| sentences(&error))?;
    // The sheet of that name, or the only one.
    let place = found.iter().position(|sheet| sheet.name == list.name()).unwrap_or(0);
    if found.is_empty() {
        return Err(vec!["文件里没有表。".to_owned()]);
    }
    let after = found.swap_remove(place);
    let changes = compare(&before, &after, list.key_column()).map_err(|error| sentences(&error))?;
    Ok((after, changes))
}

fn line(change: RowChange) -> Line {
    match change {
        RowChange::Added { key, line, cells } => Line {
            what: "新增",
            key,
            line: Some(line),
            cells: cells
                .into_iter()
                .filter(|(_, text)| !text.is_empty())
                .map(|(column, text)| (column, String::new(), text))
                .collect(),
        },
        RowChange::Removed { key } => Line { what: "取消", key, line: None, cells: Vec::new() },
        RowChange::Changed { key, line, cells } => Line {
            what: "修改",
            key,
            line: Some(line),
            cells: cells.into_iter().map(|it| (it.column, it.from, it.to)).collect(),
        },
    }
}

/// What is wrong with a spreadsheet, with line and column as Excel shows them.
fn sentences(error: &SpreadsheetError) -> Vec<String> {
    use tongban_spreadsheet::Fault;
    let SpreadsheetError::Problems(problems) = error else {
        return vec![match error {
            SpreadsheetError::NotASpreadsheet | SpreadsheetError::OtherFormat => {
                "这不是 xlsx 文件，请在 Excel 里另存为“Excel 工作簿（.xlsx）”。".to_owned()
            }
            SpreadsheetError::PasswordProtected => "文件有密码，请去掉密码后再上传。".to_owned(),
            SpreadsheetError::Macros => "文件带有宏，请另存为不带宏的 xlsx。".to_owned(),
            SpreadsheetError::TooLarge(_) => "文件太大，请只保留要导入的清单。".to_owned(),
            SpreadsheetError::Damaged(_) => "文件已损坏，请用 Excel 打开后重新保存。".to_owned(),
            SpreadsheetError::NoList => "文件里没有清单。".to_owned(),
            SpreadsheetError::NoKeyColumn { key, .. } => format!("表里没有「{key}」一列。"),
            SpreadsheetError::Problems(_) => String::new(),
        }];
    };
    problems
        .iter()
        .map(|problem| {
            let what = match &problem.fault {
                Fault::BlankHeading => "列标题是空的".to_owned(),
                Fault::DuplicateHeading { heading, first } => {
                    format!("列标题「{heading}」与 {first} 列重复")
                }
                Fault::Merged => "合并的单元格，请先取消合并".to_owned(),
                Fault::ErrorValue(value) => format!("单元格是错误值 {value}"),
                Fault::NotCalculated => "公式没有计算结果，请用 Excel 打开后保存".to_owned(),
                Fault::DigitsLost => "数字太长已经失真，请设为文本格式".to_owned(),
                Fault::TooLong(most) => format!("内容超过 {most} 个字"),
                Fault::Ragged(width) => format!("这一行有 {width} 列，与标题不一致"),
                Fault::SheetName => "工作表名称不合适".to_owned(),
                Fault::UnknownColumn(name) => format!("没有「{name}」这一列"),
                Fault::EmptyKey => "没有填写编码".to_owned(),
                Fault::DuplicateKey { key, first } => format!("{key} 与第 {first} 行重复"),
            };
            format!("第 {} 行 {} 列：{what}", problem.line, problem.column)
        })
        .collect()
}

/// The list with the digest of the draft it was compared with.
fn to_json(sheet: &Sheet, draft: &[SourceFile]) -> String {
    let seen = hex(&pack_digest(draft));
    serde_json::json!({ "seen": seen, "name": sheet.name, "head": sheet.head, "rows": sheet.rows })
        .to_string()
}

fn from_json(text: &str) -> Option<(String, Sheet)> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let strings = |value: &serde_json::Value| -> Option<Vec<String>> {
        value.as_array()?.iter().map(|it| it.as_str().map(ToOwned::to_owned)).collect()
    };
    let rows = value.get("rows")?.as_array()?.iter().map(strings).collect::<Option<_>>()?;
    let name = value.get("name")?.as_str()?.to_owned();
    let seen = value.get("seen")?.as_str()?.to_owned();
    Some((seen, Sheet { name, head: strings(value.get("head")?)?, rows }))
}

/// Takes a previewed list over into the draft.
pub(crate) async fn import(
    State(app): State<App>,
    who: SignedIn,
    Path(key): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let list = list(&key)?;
        let again = || PageError::BadRequest("清单不完整，请重新上传。".to_owned());
        let text = pairs.iter().find(|(name, _)| name == "read").map(|(_, text)| text.as_str());
        let (seen, after) = text.and_then(from_json).ok_or_else(again)?;
        let draft = files(app)?;
        let files = only_files(&draft);
        let before =
            sheets::sheet(&files, list).map_err(|it| PageError::BadRequest(it.to_string()))?;
        let changes = compare(&before, &after, list.key_column()).map_err(|_| again())?;
        let taken_over = || redirect("/s/admin/draft?done=draft-saved");
        // Sent twice: the first time did it.
        if changes.is_empty() {
            return Ok(taken_over());
        }
        // What was confirmed is what was shown: it would undo what somebody changed meanwhile.
        let meanwhile = || {
            let sentence = "另一位管理员刚刚修改了草稿，没有导入，请重新上传。";
            PageError::BadRequest(sentence.to_owned())
        };
        if seen != hex(&pack_digest(&files)) {
            return Err(meanwhile());
        }
        let changed = sheets::apply(&files, list, &changes)
            .map_err(|it| PageError::BadRequest(it.to_string()))?;
        let changed: Vec<(SourceFile, i64)> = changed
            .into_iter()
            .filter_map(|file| {
                let seen = draft.iter().find(|(known, _)| known.path == file.path)?.1;
                Some((file, seen))
            })
            .collect();
        if !app.store().save_pack_drafts(&changed, &Keeper::of(&who.0))? {
            return Err(meanwhile());
        }
        Ok(taken_over())
    })
    .await
}
