//! One list of a workbook, every cell a text.

/// A list: a head on line 1 and the rows below it.
///
/// Cells are trimmed. Blank rows between others stay, so that a row's place tells its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// What the tab says.
    pub name: String,
    /// The headings, none blank and none twice.
    pub head: Vec<String>,
    /// The rows below the head, each as wide as the head.
    pub rows: Vec<Vec<String>>,
}

impl Sheet {
    /// The line at which Excel shows `rows[place]`; the head is line 1.
    pub fn line(place: usize) -> usize {
        place + 2
    }

    /// The place of the column with this heading.
    pub fn column(&self, heading: &str) -> Option<usize> {
        self.head.iter().position(|found| found == heading)
    }

    /// The text in a column of a row; empty when the row is too short.
    pub(crate) fn cell(row: &[String], column: usize) -> &str {
        row.get(column).map_or("", String::as_str)
    }
}

/// The letters that Excel shows above a column, counted from 0: A … Z, AA …
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    letters.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::column_letters;

    #[test]
    fn columns_are_called_as_excel_calls_them() {
        let places = [0, 1, 25, 26, 27, 51, 52, 199, 701, 702];
        let letters = places.map(column_letters);
        assert_eq!(letters, ["A", "B", "Z", "AA", "AB", "AZ", "BA", "GR", "ZZ", "AAA"]);
    }
}
