//! A pack broken in one named way, anywhere, is refused for exactly that.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[expect(dead_code, reason = "the pack as it is written is enough here")]
#[path = "support/pack.rs"]
mod pack;

use std::sync::OnceLock;

use proptest::{prelude::*, sample::Index};
use tongban_domain::catalog::{Problem, SourceFile, load};

use pack::files;

/// A place in the pack: a file, and the lines of one `[[table]]` in it.
#[derive(Debug, Clone)]
struct Block {
    path: String,
    first: usize,
    last: usize,
}

fn pack() -> &'static [SourceFile] {
    static PACK: OnceLock<Vec<SourceFile>> = OnceLock::new();
    PACK.get_or_init(|| files("jiangsu"))
}

/// All tables of a kind in files whose path begins so.
fn blocks(folder: &str, table: &str) -> Vec<Block> {
    let mut found = Vec::new();
    for file in pack().iter().filter(|file| file.path.starts_with(folder)) {
        let lines: Vec<&str> = file.text.lines().collect();
        let heads = (0..lines.len()).filter(|at| lines[*at].starts_with("[["));
        let heads: Vec<usize> = heads.chain([lines.len()]).collect();
        for pair in heads.windows(2).filter(|pair| lines[pair[0]] == table) {
            found.push(Block { path: file.path.clone(), first: pair[0], last: pair[1] });
        }
    }
    found
}

/// One change of the text, and what the checker has to say about it.
struct Break {
    path: String,
    /// Lines of the file (from 1) one of which the problem has to name.
    lines: std::ops::RangeInclusive<usize>,
    says: String,
    text: String,
}

impl Break {
    /// The line of a block that begins so is replaced.
    fn of(block: &Block, begins: &str, by: &str, says: &str) -> Option<Self> {
        let file = pack().iter().find(|file| file.path == block.path)?;
        let mut lines: Vec<String> = file.text.lines().map(ToOwned::to_owned).collect();
        let at = (block.first..block.last).find(|at| lines[*at].starts_with(begins))?;
        lines[at] = by.to_owned();
        Some(Self {
            path: block.path.clone(),
            lines: block.first + 1..=block.last + 1,
            says: says.to_owned(),
            text: lines.join("\n") + "\n",
        })
    }

    /// A block stands in its file a second time, at the end.
    fn twice(block: &Block, says: &str) -> Self {
        let file = pack().iter().find(|file| file.path == block.path).unwrap();
        let lines: Vec<&str> = file.text.lines().collect();
        let again = lines[block.first..block.last].join("\n");
        let text = format!("{}\n{again}\n", file.text);
        let end = text.lines().count();
        Self { path: block.path.clone(), lines: lines.len()..=end, says: says.to_owned(), text }
    }

    fn problems(&self) -> Vec<Problem> {
        let mut files = pack().to_vec();
        let file = files.iter_mut().find(|file| file.path == self.path).unwrap();
        file.text.clone_from(&self.text);
        load(&files).map(|_| ()).unwrap_err()
    }

    /// Every problem is about this change, and one says what it should.
    fn is_found(&self) -> Result<(), TestCaseError> {
        let problems = self.problems();
        let said = problems.iter().find(|problem| problem.message.contains(&self.says));
        prop_assert!(said.is_some(), "{} is not said: {problems:?}", self.says);
        let said = said.unwrap();
        prop_assert_eq!(&said.file, &self.path);
        prop_assert!(
            self.lines.contains(&said.line),
            "line {} is not in {:?}",
            said.line,
            self.lines
        );
        Ok(())
    }
}

/// The value of `key = "value"` in a block.
fn value(block: &Block, key: &str) -> String {
    let file = pack().iter().find(|file| file.path == block.path).unwrap();
    let line = file.text.lines().skip(block.first).take(block.last - block.first);
    let begins = format!("{key} = \"");
    let found = line.filter_map(|line| line.strip_prefix(&begins)).next().unwrap_or_default();
    found.trim_end_matches('"').to_owned()
}

fn pick(among: &[Block], index: Index) -> &Block {
    index.get(among)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(16) })]

    #[test]
    fn an_item_without_a_law(at: Index) {
        let items = blocks("items/", "[[item]]");
        let broken = Break::of(pick(&items, at), "law = ", "law = []", "has no legal basis");
        broken.unwrap().is_found()?;
    }

    #[test]
    fn a_law_a_paper_or_a_department_that_does_not_exist(at: Index, which in 0usize..3) {
        let items = blocks("items/", "[[item]]");
        let (begins, by, says) = [
            ("law = ", "law = [\"XX 1\"]", "there is no law XX"),
            ("papers = ", "papers = [\"no-such-paper\"]", "there is no paper no-such-paper"),
            ("lead = ", "lead = \"no-such-office\"", "there is no department no-such-office"),
        ][which];
        if let Some(broken) = Break::of(pick(&items, at), begins, by, says) {
            broken.is_found()?;
        }
    }

    #[test]
    fn a_paper_that_the_platform_issues_and_asks_of_the_owner(at: Index) {
        let papers = blocks("papers.toml", "[[paper]]");
        let issued = "name = \"建设工程规划许可证\"";
        let paper = pick(&papers, at);
        if value(paper, "source") == "owner" {
            Break::of(paper, "name = ", issued, "issues it: write item:").unwrap().is_found()?;
        }
    }

    #[test]
    fn a_promise_longer_than_the_law(at: Index) {
        let items = blocks("items/", "[[item]]");
        let item = pick(&items, at);
        let days = value(item, "statutory");
        let days = days.split(' ').next().and_then(|days| days.parse::<u16>().ok());
        if let (Some(days), true) = (days, value(item, "statutory").contains("working")) {
            let by = format!("promised = \"{} working days\"", days + 1);
            Break::of(item, "promised = ", &by, "but the law gives").unwrap().is_found()?;
        }
    }

    #[test]
    fn a_limit_that_cannot_be_read(at: Index) {
        let items = blocks("items/", "[[item]]");
        let by = "promised = \"as soon as possible\"";
        Break::of(pick(&items, at), "promised = ", by, "as soon as possible").unwrap().is_found()?;
    }

    #[test]
    fn the_same_thing_twice(at: Index, which in 0usize..4) {
        let kinds = [
            ("items/", "[[item]]"),
            ("papers.toml", "[[paper]]"),
            ("questions.toml", "[[question]]"),
            ("reasons.toml", "[[reason]]"),
        ];
        let (path, table) = kinds[which];
        let all = blocks(path, table);
        Break::twice(pick(&all, at), "second time").is_found()?;
    }

    #[test]
    fn a_flow_with_an_item_that_does_not_exist(at: Index) {
        let entries = blocks("flows/", "[[entry]]");
        let broken = Break::of(pick(&entries, at), "item = ", "item = \"XX-99\"", "XX-99");
        broken.unwrap().is_found()?;
    }

    /// Whatever waits for something also precedes it: the shortest circle has two members.
    #[test]
    fn a_circle(at: Index) {
        let edges = blocks("flows/", "[[edge]]");
        let edge = pick(&edges, at);
        let (before, after) = (value(edge, "before"), value(edge, "after"));
        let mut broken = Break::twice(edge, "wait for each other");
        let turned = format!("\n[[edge]]\nbefore = \"{after}\"\nafter = \"{before}\"\n");
        let file = pack().iter().find(|file| file.path == edge.path).unwrap();
        broken.text = format!("{}{turned}", file.text);
        let problems = broken.problems();
        let circle = problems.iter().find(|problem| problem.message.contains(&broken.says));
        prop_assert!(circle.is_some(), "{before} and {after}: {problems:?}");
        let message = &circle.unwrap().message;
        prop_assert!(message.contains(&before) && message.contains(&after), "{message}");
        prop_assert_eq!(&circle.unwrap().file, &edge.path);
    }

    #[test]
    fn a_stage_beyond_what_the_law_gives_to_joint_handling(at: Index) {
        let stages = blocks("flows/", "[[stage]]");
        let broken = Break::of(pick(&stages, at), "budget = ", "budget = 46", "joint handling 45");
        broken.unwrap().is_found()?;
    }

    #[test]
    fn a_syntax_error(at: Index) {
        let items = blocks("items/", "[[item]]");
        let broken = Break::of(pick(&items, at), "code = ", "code = \"", "").unwrap();
        let problems = broken.problems();
        prop_assert!(problems.iter().any(|problem| problem.file == broken.path
            && broken.lines.contains(&problem.line)), "{problems:?}");
    }

    #[test]
    fn a_holiday_table_with_a_hole(at: Index) {
        let file = pack().iter().find(|file| file.path == "calendar.csv").unwrap();
        let lines: Vec<&str> = file.text.lines().collect();
        let inside: Vec<usize> = (2..lines.len() - 1)
            .filter(|at| {
                let days: Vec<_> = [at - 1, *at, at + 1].iter().map(|at| day(lines[*at])).collect();
                let kinds = [at - 1, *at, at + 1].map(|at| lines[at].split_once(',').unwrap().1);
                days[1].since(days[0]) == 1
                    && days[2].since(days[1]) == 1
                    && kinds[0] == kinds[1]
                    && kinds[1] == kinds[2]
                    && !days[1].is_weekend()
            })
            .collect();
        let lost = *at.get(&inside);
        let mut kept = lines.clone();
        kept.remove(lost);
        let mut files = pack().to_vec();
        let table = files.iter_mut().find(|file| file.path == "calendar.csv").unwrap();
        table.text = kept.join("\n") + "\n";
        let problems = load(&files).map(|_| ()).unwrap_err();
        let missing = day(lines[lost]).to_string();
        prop_assert!(problems.iter().any(|it| it.file == "calendar.csv"
            && (it.message.contains(&missing) || it.message.contains("no rows"))), "{problems:?}");
    }
}

fn day(row: &str) -> tongban_domain::time::Day {
    row.split(',').next().unwrap().parse().unwrap()
}

#[test]
fn a_first_check_has_twenty_days_and_comes_first() {
    let items = blocks("items/", "[[item]]");
    let check = items.iter().find(|item| value(item, "code") == "GH-05a").unwrap();
    let longer = "statutory = \"25 working days\"";
    let broken = Break::of(check, "statutory = ", longer, "20 working days (AL 43)").unwrap();
    broken.is_found().unwrap();
    let edges = blocks("flows/i-", "[[edge]]");
    let edge = edges.iter().find(|edge| value(edge, "before") == "GH-05a").unwrap();
    let other = Break::of(edge, "before = ", "before = \"GH-01\"", "").unwrap();
    let problems = other.problems();
    assert!(problems.iter().any(|it| it.message.contains("nothing puts GH-05a before GH-05")));
}

#[test]
fn a_measure_without_a_law_and_an_assessment_of_nothing_are_refused() {
    let measures = blocks("modes.toml", "[[measure]]");
    let areas = blocks("modes.toml", "[[area]]");
    for (block, begins, by, says) in [
        (&measures[0], "basis = ", "basis = []", "has no legal basis"),
        (&measures[0], "when = ", "when = \"friends\"", "instead of friends"),
        (&areas[0], "region = ", "region = 999999", "there is no region 999999"),
        (&areas[0], "question = ", "question = \"metro\"", "no option for an area assessment"),
        (&areas[0], "question = ", "question = \"nothing\"", "there is no question nothing"),
        (&areas[0], "until = ", "until = \"2020-01-01\"", "before 2024-01-01"),
    ] {
        Break::of(block, begins, by, says).unwrap().is_found().unwrap();
    }
}
