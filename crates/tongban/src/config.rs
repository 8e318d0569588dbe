//! The configuration file of a node.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use serde::Deserialize;
use tongban_outside::{Asking, ClaimNames, OpenIdProvider, ProviderAt};

/// Settings of a node. Paths are taken from the file's own folder.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// The data directory.
    pub(crate) data: PathBuf,
    /// The PostgreSQL database of the node, which several processes may share, such as
    /// `postgresql://tongban@/node?host=/run/postgresql`; without it SQLite in the data directory.
    #[serde(default)]
    pub(crate) database: Option<String>,
    /// Whether this process also carries out legal timers and delivers messages. Off where
    /// `tongban work` does.
    #[serde(default = "default_work")]
    pub(crate) work: bool,
    /// Most acts in one transaction; without it as many as wait.
    #[serde(default)]
    pub(crate) commit_group: Option<std::num::NonZeroUsize>,
    /// Address to listen on, such as `127.0.0.1:8080`.
    #[serde(default = "default_listen")]
    pub(crate) listen: String,
    /// Address on which figures and health are told to those who operate the node, such as
    /// `127.0.0.1:9100`; without it nowhere.
    #[serde(default)]
    pub(crate) operations: Option<String>,
    /// Number of the node in the province.
    #[serde(default = "default_node")]
    pub(crate) node: u32,
    /// Name of the place, such as 苏州市.
    pub(crate) place: String,
    /// The catalogue pack to publish at start when it is new.
    pub(crate) catalog: PathBuf,
    /// Folders with overlays of cities and counties over the pack.
    #[serde(default)]
    pub(crate) overlays: Vec<PathBuf>,
    /// The folder of bundled scripts and styles.
    pub(crate) assets: PathBuf,
    /// Under which address people reach the node, such as `https://spgl.example.gov.cn`; documents
    /// carry it. Without it none is made.
    #[serde(default)]
    pub(crate) address: Option<String>,
    /// Another address of the node for what people uploaded, such as `https://files.example.gov.cn`,
    /// where no cookie of the pages goes; without it the same address.
    #[serde(default)]
    pub(crate) files: Option<String>,
    /// The program that sets documents; without it the one beside this program.
    #[serde(default)]
    pub(crate) typesetter: Option<PathBuf>,
    /// The folder with the Noto fonts for Chinese.
    #[serde(default = "default_fonts")]
    pub(crate) fonts: PathBuf,
    /// ClamAV's daemon, which looks at every upload: a socket such as `/run/clamav/clamd.ctl`, or
    /// host and port; without it uploads are checked by the node alone.
    #[serde(default)]
    pub(crate) scanner: Option<String>,
    /// Registers of others that are asked what they hold (`docs/REGISTERS.md`).
    #[serde(default)]
    pub(crate) registers: Vec<ConfiguredRegister>,
    /// Systems of departments to which tasks are pushed (`docs/SYSTEMS.md`).
    #[serde(default)]
    pub(crate) systems: Vec<ConfiguredDepartment>,
    /// The unified login of natural and legal persons (`docs/SECURITY.md`).
    #[serde(default)]
    pub(crate) unified_login: Option<ConfiguredLogin>,
    /// Whether officials have to log in with a second factor: `offered` or `required`.
    #[serde(default)]
    pub(crate) second_factor: SecondFactor,
    /// Most requests a minute, or `off` where something in front of the node limits them.
    #[serde(default)]
    pub(crate) limits: ConfiguredLimits,
    /// Cookies only over TLS; off only behind nothing but loopback.
    #[serde(default = "default_secure")]
    pub(crate) secure_cookies: bool,
}

/// A register of others.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfiguredRegister {
    /// The name that the catalogue gives it.
    pub(crate) name: String,
    /// Where it is asked.
    #[serde(flatten)]
    pub(crate) system: ConfiguredSystem,
}

/// The system of a department, to which tasks are pushed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfiguredDepartment {
    /// The name of the department.
    pub(crate) department: String,
    /// Where it takes tasks.
    #[serde(flatten)]
    pub(crate) system: ConfiguredSystem,
}

/// Where a system of others is reached.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ConfiguredSystem {
    /// Its address, such as `https://registers.example.gov.cn/answers`.
    pub(crate) address: String,
    /// The file with the key that is shown to it.
    #[serde(default)]
    pub(crate) key: Option<PathBuf>,
    /// The file with the certificates of its authority (PEM); without it those that browsers trust.
    #[serde(default)]
    pub(crate) authority: Option<PathBuf>,
    /// Most seconds to wait for an answer.
    #[serde(default = "default_patience")]
    pub(crate) patience: u64,
}

const fn default_patience() -> u64 {
    5
}

impl ConfiguredSystem {
    /// How it is asked, with key and certificates read.
    pub(crate) fn asking(&self) -> anyhow::Result<Asking> {
        let read = |path: &PathBuf| {
            std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
        };
        let key = self.key.as_ref().map(read).transpose()?;
        let key = key.map(String::from_utf8).transpose().context("a key is text")?;
        let patience = std::time::Duration::from_secs(self.patience);
        let authority = self.authority.as_ref().map(read).transpose()?;
        Ok(Asking { patience, key: key.map(|key| key.trim().to_owned()), authority })
    }
}

/// A provider of OpenID Connect that vouches for people.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfiguredLogin {
    /// What people know it by, such as 江苏政务服务统一身份认证.
    name: String,
    /// Its address, as it stands in its tokens.
    issuer: String,
    /// The name under which the node is known there.
    client: String,
    /// The file with the secret that goes with the name.
    #[serde(default)]
    key: Option<PathBuf>,
    /// The file with the certificates of its authority (PEM); without it those that browsers trust.
    #[serde(default)]
    authority: Option<PathBuf>,
    /// Most seconds to wait for an answer.
    #[serde(default = "default_patience")]
    patience: u64,
    /// What is asked for beside `openid`.
    #[serde(default = "default_scopes")]
    scopes: Vec<String>,
    /// By which names it tells what it knows.
    #[serde(default)]
    claims: ClaimNames,
    /// Whether passwords open the node, too: `accepted` or `off`.
    #[serde(default)]
    passwords: Passwords,
}

fn default_scopes() -> Vec<String> {
    vec!["profile".to_owned(), "phone".to_owned()]
}

/// Whether passwords open the node beside the unified login.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Passwords {
    /// They do.
    #[default]
    Accepted,
    /// They do not.
    Off,
}

/// Most requests a minute of one address or account.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(untagged)]
pub(crate) enum ConfiguredLimits {
    /// As the program has them.
    #[default]
    Usual,
    /// `off`.
    Off(Off),
    /// Each given.
    Given {
        /// Attempts to log in, of one address.
        logins: u32,
        /// Changes.
        writes: u32,
        /// Pages and look-ups.
        reads: u32,
    },
}

/// `off`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Off {
    /// `off`.
    Off,
}

impl Config {
    /// The unified login, when there is one.
    pub(crate) fn unified_login(&self) -> anyhow::Result<Option<tongban_web::Unified>> {
        let Some(login) = &self.unified_login else { return Ok(None) };
        let address = self
            .address
            .as_deref()
            .context("the unified login needs `address`: people come back to it")?;
        let system = ConfiguredSystem {
            address: login.issuer.clone(),
            key: login.key.clone(),
            authority: login.authority.clone(),
            patience: login.patience,
        };
        let provider = ProviderAt {
            issuer: login.issuer.clone(),
            client: login.client.clone(),
            back: format!("{}/login/unified/back", address.trim_end_matches('/')),
            scopes: login.scopes.clone(),
            claims: login.claims.clone(),
        };
        let provider = OpenIdProvider::at(provider, system.asking()?)
            .with_context(|| format!("nobody can log in by {}", login.name))?;
        Ok(Some(tongban_web::Unified {
            name: login.name.clone(),
            provider: Arc::new(provider),
            passwords: match login.passwords {
                Passwords::Accepted => tongban_web::Passwords::Accepted,
                Passwords::Off => tongban_web::Passwords::Off,
            },
        }))
    }

    /// The limits of requests; none when they are off.
    pub(crate) fn limits(&self) -> Option<tongban_web::Limits> {
        match self.limits {
            ConfiguredLimits::Usual => Some(tongban_web::Limits::default()),
            ConfiguredLimits::Off(Off::Off) => None,
            ConfiguredLimits::Given { logins, writes, reads } => {
                Some(tongban_web::Limits { logins, writes, reads })
            }
        }
    }
}

/// Whether officials have to log in with a second factor.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SecondFactor {
    /// Whoever wants to does.
    #[default]
    Offered,
    /// All of them do.
    Required,
}

impl From<SecondFactor> for tongban_web::SecondFactor {
    fn from(configured: SecondFactor) -> Self {
        match configured {
            SecondFactor::Offered => Self::Offered,
            SecondFactor::Required => Self::Required,
        }
    }
}

fn default_listen() -> String {
    "127.0.0.1:8080".to_owned()
}

const fn default_node() -> u32 {
    1
}

const fn default_work() -> bool {
    true
}

/// Where Debian's package `fonts-noto-cjk` puts them.
pub(crate) fn default_fonts() -> PathBuf {
    "/usr/share/fonts/opentype/noto".into()
}

const fn default_secure() -> bool {
    true
}

/// Reads the file.
pub(crate) fn read(path: &Path) -> anyhow::Result<Config> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the configuration {}", path.display()))?;
    let mut config: Config = toml::from_str(&text)
        .with_context(|| format!("cannot understand the configuration {}", path.display()))?;
    let readable = std::fs::metadata(path)?.permissions().mode() & 0o077 != 0;
    anyhow::ensure!(
        !readable || !config.database.as_deref().is_some_and(holds_password),
        "others can read {}, and the password of the database stands in it: take the permission away (chmod 600)",
        path.display()
    );
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let one = [&mut config.data, &mut config.catalog, &mut config.assets, &mut config.fonts];
    let registers = config.registers.iter_mut().map(|it| &mut it.system);
    let others = registers.chain(config.systems.iter_mut().map(|it| &mut it.system));
    let others = others.flat_map(|it| it.key.iter_mut().chain(&mut it.authority));
    let login = config.unified_login.iter_mut();
    let login = login.flat_map(|it| it.key.iter_mut().chain(&mut it.authority));
    let own = one.into_iter().chain(&mut config.overlays).chain(&mut config.typesetter);
    for place in own.chain(others).chain(login) {
        *place = folder.join(&*place);
    }
    Ok(config)
}

/// Whether the name of a database holds a password, in either of its forms.
fn holds_password(database: &str) -> bool {
    let user = database.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@'));
    user.is_some_and(|(user, _)| user.contains(':')) || database.contains("password=")
}

#[cfg(test)]
mod tests {
    use super::holds_password;

    #[test]
    fn a_password_in_the_name_of_a_database_is_seen() {
        assert!(holds_password("postgresql://tongban:word@db.example/node"));
        assert!(holds_password("postgresql://tongban:w@rd@db.example/node"));
        assert!(holds_password("postgresql://tongban@db.example/node?password=word"));
        assert!(holds_password("host=db user=tongban password=word"));
        assert!(!holds_password("postgresql://tongban@db.example:5432/node"));
        assert!(!holds_password("postgresql://tongban@/node?host=/run/postgresql"));
    }
}
