//! Whose turn it is: one sentence on every page that shows a case.

use std::fmt;

use super::Escaped;

/// 现在由：苏州市自然资源和规划局 张某 审查，剩 6 个工作日.
#[derive(Debug, Clone)]
pub(crate) struct Turn {
    /// Whether it is the reader's turn.
    pub(crate) mine: bool,
    /// Who has it; empty when nobody does.
    pub(crate) who: String,
    /// What they do, or how it ended.
    pub(crate) what: String,
}

impl Turn {
    /// The sentence in a line of a list.
    pub(crate) fn line(&self) -> TurnLine<'_> {
        TurnLine(self, false)
    }

    /// Only who has it, beside a clock that says the rest.
    pub(crate) fn holder(&self) -> TurnLine<'_> {
        TurnLine(self, true)
    }

    fn mine(&self) -> &'static str {
        if self.mine { " data-turn=\"mine\"" } else { "" }
    }
}

impl fmt::Display for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<div class=\"turn\"{}><span>", self.mine())?;
        if self.who.is_empty() {
            write!(f, "{}", Escaped(&self.what))?;
        } else {
            write!(f, "现在由：<b>{}</b> {}", Escaped(&self.who), Escaped(&self.what))?;
        }
        f.write_str("</span></div>")
    }
}

impl askama::filters::HtmlSafe for Turn {}

/// The short form.
pub(crate) struct TurnLine<'a>(&'a Turn, bool);

impl fmt::Display for TurnLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let turn = self.0;
        let text = if turn.who.is_empty() {
            turn.what.clone()
        } else if self.1 {
            format!("现在由：{}", turn.who)
        } else {
            format!("{} {}", turn.who, turn.what)
        };
        write!(f, "<span class=\"turn-line\"{}>{}</span>", turn.mine(), Escaped(&text))
    }
}

impl askama::filters::HtmlSafe for TurnLine<'_> {}
