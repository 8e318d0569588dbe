//! The departments of the node, as facts.

use std::sync::{Arc, PoisonError};

use tongban_domain::{
    acts::ActName,
    fact::{Channel, Fact, StreamId, StreamKind},
    ids::DepartmentId,
    organisation::OrganisationFact,
    permission::Role,
    time::Day,
};

use crate::{
    acts::stream,
    error::StoreError,
    node::Store,
    streams::{Doer, NODE_STREAM},
};

impl Store {
    /// Establishes a department.
    ///
    /// # Errors
    /// When the database fails.
    pub fn establish_department(
        &self,
        key: &str,
        name: &str,
        region: u32,
        from: Day,
    ) -> Result<DepartmentId, StoreError> {
        let department = DepartmentId::from_bytes(self.new_id());
        let fact = Fact::Organisation(OrganisationFact::DepartmentEstablished {
            department,
            key: key.to_owned(),
            name: name.to_owned(),
            region,
            from,
        });
        let catalog = self.catalog()?;
        let digests = (catalog.pack.digest, catalog.calendar.digest());
        let nothing_else = Box::new(|_: &mut crate::sqlite::writer::Writing<'_>| Ok(()));
        let stream = StreamId { kind: StreamKind::Organisation, id: NODE_STREAM };
        let by = Doer {
            act: ActName::EstablishDepartment,
            role: Role::Administrator,
            account: None,
            channel: Channel::Import,
        };
        self.append_to(stream, fact.clone(), &by, digests, nothing_else)?;
        let mut current = self.inner.organisation.write().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut current).evolve(&fact);
        Ok(department)
    }

    pub(crate) fn load_organisation(&self) -> Result<(), StoreError> {
        let facts =
            self.read(|connection| stream(connection, StreamKind::Organisation, &NODE_STREAM))?;
        let mut current = self.inner.organisation.write().unwrap_or_else(PoisonError::into_inner);
        let organisation = Arc::make_mut(&mut current);
        for recorded in &facts {
            organisation.evolve(&recorded.fact);
        }
        Ok(())
    }
}
