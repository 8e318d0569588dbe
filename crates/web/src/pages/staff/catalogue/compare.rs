//! Two versions side by side, thing by thing.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use tongban_domain::catalog::{Catalog, Part, SourceFile, lines_apart, load};

use super::hex;
use crate::{
    app::App,
    error::{PageError, PageResult},
    pages::html,
    session::SignedIn,
    shell::{Desk, Frame, Shell},
};

#[derive(Deserialize, Default)]
pub(crate) struct CompareQuery {
    /// Digest of a publication; the one in force when empty.
    #[serde(default)]
    from: String,
    /// Digest of a publication, or `draft`.
    #[serde(default)]
    to: String,
}

struct Line {
    what: &'static str,
    key: String,
    name: String,
    property: &'static str,
    before: Vec<String>,
    after: Vec<String>,
}

struct Group {
    part: &'static str,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "staff/compare.html")]
struct ComparePage {
    shell: Shell,
    from: String,
    to: String,
    groups: Vec<Group>,
    total: usize,
    problems: usize,
}

/// A pack by the word of an address.
fn named(app: &App, word: &str) -> Result<Result<Arc<Catalog>, usize>, PageError> {
    let store = app.store();
    if word.is_empty() {
        return Ok(Ok(store.catalog()?));
    }
    let files: Vec<SourceFile> = if word == "draft" {
        store.pack_draft_files()?
    } else {
        let known = store.publications()?.into_iter().find(|it| hex(&it.digest) == word);
        store.pack_files(known.ok_or(PageError::NotFound)?.digest)?
    };
    if files.is_empty() {
        return Err(PageError::NotFound);
    }
    Ok(load(&files).map(Arc::new).map_err(|problems| problems.len()))
}

fn title(word: &str, catalog: &Catalog) -> String {
    match word {
        "draft" => "草稿".to_owned(),
        "" => format!("{}（现行）", catalog.pack.version),
        _ => catalog.pack.version.clone(),
    }
}

pub(crate) async fn compare(
    State(app): State<App>,
    frame: Frame,
    _who: SignedIn,
    Query(query): Query<CompareQuery>,
) -> PageResult {
    app.run(move |app| {
        let (from, to) = (named(app, &query.from)?, named(app, &query.to)?);
        let mut groups: Vec<Group> = Vec::new();
        let (mut total, mut problems) = (0, 0);
        let (mut before, mut after) = (String::new(), String::new());
        match (from, to) {
            (Ok(from), Ok(to)) => {
                before = title(&query.from, &from);
                after = title(&query.to, &to);
                let differences = tongban_domain::catalog::compare(&from, &to);
                total = differences.len();
                let mut part: Option<Part> = None;
                for difference in differences {
                    if part != Some(difference.part) {
                        part = Some(difference.part);
                        groups.push(Group { part: difference.part.name(), lines: Vec::new() });
                    }
                    let (old, new) = lines_apart(&difference.before, &difference.after);
                    let own = |lines: Vec<&str>| lines.into_iter().map(ToOwned::to_owned).collect();
                    let what = match (difference.before.is_empty(), difference.after.is_empty()) {
                        (true, false) if difference.property.is_empty() => "新增",
                        (false, true) if difference.property.is_empty() => "取消",
                        _ => "修改",
                    };
                    if let Some(group) = groups.last_mut() {
                        group.lines.push(Line {
                            what,
                            key: difference.key,
                            name: difference.name,
                            property: difference.property,
                            before: own(old),
                            after: own(new),
                        });
                    }
                }
            }
            (from, to) => problems = from.err().or(to.err()).unwrap_or_default(),
        }
        html(&ComparePage {
            shell: frame.shell(Desk::Staff),
            from: before,
            to: after,
            groups,
            total,
            problems,
        })
    })
    .await
}
