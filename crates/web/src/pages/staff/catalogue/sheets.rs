//! The lists of the draft as spreadsheets: what is in the files, and what a changed list would
//! change in them.

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, Value};
use tongban_domain::catalog::SourceFile;
use tongban_spreadsheet::{CellChange, RowChange, Sheet};

/// A list that administrators keep in Excel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    /// 事项清单.
    Items,
    /// 部门表.
    Departments,
}

/// How a cell stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    /// One entry per line of the cell.
    Lines,
    /// 是 or 否.
    YesNo,
    Whole,
}

use Kind::{Lines, Text, Whole, YesNo};

/// Heading, key in the file, kind.
type Column = (&'static str, &'static str, Kind);

const ITEM_COLUMNS: &[Column] = &[
    ("编码", "code", Text),
    ("名称", "name", Text),
    ("别名", "aliases", Lines),
    ("类型", "kind", Text),
    ("阶段", "stage", Whole),
    ("并行", "side", YesNo),
    ("牵头部门", "lead", Text),
    ("会同部门", "with", Lines),
    ("设定依据", "law", Lines),
    ("法定时限", "statutory", Text),
    ("承诺时限", "promised", Text),
    ("时限说明", "limit_note", Text),
    ("结果", "result", Text),
    ("有效期", "validity", Text),
    ("告知承诺", "commitment", YesNo),
    ("容缺受理", "deferral", YesNo),
    ("必交材料", "papers", Lines),
    ("可容缺材料", "deferrable", Lines),
    ("办理条件", "conditions", Lines),
    ("办理步骤", "steps", Lines),
    ("收费", "fee", Text),
    ("国家事项编码", "national_code", Text),
    ("来源", "source", Text),
    ("可靠程度", "confidence", Text),
];
const DEPARTMENT_COLUMNS: &[Column] = &[
    ("键", "key", Text),
    ("名称", "name", Text),
    ("单位名称", "title", Text),
    ("简称", "short", Text),
    ("不设在地区", "elsewhere", YesNo),
];

impl List {
    pub(super) fn from_key(key: &str) -> Option<Self> {
        match key {
            "items" => Some(Self::Items),
            "departments" => Some(Self::Departments),
            _ => None,
        }
    }

    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Items => "items",
            Self::Departments => "departments",
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Items => "事项清单",
            Self::Departments => "部门表",
        }
    }

    /// The column by which rows are told apart.
    pub(super) fn key_column(self) -> &'static str {
        self.columns()[0].0
    }

    const fn columns(self) -> &'static [Column] {
        match self {
            Self::Items => ITEM_COLUMNS,
            Self::Departments => DEPARTMENT_COLUMNS,
        }
    }

    const fn table(self) -> &'static str {
        match self {
            Self::Items => "item",
            Self::Departments => "department",
        }
    }

    fn is_in(self, path: &str) -> bool {
        match self {
            Self::Items => path.starts_with("items/") && path.ends_with(".toml"),
            Self::Departments => path == "departments.toml",
        }
    }
}

/// Why a list cannot be taken over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum ListError {
    /// A file of the draft is not TOML.
    #[error("草稿的 {0} 有语法错误，请先改好")]
    Unreadable(String),
    /// A cell does not fit its column.
    #[error("{key} 的「{column}」填写有误：{value}")]
    Cell {
        /// The row.
        key: String,
        /// The heading.
        column: String,
        /// What stands there.
        value: String,
    },
    /// No file has a place for a new row.
    #[error("{0} 的阶段填写有误，不知道放在哪个文件")]
    NoPlace(String),
}

fn document(file: &SourceFile) -> Result<DocumentMut, ListError> {
    file.text.parse().map_err(|_| ListError::Unreadable(file.path.clone()))
}

fn rows<'a>(document: &'a DocumentMut, table: &str) -> impl Iterator<Item = &'a Table> {
    document.get(table).and_then(Item::as_array_of_tables).into_iter().flat_map(ArrayOfTables::iter)
}

fn cell(item: Option<&Item>, kind: Kind) -> String {
    let Some(item) = item else {
        return if kind == YesNo { "否".to_owned() } else { String::new() };
    };
    match kind {
        Text => item.as_str().unwrap_or_default().to_owned(),
        Whole => item.as_integer().map_or(String::new(), |number| number.to_string()),
        YesNo => if item.as_bool() == Some(true) { "是" } else { "否" }.to_owned(),
        Lines => {
            let entries = item.as_array().into_iter().flat_map(Array::iter);
            entries.filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
        }
    }
}

/// The list as it stands in the files.
pub(super) fn sheet(files: &[SourceFile], list: List) -> Result<Sheet, ListError> {
    let mut sheet = Sheet {
        name: list.name().to_owned(),
        head: list.columns().iter().map(|(heading, ..)| (*heading).to_owned()).collect(),
        rows: Vec::new(),
    };
    for file in files.iter().filter(|file| list.is_in(&file.path)) {
        let document = document(file)?;
        sheet.rows.extend(rows(&document, list.table()).map(|row| {
            list.columns()
                .iter()
                .map(|(_, key, kind)| cell(row.get(key), *kind))
                .collect::<Vec<_>>()
        }));
    }
    Ok(sheet)
}

fn value(key: &str, column: Column, text: &str) -> Result<Value, ListError> {
    let (heading, _, kind) = column;
    let wrong = || ListError::Cell {
        key: key.to_owned(),
        column: heading.to_owned(),
        value: text.to_owned(),
    };
    Ok(match kind {
        Text => Value::from(text),
        Whole => Value::from(text.trim().parse::<i64>().map_err(|_| wrong())?),
        YesNo => match text.trim() {
            "是" => Value::from(true),
            "否" | "" => Value::from(false),
            _ => return Err(wrong()),
        },
        Lines => {
            text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Array>().into()
        }
    })
}

fn set(row: &mut Table, list: List, key: &str, heading: &str, text: &str) -> Result<(), ListError> {
    let column = list.columns().iter().find(|(known, ..)| *known == heading);
    let Some(column) = column else { return Ok(()) };
    let value = value(key, *column, text)?;
    // What stays keeps its place and the comment beside it.
    match row.get_mut(column.1).and_then(Item::as_value_mut) {
        Some(known) => {
            let decor = known.decor().clone();
            *known = value;
            *known.decor_mut() = decor;
        }
        None => row[column.1] = Item::Value(value),
    }
    Ok(())
}

/// The files with all changes, only those that differ. All or nothing.
pub(super) fn apply(
    files: &[SourceFile],
    list: List,
    changes: &[RowChange],
) -> Result<Vec<SourceFile>, ListError> {
    let mut documents = Vec::new();
    for file in files.iter().filter(|file| list.is_in(&file.path)) {
        documents.push((file, document(file)?));
    }
    for change in changes {
        match change {
            RowChange::Changed { key, cells, .. } => {
                for (_, document) in &mut documents {
                    if let Some(row) = find(document, list, key) {
                        for CellChange { column, to, .. } in cells {
                            set(row, list, key, column, to)?;
                        }
                    }
                }
            }
            RowChange::Removed { key } => {
                for (_, document) in &mut documents {
                    remove(document, list, key);
                }
            }
            RowChange::Added { key, cells, .. } => {
                let mut row = Table::new();
                for (column, text) in cells {
                    set(&mut row, list, key, column, text)?;
                }
                let stage = row.get("stage").and_then(Item::as_integer);
                let place = documents.iter_mut().find(|(_, document)| match list {
                    List::Departments => true,
                    List::Items => rows(document, list.table())
                        .any(|known| known.get("stage").and_then(Item::as_integer) == stage),
                });
                let (_, document) = place.ok_or_else(|| ListError::NoPlace(key.clone()))?;
                if let Some(rows) = document[list.table()].as_array_of_tables_mut() {
                    rows.push(row);
                }
            }
        }
    }
    Ok(documents
        .into_iter()
        .map(|(file, document)| SourceFile { path: file.path.clone(), text: document.to_string() })
        .filter(|file| !files.contains(file))
        .collect())
}

fn find<'a>(document: &'a mut DocumentMut, list: List, key: &str) -> Option<&'a mut Table> {
    let name = list.columns()[0].1;
    let rows = document.get_mut(list.table())?.as_array_of_tables_mut()?;
    rows.iter_mut().find(|row| row.get(name).and_then(Item::as_str) == Some(key))
}

fn remove(document: &mut DocumentMut, list: List, key: &str) {
    let name = list.columns()[0].1;
    let rows = document.get_mut(list.table()).and_then(Item::as_array_of_tables_mut);
    let Some(rows) = rows else { return };
    let place = rows.iter().position(|row| row.get(name).and_then(Item::as_str) == Some(key));
    if let Some(place) = place {
        rows.remove(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> SourceFile {
        let text = "# The land.\n[[item]]\ncode = \"A-01\"\nname = \"甲\" # short\nstage = 1\npapers = [\"x\", \"y\"]\n\n[[item]]\ncode = \"A-02\"\nname = \"乙\"\nstage = 1\npapers = []\n";
        SourceFile { path: "items/1-land.toml".to_owned(), text: text.to_owned() }
    }

    fn edited(change: impl FnOnce(&mut Sheet)) -> Result<Vec<SourceFile>, ListError> {
        let before = sheet(&[file()], List::Items).unwrap_or_else(|error| panic!("{error}"));
        let mut after = before.clone();
        change(&mut after);
        let changes = tongban_spreadsheet::compare(&before, &after, List::Items.key_column())
            .unwrap_or_else(|error| panic!("{error}"));
        apply(&[file()], List::Items, &changes)
    }

    #[test]
    fn a_changed_cell_changes_one_value_and_keeps_the_rest() {
        let files = edited(|sheet| sheet.rows[0][1] = "甲二".to_owned());
        let expected = file().text.replace("\"甲\" # short", "\"甲二\" # short");
        assert_eq!(files, Ok(vec![SourceFile { path: file().path, text: expected }]));
    }

    #[test]
    fn nothing_changed_changes_no_file() {
        assert_eq!(edited(|_| ()), Ok(Vec::new()));
    }

    #[test]
    fn rows_come_and_go() {
        let files = edited(|sheet| {
            let mut row = sheet.rows[1].clone();
            row[0] = "A-03".to_owned();
            row[16] = "x\nz".to_owned();
            sheet.rows[1] = row;
        });
        let text = &files.unwrap_or_else(|error| panic!("{error}"))[0].text;
        assert!(!text.contains("A-02") && text.contains("A-03") && text.contains("[\"x\", \"z\"]"));
    }

    #[test]
    fn a_cell_that_does_not_fit_takes_nothing_over() {
        let refused = edited(|sheet| {
            sheet.rows[0][1] = "甲二".to_owned();
            sheet.rows[1][4] = "一".to_owned();
        });
        assert!(matches!(refused, Err(ListError::Cell { .. })));
    }
}
