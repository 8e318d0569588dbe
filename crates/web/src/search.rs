//! Finding items by name, alias, code, or the first letters of the pinyin.

use pinyin::ToPinyin as _;
use tongban_domain::catalog::Catalog;

/// What an item can be found by, in list order.
pub(crate) struct ItemIndex {
    entries: Vec<Entry>,
}

struct Entry {
    code: String,
    name: String,
    aliases: Vec<String>,
    initials: Vec<String>,
    rest: String,
}

/// First letters of the pinyin, other characters as they are: 施工许可 → sgxk.
fn initials(text: &str) -> String {
    text.chars()
        .filter_map(|letter| match letter.to_pinyin() {
            Some(pinyin) => pinyin.plain().chars().next(),
            None => letter.is_alphanumeric().then(|| letter.to_ascii_lowercase()),
        })
        .collect()
}

impl ItemIndex {
    pub(crate) fn new(catalog: &Catalog) -> Self {
        let entries = catalog.items.iter().map(|item| {
            let department = catalog.departments.get(&item.lead);
            Entry {
                code: item.code.to_lowercase(),
                name: item.name.clone(),
                aliases: item.aliases.clone(),
                initials: std::iter::once(&item.name)
                    .chain(&item.aliases)
                    .map(|name| initials(name))
                    .collect(),
                rest: format!(
                    "{} {} {}",
                    item.result,
                    department.map_or("", |department| department.name.as_str()),
                    item.conditions.join(" ")
                ),
            }
        });
        Self { entries: entries.collect() }
    }

    /// Codes of the items that fit, the best first. Several words must all fit.
    pub(crate) fn find(&self, text: &str) -> Vec<String> {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(u32, usize)> = self
            .entries
            .iter()
            .enumerate()
            .filter_map(|(place, entry)| {
                let scores: Option<Vec<u32>> = words.iter().map(|word| entry.score(word)).collect();
                scores.map(|scores| (scores.into_iter().sum(), place))
            })
            .collect();
        found.sort_by_key(|(score, place)| (u32::MAX - score, *place));
        found.into_iter().map(|(_, place)| self.entries[place].code.to_uppercase()).collect()
    }
}

impl Entry {
    /// How well one word fits; none when it does not.
    fn score(&self, word: &str) -> Option<u32> {
        if self.code == word {
            return Some(100);
        }
        if self.aliases.iter().any(|alias| alias == word) {
            return Some(90);
        }
        if self.name.starts_with(word) {
            return Some(80);
        }
        if self.name.contains(word) {
            return Some(70);
        }
        if self.aliases.iter().any(|alias| alias.contains(word)) {
            return Some(60);
        }
        let letters = word.is_ascii() && word.len() >= 2;
        if letters && self.initials.iter().any(|initials| initials.starts_with(word)) {
            return Some(50);
        }
        if letters && self.initials.iter().any(|initials| initials.contains(word)) {
            return Some(40);
        }
        if self.code.contains(word) {
            return Some(30);
        }
        if self.rest.contains(word) {
            return Some(10);
        }
        // The letters of the word in order, such as 规划证 for 规划许可证.
        let mut letters = self.name.chars();
        let in_order = !word.is_ascii()
            && word.chars().count() >= 2
            && word.chars().all(|wanted| letters.any(|letter| letter == wanted));
        in_order.then_some(5)
    }
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_follow_the_pinyin() {
        assert_eq!(initials("建筑工程施工许可证"), "jzgcsgxkz");
        assert_eq!(initials("GH-02 规划"), "gh02gh");
    }
}
