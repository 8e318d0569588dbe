//! The server a node's database is on, and connections to it.

use std::{sync::Arc, time::Duration};

use tokio::runtime::Runtime;
use tokio_postgres::Config;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Session, encryption, session::wait_for};
use crate::error::StoreError;

/// How long to wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);

/// How long a server may leave what was sent to it without a sign.
const SILENCE: Duration = Duration::from_secs(10);

/// Statements are planned once, mostly while tables are still empty, and every one of them has an
/// index: without this a plan that reads whole tables would be kept while they grow.
const PLANS: &str = "SET client_min_messages = warning; SET jit = off; \
                     SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; \
                     SET enable_hashjoin = off; SET enable_mergejoin = off";

/// A database on a server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Server {
    config: Arc<Config>,
    encryption: MakeRustlsConnect,
    driver: Arc<Driver>,
}

/// The thread that moves bytes between connections and their users, who wait for it: they may be
/// on any thread, also on one of another runtime.
pub(super) struct Driver(Option<Runtime>);

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // Not waited for: the last user may be on a thread that must not wait.
            runtime.shutdown_background();
        }
    }
}

impl Server {
    /// The database that a connection string names, such as
    /// `postgresql://tongban@/tongban?host=/run/postgresql`. A server on another machine is known
    /// by a certificate: `sslrootcert=FILE`.
    pub(crate) fn named(text: &str) -> Result<Self, StoreError> {
        let (mut config, encryption) = encryption::server(text)?;
        config.connect_timeout(CONNECT);
        // A server that is silently gone is given up as soon as one that says so.
        config.tcp_user_timeout(SILENCE).keepalives_idle(SILENCE).keepalives_retries(2);
        config.keepalives_interval(SILENCE / 5);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("postgres")
            .enable_all()
            .build()?;
        Ok(Self { config: Arc::new(config), encryption, driver: Arc::new(Driver(Some(runtime))) })
    }

    /// A connection that writes: every commit flushed. Less is an error.
    pub(crate) fn connect(&self) -> Result<Session, StoreError> {
        const SETTINGS: &str = "SET synchronous_commit = on; \
                                SET idle_in_transaction_session_timeout = '60s'";
        let session = self.open(SETTINGS)?;
        for (setting, wanted) in [("fsync", "on"), ("full_page_writes", "on")] {
            if session.shows(setting)? != wanted {
                return Err(StoreError::NotDurable("fsync and full_page_writes"));
            }
        }
        Ok(session)
    }

    /// A connection that cannot write.
    pub(crate) fn connect_to_read(&self) -> Result<Session, StoreError> {
        self.open("SET default_transaction_read_only = on")
    }

    fn open(&self, settings: &str) -> Result<Session, StoreError> {
        let closed = || StoreError::Unavailable("the program is ending".to_owned());
        let runtime = self.driver.0.as_ref().ok_or_else(closed)?;
        let (config, encryption) = (Arc::clone(&self.config), self.encryption.clone());
        let (told, client) = tokio::sync::oneshot::channel();
        runtime.spawn(async move {
            let connection = match config.connect(encryption).await {
                Ok((client, connection)) => {
                    let _ = told.send(Ok(client));
                    connection
                }
                Err(error) => {
                    let _ = told.send(Err(error));
                    return;
                }
            };
            if let Err(error) = connection.await {
                tracing::warn!(error = %StoreError::from(error), "a connection ended");
            }
        });
        let client = wait_for(client).map_err(|_| closed())?.map_err(not_reached)?;
        let session = Session::new(client, Arc::clone(&self.driver));
        session.run(PLANS)?;
        session.run(settings)?;
        Ok(session)
    }
}

/// Why there is no connection. Whatever is not said by the server itself may be otherwise the next
/// time: no answer, no encryption, another certificate.
fn not_reached(error: tokio_postgres::Error) -> StoreError {
    use std::error::Error as _;
    if error.as_db_error().is_some() {
        return error.into();
    }
    StoreError::Unavailable(error.source().map_or_else(|| error.to_string(), ToString::to_string))
}
