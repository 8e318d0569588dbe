//! The vault of persons and sealed values.

use std::collections::HashMap;

use tongban_domain::{
    codes::ResidentId,
    ids::{PersonId, SealedId},
    sealed::Sealed,
};

use crate::{
    change::Change,
    engine::{Value, query},
    error::StoreError,
    node::Store,
    vault::{Column, Vault},
};

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
pub(crate) fn keep(vault: &Vault, change: &mut Change, person: &Person) -> Result<(), StoreError> {
    const KEEP: &str = "INSERT INTO persons (id, name, phone, id_number, phone_digest, id_digest) \
                        VALUES ($1, $2, $3, $4, $5, $6)";
    let mut values = vec![person.id.as_bytes().into()];
    values.extend(cells(vault, person)?);
    change.add(KEEP, values);
    Ok(())
}

/// Name, phone and identity number as cells, and the digests by which the last two are found.
fn cells(vault: &Vault, person: &Person) -> Result<[Value; 5], StoreError> {
    let (ring, row) = (vault.ring(), person.id.as_bytes());
    let seal = |column, text: &str| Vault::seal_with(&ring, column, row, text);
    Ok([
        seal(Column::Name, &person.name)?,
        seal(Column::Phone, &person.phone)?,
        seal(Column::IdNumber, &person.id_number)?,
        Vault::digest_with(&ring, Column::Phone, &person.phone)?,
        Vault::digest_with(&ring, Column::IdNumber, &person.id_number)?,
    ])
}

/// A person as the row has it.
pub(crate) struct PersonCells<'a> {
    pub(crate) id: [u8; 16],
    pub(crate) name: &'a [u8],
    pub(crate) phone: &'a [u8],
    pub(crate) id_number: &'a [u8],
}

impl PersonCells<'_> {
    fn open(&self, vault: &Vault) -> Result<Person, StoreError> {
        Ok(Person {
            id: PersonId::from_bytes(self.id),
            name: vault.open(Column::Name, &self.id, self.name)?,
            phone: vault.open(Column::Phone, &self.id, self.phone)?,
            id_number: vault.open(Column::IdNumber, &self.id, self.id_number)?,
        })
    }
}

/// Encrypts a person under the last key, unless the row was changed meanwhile.
pub(crate) fn renewed(
    vault: &Vault,
    change: &mut Change,
    old: &PersonCells<'_>,
) -> Result<(), StoreError> {
    const RENEW: &str = "UPDATE persons SET name = $3, phone = $4, id_number = $5, \
                         phone_digest = $6, id_digest = $7 WHERE id = $1 AND phone = $2";
    let person = old.open(vault)?;
    let mut values = vec![person.id.as_bytes().into(), Value::Blob(old.phone.to_vec())];
    values.extend(cells(vault, &person)?);
    change.add(RENEW, values);
    Ok(())
}

impl Store {
    /// Keeps a person.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_person(&self, person: &Person) -> Result<(), StoreError> {
        let mut change = Change::default();
        keep(&self.inner.vault, &mut change, person)?;
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
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
        })?;
        let found: Option<(Vec<u8>, Vec<u8>, Vec<u8>)> = found.into_iter().next();
        let opened = found.map(|(name, phone, id_number)| {
            let (name, phone, id_number) = (&*name, &*phone, &*id_number);
            PersonCells { id: *id.as_bytes(), name, phone, id_number }.open(&self.inner.vault)
        });
        opened.transpose()
    }

    /// Persons with this telephone or this resident identity number, by keyed digest.
    ///
    /// # Errors
    /// When the database fails.
    pub fn persons_with(&self, number: &str) -> Result<Vec<PersonId>, StoreError> {
        const BY_PHONE: &str = "SELECT id FROM persons WHERE phone_digest = $1 ORDER BY id";
        const BY_ID_NUMBER: &str = "SELECT id FROM persons WHERE id_digest = $1 ORDER BY id";
        self.read(|connection| {
            let mut found = Vec::new();
            for (column, sql) in [(Column::Phone, BY_PHONE), (Column::IdNumber, BY_ID_NUMBER)] {
                for digest in self.inner.vault.digests(column, number) {
                    found.extend(query(connection, sql, &[digest], |row| {
                        Ok(PersonId::from_bytes(row.get(0)?))
                    })?);
                }
            }
            Ok(found)
        })
    }

    /// Persons with this resident identity number alone.
    ///
    /// # Errors
    /// When the database fails.
    pub fn persons_with_id_number(&self, number: &ResidentId) -> Result<Vec<PersonId>, StoreError> {
        const BY_ID_NUMBER: &str = "SELECT id FROM persons WHERE id_digest = $1 ORDER BY id";
        self.read(|connection| {
            let mut found = Vec::new();
            for digest in self.inner.vault.digests(Column::IdNumber, number.in_clear()) {
                found.extend(query(connection, BY_ID_NUMBER, &[digest], |row| {
                    Ok(PersonId::from_bytes(row.get(0)?))
                })?);
            }
            Ok(found)
        })
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
                    Ok((row.get::<[u8; 16]>(0)?, row.get::<Vec<u8>>(1)?))
                })?;
                for (id, cell) in found {
                    let value = self.inner.vault.open(Column::Sealed, &id, &cell)?;
                    opened.insert(SealedId::from_bytes(id), value);
                }
            }
            Ok(opened)
        })
    }
}
