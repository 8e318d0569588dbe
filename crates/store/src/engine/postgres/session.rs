//! One connection to the server. Whoever asks waits for the answer where it is.

use std::{
    cell::RefCell,
    collections::HashMap,
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
};

use futures_util::{TryStreamExt as _, future::join4};
use tokio_postgres::{Client, Row as Found, SimpleQueryMessage, Statement, types::ToSql};

use super::server::Driver;
use crate::{
    engine::{Row, Value},
    error::StoreError,
};

/// A connection.
pub(crate) struct Session {
    client: Client,
    /// Prepared statements, by address and length of their text, which never moves.
    prepared: RefCell<HashMap<(usize, usize), Statement>>,
    /// The same for lists of values, by the text for single ones.
    prepared_for_lists: RefCell<HashMap<&'static str, Option<Statement>>>,
    /// Outlives every connection.
    _driver: Arc<Driver>,
}

/// An answer on its way.
pub(super) type Answering<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + 'a>>;

impl Session {
    pub(super) fn new(client: Client, driver: Arc<Driver>) -> Self {
        Self {
            client,
            prepared: RefCell::default(),
            prepared_for_lists: RefCell::default(),
            _driver: driver,
        }
    }

    /// Whether the server went away.
    pub(crate) fn is_lost(&self) -> bool {
        self.client.is_closed()
    }

    /// Runs statements without values.
    pub(crate) fn run(&self, text: &str) -> Result<(), StoreError> {
        Ok(wait_for(self.client.batch_execute(text))?)
    }

    /// Whether the database has a table.
    pub(crate) fn has_table(&self, name: &str) -> Result<bool, StoreError> {
        const FIND: &str = "SELECT COUNT(*) FROM pg_tables \
                            WHERE schemaname = current_schema() AND CAST(tablename AS TEXT) = $1";
        let mut found = false;
        self.each(FIND, &[Value::from(name)], |row| {
            found = row.get::<i64>(0)? > 0;
            Ok::<(), StoreError>(())
        })?;
        Ok(found)
    }

    /// What a statement gives and takes: names and types of its columns, number of its values.
    #[cfg(test)]
    pub(crate) fn described(
        &self,
        text: &str,
    ) -> Result<(Vec<(String, String)>, usize), StoreError> {
        let statement = wait_for(self.client.prepare(text))?;
        let columns = statement.columns().iter();
        let columns = columns.map(|it| (it.name().to_owned(), it.type_().name().to_owned()));
        Ok((columns.collect(), statement.params().len()))
    }

    /// A setting of the server.
    pub(super) fn shows(&self, setting: &str) -> Result<String, StoreError> {
        let answers = wait_for(self.client.simple_query(&format!("SHOW {setting}")))?;
        let found = answers.iter().find_map(|answer| {
            let SimpleQueryMessage::Row(row) = answer else { return None };
            row.get(0).map(ToOwned::to_owned)
        });
        Ok(found.unwrap_or_default())
    }

    pub(super) fn prepared(&self, sql: &'static str) -> Result<Statement, StoreError> {
        let key = (sql.as_ptr().addr(), sql.len());
        if let Some(statement) = self.prepared.borrow().get(&key) {
            return Ok(statement.clone());
        }
        let statement = wait_for(self.client.prepare(sql))?;
        self.prepared.borrow_mut().insert(key, statement.clone());
        Ok(statement)
    }

    /// The statement that does for lists of values what this one does for single ones, if its
    /// text can be made.
    pub(super) fn prepared_for_lists(
        &self,
        sql: &'static str,
        make: impl FnOnce() -> Option<String>,
    ) -> Result<Option<Statement>, StoreError> {
        if let Some(known) = self.prepared_for_lists.borrow().get(sql) {
            return Ok(known.clone());
        }
        let statement = make().map(|text| wait_for(self.client.prepare(&text))).transpose()?;
        self.prepared_for_lists.borrow_mut().insert(sql, statement.clone());
        Ok(statement)
    }

    pub(crate) fn execute(&self, sql: &'static str, values: &[Value]) -> Result<u64, StoreError> {
        let statement = self.prepared(sql)?;
        Ok(wait_for(self.client.execute_raw(&statement, values))?)
    }

    /// Runs a query over single values, or over lists of them.
    pub(crate) fn each<E: From<StoreError>, V: ToSql>(
        &self,
        sql: &'static str,
        values: &[V],
        mut take: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let statement = self.prepared(sql)?;
        wait_for(async {
            let rows = self.client.query_raw(&statement, values).await;
            let mut rows = pin!(rows.map_err(StoreError::from)?);
            while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
                take(&Row::Postgres(&row))?;
            }
            Ok(())
        })
    }

    /// Begins a transaction with queries in it, all sent behind each other: over single values, and
    /// one over lists of them.
    pub(super) fn begin_with(
        &self,
        (hold, mark): (&'static str, &[Value]),
        one: &'static str,
        (many, lists): (&'static str, &[Vec<Value>]),
    ) -> Result<(Vec<Found>, Vec<Found>), StoreError> {
        let (hold, one, many) = (self.prepared(hold)?, self.prepared(one)?, self.prepared(many)?);
        let begin = self.client.batch_execute("BEGIN");
        let held = self.client.execute_raw(&hold, mark);
        let none: [Value; 0] = [];
        let rows = async { self.client.query_raw(&one, none).await?.try_collect().await };
        let listed = async { self.client.query_raw(&many, lists).await?.try_collect().await };
        let (begun, held, rows, listed) = wait_for(join4(begin, held, rows, listed));
        begun?;
        held?;
        Ok((rows?, listed?))
    }

    /// A statement without values, to be sent with others.
    pub(super) fn send_text<'a>(&'a self, text: &'a str) -> Answering<'a, u64> {
        Box::pin(async move { Ok(self.client.batch_execute(text).await.map(|()| 0)?) })
    }

    /// A statement to be sent with others; gives how many rows it changed.
    pub(super) fn send<'a, V>(&'a self, statement: Statement, values: V) -> Answering<'a, u64>
    where
        V: IntoIterator + 'a,
        V::Item: tokio_postgres::types::BorrowToSql,
        V::IntoIter: ExactSizeIterator,
    {
        Box::pin(async move { Ok(self.client.execute_raw(&statement, values).await?) })
    }
}

/// Sends statements one behind the other without waiting for the answers in between; gives the
/// answers in the same order. What stands behind one that cannot even be sent is not sent.
pub(super) fn pipeline(mut sent: Vec<Answering<'_, u64>>) -> Vec<Result<u64, StoreError>> {
    let mut answers: Vec<Option<Result<u64, StoreError>>> = sent.iter().map(|_| None).collect();
    let mut first = true;
    wait_for(poll_fn(|context| {
        let mut all = true;
        for (answering, answer) in sent.iter_mut().zip(&mut answers) {
            if answer.is_none() {
                match answering.as_mut().poll(context) {
                    Poll::Ready(done) => *answer = Some(done),
                    Poll::Pending => all = false,
                }
            }
            if first && matches!(answer, Some(Err(_))) {
                break;
            }
        }
        if std::mem::take(&mut first) {
            let stopped = answers.iter().position(|answer| matches!(answer, Some(Err(_))));
            sent.truncate(stopped.map_or(usize::MAX, |place| place + 1));
        }
        if all { Poll::Ready(()) } else { Poll::Pending }
    }));
    answers.into_iter().flatten().collect()
}

/// Waits for an answer on this thread. A thread of the async runtime is replaced meanwhile: others
/// are not kept waiting.
pub(super) fn wait_for<T>(answer: impl Future<Output = T>) -> T {
    use tokio::runtime::{Handle, RuntimeFlavor};
    let flavor = Handle::try_current().map(|handle| handle.runtime_flavor());
    match flavor {
        Ok(RuntimeFlavor::MultiThread) => {
            tokio::task::block_in_place(|| pollster::block_on(answer))
        }
        Ok(_) | Err(_) => pollster::block_on(answer),
    }
}
