//! Rows as they are read, the same on both engines.

use tokio_postgres::types::Type;

use super::Value;
use crate::error::StoreError;

/// A row of an answer.
pub(crate) enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

/// A value where it lies.
pub(crate) enum Found<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Blob(&'a [u8]),
}

impl Row<'_> {
    /// A column as the type that is expected there.
    pub(crate) fn get<T: Column>(&self, column: usize) -> Result<T, StoreError> {
        T::read(self.found(column)?).ok_or_else(|| {
            StoreError::Damaged(format!("column {column} holds another kind of value"))
        })
    }

    /// Every column.
    pub(crate) fn values(&self) -> Result<Vec<Value>, StoreError> {
        let columns = match self {
            Row::Sqlite(row) => row.as_ref().column_count(),
            Row::Postgres(row) => row.len(),
        };
        let value = |column| {
            Ok(match self.found(column)? {
                Found::Null => Value::Null,
                Found::Int(number) => Value::Int(number),
                Found::Text(text) => Value::Text(text.to_owned()),
                Found::Blob(bytes) => Value::Blob(bytes.to_vec()),
            })
        };
        (0..columns).map(value).collect()
    }

    fn found(&self, column: usize) -> Result<Found<'_>, StoreError> {
        match self {
            Row::Sqlite(row) => found_in_sqlite(row, column),
            Row::Postgres(row) => found_in_postgres(row, column),
        }
    }
}

fn found_in_sqlite<'a>(row: &'a rusqlite::Row<'_>, column: usize) -> Result<Found<'a>, StoreError> {
    use rusqlite::types::ValueRef;
    Ok(match row.get_ref(column)? {
        ValueRef::Null => Found::Null,
        ValueRef::Integer(number) => Found::Int(number),
        ValueRef::Text(text) => Found::Text(
            std::str::from_utf8(text)
                .map_err(|_| StoreError::Damaged("a text is not UTF-8".to_owned()))?,
        ),
        ValueRef::Blob(bytes) => Found::Blob(bytes),
        // No column is of this type; a damaged one may hold anything.
        ValueRef::Real(_) => return Err(StoreError::Damaged("a number is broken".to_owned())),
    })
}

fn found_in_postgres(row: &tokio_postgres::Row, column: usize) -> Result<Found<'_>, StoreError> {
    let Some(kind) = row.columns().get(column).map(tokio_postgres::Column::type_) else {
        return Err(StoreError::Damaged(format!("column {column} is missing")));
    };
    let null = Found::Null;
    Ok(match *kind {
        Type::INT8 => row.try_get::<_, Option<i64>>(column)?.map_or(null, Found::Int),
        // What is written as a number in a statement.
        Type::INT4 => {
            let number = row.try_get::<_, Option<i32>>(column)?;
            number.map_or(null, |number| Found::Int(i64::from(number)))
        }
        Type::BYTEA => row.try_get::<_, Option<&[u8]>>(column)?.map_or(null, Found::Blob),
        _ => row.try_get::<_, Option<&str>>(column)?.map_or(null, Found::Text),
    })
}

/// A type that a column is read as.
pub(crate) trait Column: Sized {
    fn read(found: Found<'_>) -> Option<Self>;
}

macro_rules! whole_numbers {
    ($($type:ty),*) => {$(
        impl Column for $type {
            fn read(found: Found<'_>) -> Option<Self> {
                let Found::Int(number) = found else { return None };
                number.try_into().ok()
            }
        }
    )*};
}

whole_numbers!(i64, i32, u32, u16, u8);

impl Column for bool {
    fn read(found: Found<'_>) -> Option<Self> {
        let Found::Int(number) = found else { return None };
        Some(number != 0)
    }
}

impl Column for String {
    fn read(found: Found<'_>) -> Option<Self> {
        let Found::Text(text) = found else { return None };
        Some(text.to_owned())
    }
}

impl Column for Vec<u8> {
    fn read(found: Found<'_>) -> Option<Self> {
        let Found::Blob(bytes) = found else { return None };
        Some(bytes.to_vec())
    }
}

impl<const N: usize> Column for [u8; N] {
    fn read(found: Found<'_>) -> Option<Self> {
        let Found::Blob(bytes) = found else { return None };
        bytes.try_into().ok()
    }
}

impl<T: Column> Column for Option<T> {
    fn read(found: Found<'_>) -> Option<Self> {
        match found {
            Found::Null => Some(None),
            found @ (Found::Int(_) | Found::Text(_) | Found::Blob(_)) => T::read(found).map(Some),
        }
    }
}
