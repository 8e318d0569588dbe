//! Bundled styles, scripts and icons under content-hashed names, with brotli twins made at
//! bundling. A missing bundle leaves a working, script-free site.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    Router,
    extract::{Path as UrlPath, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::app::App;

/// The bundle in memory: it is small.
pub(crate) struct Assets {
    names: HashMap<String, String>,
    files: HashMap<String, File>,
}

struct File {
    plain: Arc<[u8]>,
    brotli: Option<Arc<[u8]>>,
}

impl Assets {
    pub(crate) fn load(folder: &Path) -> Self {
        let names = std::fs::read_to_string(folder.join("manifest.json"))
            .ok()
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        let mut files = HashMap::new();
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()) {
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            if name.ends_with(".br") {
                continue;
            }
            let Ok(plain) = std::fs::read(&path) else { continue };
            let twin: PathBuf = path.with_file_name(format!("{name}.br"));
            let brotli = std::fs::read(twin).ok().map(Arc::from);
            files.insert(name.to_owned(), File { plain: plain.into(), brotli });
        }
        Self { names, files }
    }

    /// The address of a bundled file by its logical name; none when there is no bundle.
    pub(crate) fn url(&self, name: &str) -> Option<String> {
        self.names.get(name).map(|hashed| format!("/assets/{hashed}"))
    }
}

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/assets/{name}", get(asset))
}

async fn asset(
    State(app): State<App>,
    UrlPath(name): UrlPath<String>,
    headers: HeaderMap,
) -> Response {
    let Some(file) = app.assets().files.get(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let media = match name.rsplit_once('.').map(|(_, end)| end) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    };
    let hashed = app.assets().names.values().any(|known| *known == name);
    let cache = if hashed { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    let takes_brotli = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("br"));
    let head = [(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, cache)];
    match &file.brotli {
        Some(brotli) if takes_brotli => {
            let encoding = [(header::CONTENT_ENCODING, "br"), (header::VARY, "accept-encoding")];
            (head, encoding, brotli.to_vec()).into_response()
        }
        _ => (head, file.plain.to_vec()).into_response(),
    }
}
