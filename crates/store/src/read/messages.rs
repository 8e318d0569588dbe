//! Messages: the outbox, and what a person finds in the inbox.

use tongban_domain::{
    acts::ActName,
    ids::{ApplicationId, CaseId, ProjectId},
    notice::Recipient,
    time::Instant,
};

use crate::{
    change::Change,
    engine::{Row, query},
    error::StoreError,
    node::Store,
};

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// Position in the journal and place within the act: its identity.
    pub id: (i64, i64),
    /// To whom, as [`Recipient::key`] writes it.
    pub recipient: String,
    /// About which act.
    pub act: ActName,
    /// About which project.
    pub project: ProjectId,
    /// About which application.
    pub application: Option<ApplicationId>,
    /// About which case.
    pub case: Option<CaseId>,
    /// When the act was recorded.
    pub at: Instant,
}

/// Takes messages out of the outbox: to the inbox of the pages, later to telephones.
pub trait MessageSender: Send {
    /// Whether the message was handed over; otherwise it is tried again.
    fn send(&self, message: &MessageRow) -> bool;
}

/// The inbox of the pages: a message is there as soon as it is marked.
pub struct Inbox;

impl MessageSender for Inbox {
    fn send(&self, _: &MessageRow) -> bool {
        true
    }
}

pub(crate) fn message_of(row: &Row<'_>) -> Result<MessageRow, StoreError> {
    let act: String = row.get(3)?;
    Ok(MessageRow {
        id: (row.get(0)?, row.get(1)?),
        recipient: row.get(2)?,
        act: ActName::from_key(&act).ok_or_else(|| StoreError::Damaged(format!("act {act}")))?,
        project: ProjectId::from_bytes(row.get(4)?),
        application: row.get::<Option<[u8; 16]>>(5)?.map(ApplicationId::from_bytes),
        case: row.get::<Option<[u8; 16]>>(6)?.map(CaseId::from_bytes),
        at: Instant(row.get(7)?),
    })
}

impl Store {
    /// Delivered messages of a recipient, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn inbox(&self, recipient: &Recipient, most: usize) -> Result<Vec<MessageRow>, StoreError> {
        const INBOX: &str = "SELECT position, place, recipient, act, project, application, \
                             case_id, at FROM messages WHERE recipient = $1 \
                             AND delivered_at IS NOT NULL \
                             ORDER BY at DESC, position DESC, place LIMIT $2";
        let values = [recipient.key().into(), (most as i64).into()];
        self.read(|connection| query(connection, INBOX, &values, message_of))
    }

    /// Messages not delivered yet, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn undelivered(&self, most: usize) -> Result<Vec<MessageRow>, StoreError> {
        const WAITING: &str = "SELECT position, place, recipient, act, project, application, \
                               case_id, at FROM messages WHERE delivered_at IS NULL \
                               ORDER BY position, place LIMIT $1";
        self.read(|connection| query(connection, WAITING, &[(most as i64).into()], message_of))
    }

    /// Notes that messages were delivered.
    ///
    /// # Errors
    /// When the database fails.
    pub fn mark_delivered(&self, messages: &[MessageRow]) -> Result<(), StoreError> {
        const MARK: &str = "UPDATE messages SET delivered_at = $1 \
                            WHERE position = $2 AND place = $3 AND delivered_at IS NULL";
        let now = self.now().0;
        let mut change = Change::default();
        for message in messages {
            change.add(MARK, vec![now.into(), message.id.0.into(), message.id.1.into()]);
        }
        self.write(change)
    }
}
