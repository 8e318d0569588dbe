//! What a list would change, row by row, before anybody takes it over.

use std::collections::BTreeMap;

use crate::{
    Sheet,
    error::{Fault, Problems, SpreadsheetError},
};

/// What happens to one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowChange {
    /// A key that was not there before.
    Added {
        /// The text in the key column.
        key: String,
        /// The line of the new list, from 1.
        line: usize,
        /// Headings and texts, in the order of the new list; columns that it does not have
        /// are not named.
        cells: Vec<(String, String)>,
    },
    /// A key that is there no more.
    Removed {
        /// The text in the key column.
        key: String,
    },
    /// Another text in one cell or several.
    Changed {
        /// The text in the key column.
        key: String,
        /// The line of the new list, from 1.
        line: usize,
        /// The cells that differ, in the order of the new list; never empty.
        cells: Vec<CellChange>,
    },
}

/// What happens to one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellChange {
    /// The heading.
    pub column: String,
    /// The text before.
    pub from: String,
    /// The text after; empty when it was cleared.
    pub to: String,
}

/// What makes `before` into `after`: added and changed rows in the order of `after`, then the
/// removed ones in the order of `before`.
///
/// Rows with the same text in the column `key` are the same row; blank rows are passed over. A
/// column that `after` does not have stays as it is. The order of rows and columns is no change.
///
/// # Errors
/// When one of the lists has no column `key`; or every problem: columns in `after` that `before`
/// does not have, headings that are blank or stand twice, keys that are empty or stand twice.
pub fn compare(
    before: &Sheet,
    after: &Sheet,
    key: &str,
) -> Result<Vec<RowChange>, SpreadsheetError> {
    let mut problems = Problems::default();
    for (column, heading) in after.head.iter().enumerate() {
        if !heading.trim().is_empty() && before.column(heading).is_none() {
            problems.add(&after.name, 1, column, Fault::UnknownColumn(heading.clone()));
        }
    }
    let old = Keyed::new(before, key, &mut problems)?;
    let new = Keyed::new(after, key, &mut problems)?;
    problems.none_or_fail()?;

    let pairs: Vec<(usize, usize)> = (after.head.iter().enumerate())
        .filter_map(|(place, heading)| Some((before.column(heading)?, place)))
        .collect();
    let mut changes = Vec::new();
    for (key, place) in &new.rows {
        let (row, line) = (&after.rows[*place], Sheet::line(*place));
        let Some(old_place) = old.places.get(key) else {
            let cells =
                after.head.iter().enumerate().map(|(column, heading)| {
                    (heading.clone(), Sheet::cell(row, column).to_owned())
                });
            let (key, cells) = ((*key).to_owned(), cells.collect());
            changes.push(RowChange::Added { key, line, cells });
            continue;
        };
        let cells = differences(&before.head, &before.rows[*old_place], row, &pairs);
        if !cells.is_empty() {
            changes.push(RowChange::Changed { key: (*key).to_owned(), line, cells });
        }
    }
    let gone = old.rows.iter().filter(|(key, _)| !new.places.contains_key(key));
    changes.extend(gone.map(|(key, _)| RowChange::Removed { key: (*key).to_owned() }));
    Ok(changes)
}

fn differences(
    head: &[String],
    old: &[String],
    new: &[String],
    pairs: &[(usize, usize)],
) -> Vec<CellChange> {
    let change = |(before, after): &(usize, usize)| {
        let (from, to) = (Sheet::cell(old, *before), Sheet::cell(new, *after));
        let column = head.get(*before)?.clone();
        (from != to).then(|| CellChange { column, from: from.to_owned(), to: to.to_owned() })
    };
    pairs.iter().filter_map(change).collect()
}

/// A list's rows by key.
struct Keyed<'a> {
    /// Keys and places of rows, in the order of the list.
    rows: Vec<(&'a str, usize)>,
    places: BTreeMap<&'a str, usize>,
}

impl<'a> Keyed<'a> {
    fn new(sheet: &'a Sheet, key: &str, problems: &mut Problems) -> Result<Self, SpreadsheetError> {
        problems.check_head(&sheet.name, &sheet.head);
        let column = sheet.column(key).ok_or_else(|| SpreadsheetError::NoKeyColumn {
            sheet: sheet.name.clone(),
            key: key.to_owned(),
        })?;
        let mut keyed = Self { rows: Vec::new(), places: BTreeMap::new() };
        for (place, row) in sheet.rows.iter().enumerate() {
            let (key, line) = (Sheet::cell(row, column), Sheet::line(place));
            if row.iter().all(String::is_empty) {
                continue;
            }
            if key.is_empty() {
                problems.add(&sheet.name, line, column, Fault::EmptyKey);
            } else if let Some(first) = keyed.places.get(key) {
                let (key, first) = (key.to_owned(), Sheet::line(*first));
                problems.add(&sheet.name, line, column, Fault::DuplicateKey { key, first });
            } else {
                keyed.places.insert(key, place);
                keyed.rows.push((key, place));
            }
        }
        Ok(keyed)
    }
}
