//! The vault of persons and sealed values.

use std::collections::HashMap;

use tongban_domain::{
    ids::{PersonId, SealedId},
    sealed::Sealed,
};

use crate::{change::Change, engine::query, error::StoreError, node::Store};

/// A natural person. Pages show the masked forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Id.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// Resident identity number; may be empty.
    pub id_number: String,
}

impl Person {
    /// 王*.
    #[must_use]
    pub fn masked_name(&self) -> String {
        let mut letters = self.name.chars();
        let first = letters.next().map(String::from).unwrap_or_default();
        first + &"*".repeat(letters.count().max(1))
    }

    /// 138****1234.
    #[must_use]
    pub fn masked_phone(&self) -> String {
        let digits: Vec<char> = self.phone.chars().collect();
        if digits.len() < 7 {
            return "****".to_owned();
        }
        let head: String = digits[..3].iter().collect();
        let tail: String = digits[digits.len() - 4..].iter().collect();
        format!("{head}****{tail}")
    }
}

/// Keeps a person with whatever else a change does.
pub(crate) fn keep(change: &mut Change, person: &Person) {
    const KEEP: &str = "INSERT INTO persons (id, name, phone, id_number) VALUES ($1, $2, $3, $4)";
    change.add(
        KEEP,
        vec![
            person.id.as_bytes().into(),
            person.name.clone().into(),
            person.phone.clone().into(),
            person.id_number.clone().into(),
        ],
    );
}

impl Store {
    /// Keeps a person.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_person(&self, person: &Person) -> Result<(), StoreError> {
        let mut change = Change::default();
        keep(&mut change, person);
        self.write(change)
    }

    /// A person by id.
    ///
    /// # Errors
    /// When the database fails.
    pub fn person(&self, id: PersonId) -> Result<Option<Person>, StoreError> {
        const GET: &str = "SELECT name, phone, id_number FROM persons WHERE id = $1";
        let found = self.read(|connection| {
            query(connection, GET, &[id.as_bytes().into()], |row| {
                Ok(Person { id, name: row.get(0)?, phone: row.get(1)?, id_number: row.get(2)? })
            })
        })?;
        Ok(found.into_iter().next())
    }

    /// Opens sealed values; those erased from the vault are missing from the answer.
    ///
    /// # Errors
    /// When the database fails.
    pub fn open_sealed<'a>(
        &self,
        sealed: impl IntoIterator<Item = &'a Sealed>,
    ) -> Result<HashMap<SealedId, String>, StoreError> {
        const GET: &str = "SELECT id, value FROM sealed WHERE id = $1";
        self.read(|connection| {
            let mut opened = HashMap::new();
            for sealed in sealed {
                let found = query(connection, GET, &[sealed.id.as_bytes().into()], |row| {
                    Ok((SealedId::from_bytes(row.get(0)?), row.get::<String>(1)?))
                })?;
                opened.extend(found);
            }
            Ok(opened)
        })
    }
}
