//! What every handler shares, and the table of routes.

use std::sync::Arc;

use axum::{Router, extract::DefaultBodyLimit, middleware};
use tongban_domain::catalog::Catalog;
use tongban_store::{RelyingParty, Store};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, csrf::CsrfLayer};

use crate::{
    assets::Assets,
    doors::Route,
    error::PageError,
    limits::{Buckets, Limits},
    observe::Observed,
    pages::DryRuns,
    search::ItemIndex,
    unified::{Passwords, Unified},
};

/// How the node presents itself.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Name of the place, such as 苏州市.
    pub place: String,
    /// A sentence shown on every page of a demo node.
    pub demo: Option<String>,
    /// Another address of this node for what people uploaded, such as
    /// `https://files.example.gov.cn`: no cookie of the pages ever goes there.
    pub files: Option<String>,
    /// Cookies only over TLS.
    pub secure_cookies: bool,
    /// Whether officials have to log in with a second factor.
    pub second_factor: SecondFactor,
    /// Under which address people reach the node; security keys are for that one alone.
    pub address: Option<String>,
    /// The unified login, where there is one.
    pub unified: Option<Unified>,
    /// How much one address or one account may ask for; none for no limit.
    pub limits: Option<Limits>,
}

impl Settings {
    /// Whether passwords open the node.
    pub(crate) fn passwords(&self) -> Passwords {
        self.unified.as_ref().map_or(Passwords::Accepted, |unified| unified.passwords)
    }
}

/// Whether officials have to log in with a second factor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SecondFactor {
    /// Whoever wants to does.
    #[default]
    Offered,
    /// All of them do.
    Required,
}

/// What every handler shares. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    store: Store,
    settings: Settings,
    assets: Assets,
    index: ItemIndex,
    dry_runs: DryRuns,
    observed: Observed,
    buckets: Buckets,
    /// For which address security keys open the node.
    party: Option<RelyingParty>,
}

impl App {
    /// The application over a store. `assets` is the folder of the bundled scripts and styles,
    /// which may be missing.
    ///
    /// # Errors
    /// When the node has no catalogue.
    pub fn new(
        store: Store,
        settings: Settings,
        assets: &std::path::Path,
    ) -> Result<Self, tongban_store::StoreError> {
        let index = ItemIndex::default();
        // Made now, so that the first visitor does not wait for it.
        index.find(&*store.catalog()?, "");
        let observed = Observed::of(&store);
        let buckets = Buckets::of(settings.limits);
        let party = settings.address.as_deref().and_then(RelyingParty::at);
        Ok(Self(Arc::new(Shared {
            store,
            settings,
            assets: Assets::load(assets),
            index,
            dry_runs: DryRuns::default(),
            observed,
            buckets,
            party,
        })))
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn assets(&self) -> &Assets {
        &self.0.assets
    }

    pub(crate) fn dry_runs(&self) -> &DryRuns {
        &self.0.dry_runs
    }

    pub(crate) fn index(&self) -> &ItemIndex {
        &self.0.index
    }

    pub(crate) fn relying_party(&self) -> Option<&RelyingParty> {
        self.0.party.as_ref()
    }

    pub(crate) fn buckets(&self) -> &Buckets {
        &self.0.buckets
    }

    pub(crate) fn observed(&self) -> &Observed {
        &self.0.observed
    }

    pub(crate) fn catalog(&self) -> Result<Arc<Catalog>, PageError> {
        Ok(self.0.store.catalog()?)
    }

    /// Runs a handler's body off the async threads: the database answers in microseconds, but
    /// it blocks.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        body: impl FnOnce(&Self) -> Result<T, PageError> + Send + 'static,
    ) -> Result<T, PageError> {
        let app = self.clone();
        let done = tokio::task::spawn_blocking(move || body(&app)).await;
        done.unwrap_or(Err(PageError::Broken("a handler panicked".to_owned())))
    }
}

/// Largest request body where files come in: the largest paper of the catalogue and some.
pub(crate) const LARGEST_UPLOAD: usize = 512 * 1024 * 1024;
/// Largest request body elsewhere: a long form with all its words.
const LARGEST_FORM: usize = 2 * 1024 * 1024;

/// All routes of the node.
pub fn router(app: App) -> Router {
    let (pages, _) = crate::pages::routes(&app).done();
    let (programs, _) = crate::api::routes(&app).done();
    Router::new()
        .merge(pages)
        .nest(crate::api::BELOW, programs.fallback(crate::api::unknown_path))
        .merge(crate::assets::routes())
        .fallback(crate::pages::not_found)
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn_with_state(app.clone(), crate::limits::keep))
        .layer(middleware::from_fn_with_state(app.clone(), crate::told::tell))
        .layer(middleware::from_fn_with_state(app.clone(), crate::headers::set))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(app.clone(), crate::observe::observe))
        .with_state(app)
}

/// The table of all routes, with who may come through each. Scripts and styles are for everybody.
#[must_use]
pub fn routes(app: &App) -> Vec<Route> {
    let (_, mut table) = crate::pages::routes(app).done();
    table.extend(crate::api::routes(app).done().1);
    table
}

/// Serves routes on a listener until `stop` is done; running requests are finished.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: tokio::net::TcpListener,
    routes: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let routes = routes.into_make_service_with_connect_info::<std::net::SocketAddr>();
    axum::serve(listener, routes).with_graceful_shutdown(stop).await
}
