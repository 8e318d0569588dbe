//! Many rows by one statement. The changes of a group mostly do the same to different rows:
//! statements of one text are sent once, with a list of values for each parameter.

use std::collections::HashMap;

use tokio_postgres::types::Type;

use super::session::{Answering, Session, pipeline};
use crate::{
    change::{Expects, Statement},
    engine::{Value, plan::fulfilled},
    error::StoreError,
};

/// Statements of several changes that may be run text by text instead of change by change.
#[derive(Default)]
pub(super) struct Round<'a> {
    texts: Vec<&'static str>,
    rows: HashMap<&'static str, Vec<&'a Statement>>,
}

impl<'a> Round<'a> {
    /// Takes in statements whose order does not matter.
    pub(super) fn take_in_any_order(&mut self, statements: &'a [Statement]) {
        for statement in statements {
            if !self.texts.contains(&statement.sql) {
                self.texts.push(statement.sql);
            }
            self.rows.entry(statement.sql).or_default().push(statement);
        }
    }

    /// Takes in the statements of a change. Where it runs some in another order than those before
    /// it, or comes back to one, what was taken in so far is sent first.
    pub(super) fn take(
        &mut self,
        session: &Session,
        statements: &'a [Statement],
    ) -> Result<(), StoreError> {
        let mut rest = statements;
        if self.fitting(rest).0 < rest.len() {
            self.send(session)?;
        }
        while !rest.is_empty() {
            let (fitting, texts) = self.fitting(rest);
            let (now, later) = rest.split_at(fitting);
            self.texts = texts;
            for statement in now {
                self.rows.entry(statement.sql).or_default().push(statement);
            }
            rest = later;
            if !rest.is_empty() {
                self.send(session)?;
            }
        }
        Ok(())
    }

    /// How many of these statements, from the first, can be run text by text with those that were
    /// taken in, and the order of all texts then.
    fn fitting(&self, statements: &[Statement]) -> (usize, Vec<&'static str>) {
        let mut texts = self.texts.clone();
        let mut next = 0;
        for (count, statement) in statements.iter().enumerate() {
            next = match texts.iter().position(|text| *text == statement.sql) {
                Some(place) if place + 1 >= next => place + 1,
                Some(_) => return (count, texts),
                None => {
                    texts.insert(next, statement.sql);
                    next + 1
                }
            };
        }
        (statements.len(), texts)
    }

    /// Whether a statement has to meet a certain number of rows: the server does not look at that.
    pub(super) fn expects_rows(&self) -> bool {
        let mut all = self.rows.values().flatten();
        all.any(|statement| matches!(statement.expects, Expects::OneRow))
    }

    /// Sends all of it behind each other, then waits for the answers; nothing is left.
    pub(super) fn send(&mut self, session: &Session) -> Result<(), StoreError> {
        self.send_with(session, None)
    }

    /// The same with a text behind all of it.
    pub(super) fn send_with(
        &mut self,
        session: &Session,
        last: Option<&str>,
    ) -> Result<(), StoreError> {
        let Self { texts, rows: all } = std::mem::take(self);
        let mut sent: Vec<Answering<'_, u64>> = Vec::new();
        let mut expected = Vec::new();
        for text in &texts {
            let rows = all.get(text).map(Vec::as_slice).unwrap_or_default();
            let one = session.prepared(text)?;
            let any = rows.iter().all(|row| !matches!(row.expects, Expects::OneRow));
            let many = if rows.len() > 1 && any {
                session.prepared_for_lists(text, || many(text, one.params()))?
            } else {
                None
            };
            match many {
                Some(many) => {
                    let columns = (0..one.params().len())
                        .map(|column| rows.iter().map(|it| &it.values[column]).collect());
                    let columns: Vec<Vec<&Value>> = columns.collect();
                    sent.push(session.send(many, columns));
                    expected.push(&Expects::Anything);
                }
                None => {
                    for row in rows {
                        sent.push(session.send(one.clone(), &row.values));
                        expected.push(&row.expects);
                    }
                }
            }
        }
        if let Some(last) = last {
            sent.push(session.send_text(last));
            expected.push(&Expects::Anything);
        }
        // Of those behind the first that failed the server only says that one had failed.
        let mut done = pipeline(sent).into_iter().zip(expected);
        done.try_for_each(|(done, expects)| fulfilled(expects, done))
    }
}

impl Session {
    /// Runs a statement for each of the rows.
    pub(crate) fn execute_for_each(
        &self,
        sql: &'static str,
        rows: &[Vec<Value>],
    ) -> Result<(), StoreError> {
        let statements: Vec<Statement> = rows
            .iter()
            .map(|row| Statement { sql, values: row.clone(), expects: Expects::Anything })
            .collect();
        let mut round = Round::default();
        round.take_in_any_order(&statements);
        round.send(self)
    }
}

/// The text that does for lists what this one does for single values: an `INSERT` of its
/// parameters in their order, an `UPDATE` of some rows, or a `DELETE` by columns equal to them.
/// None for any other.
fn many(sql: &str, kinds: &[Type]) -> Option<String> {
    let lists: Vec<String> =
        (1..).zip(kinds).map(|(place, kind)| format!("${place}::{}[]", kind.name())).collect();
    let lists = lists.join(", ");
    if let Some((into, rest)) = sql.split_once(" VALUES (") {
        let (values, also) = rest.split_once(')')?;
        let given: Vec<String> = (1..=kinds.len()).map(|place| format!("${place}")).collect();
        return (values == given.join(", "))
            .then(|| format!("{into} SELECT * FROM unnest({lists}){also}"));
    }
    let keys: Vec<String> = (1..=kinds.len()).map(|place| format!("k{place}")).collect();
    let named = keys.join(", ");
    if let Some((set, condition)) = sql.split_once(" WHERE ")
        && set.starts_with("UPDATE ")
    {
        let by_name = |text: &str| text.replace('$', "wanted.k");
        let (set, condition) = (by_name(set), by_name(condition));
        return Some(format!("{set} FROM unnest({lists}) AS wanted ({named}) WHERE {condition}"));
    }
    let (table, condition) = sql.strip_prefix("DELETE FROM ")?.split_once(" WHERE ")?;
    let columns: Option<Vec<&str>> = (1..)
        .zip(condition.split(" AND "))
        .map(|(place, part)| part.strip_suffix(&format!(" = ${place}")))
        .collect();
    let columns = columns.filter(|columns| columns.len() == kinds.len())?;
    let equal = columns.iter().zip(&keys).map(|(column, key)| format!("{column} = {key}"));
    let equal: Vec<String> = equal.collect();
    let equal = equal.join(" AND ");
    Some(format!("DELETE FROM {table} USING unnest({lists}) AS wanted ({named}) WHERE {equal}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_inserted_and_deleted_by_lists() {
        let kinds = [Type::INT8, Type::BYTEA];
        assert_eq!(
            many("INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT (a) DO NOTHING", &kinds),
            Some(
                "INSERT INTO t (a, b) SELECT * FROM unnest($1::int8[], $2::bytea[]) \
                 ON CONFLICT (a) DO NOTHING"
                    .to_owned()
            )
        );
        assert_eq!(
            many("DELETE FROM t WHERE a = $1 AND b = $2", &kinds),
            Some(
                "DELETE FROM t USING unnest($1::int8[], $2::bytea[]) AS wanted (k1, k2) \
                 WHERE a = k1 AND b = k2"
                    .to_owned()
            )
        );
    }

    #[test]
    fn rows_are_changed_by_lists() {
        assert_eq!(
            many("UPDATE t SET a = $1, b = b + 1 WHERE c = $2", &[Type::INT8, Type::TEXT]),
            Some(
                "UPDATE t SET a = wanted.k1, b = b + 1 FROM unnest($1::int8[], $2::text[]) \
                 AS wanted (k1, k2) WHERE c = wanted.k2"
                    .to_owned()
            )
        );
    }

    #[test]
    fn whatever_is_more_than_that_is_run_one_by_one() {
        let kinds = [Type::INT8, Type::BYTEA];
        assert_eq!(many("INSERT INTO t (a, b, c) VALUES ($1, $2, $2)", &kinds), None);
        assert_eq!(many("UPDATE t SET a = $1", &kinds), None);
        assert_eq!(many("DELETE FROM t WHERE a = $1 AND b > $2", &kinds), None);
        assert_eq!(many("DELETE FROM t", &[]), None);
    }

    #[test]
    fn changes_share_a_round_while_their_orders_agree() {
        let all = |texts: &[&'static str]| -> Vec<Statement> {
            let one = |sql: &&'static str| Statement {
                sql,
                values: Vec::new(),
                expects: Expects::Anything,
            };
            texts.iter().map(one).collect()
        };
        let (first, second, third) =
            (all(&["a", "c"]), all(&["a", "b", "b", "c", "d"]), all(&["c", "b"]));
        let mut round = Round::default();
        for change in [&first, &second] {
            let (all, texts) = round.fitting(change);
            assert_eq!(all, change.len());
            round.texts = texts;
        }
        assert_eq!(round.texts, ["a", "b", "c", "d"]);
        assert_eq!(round.fitting(&third).0, 1, "b was before c elsewhere: it is sent after them");
    }
}
