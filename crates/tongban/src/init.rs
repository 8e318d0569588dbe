//! `tongban init`: a new city's node from nothing but its code.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use clap::Args;
use tongban_domain::{
    catalog::Division,
    permission::{Mandate, Role},
};
use tongban_store::{NewAccount, NodeOptions, Store, SystemClock};

use crate::{place::Place, serve::publish};

#[derive(Args)]
pub(crate) struct Options {
    /// Code of the city, county or zone, such as 320600.
    #[arg(long)]
    division: u32,
    #[command(flatten)]
    place: Place,
    /// The catalogue pack of the province.
    #[arg(long, default_value = "catalog/jiangsu")]
    catalog: PathBuf,
    /// A folder with the overlay of a city or county; may be given several times.
    #[arg(long)]
    overlay: Vec<PathBuf>,
    /// Number of the node in the province.
    #[arg(long, default_value_t = 1)]
    node: u32,
    /// The folder of bundled scripts and styles.
    #[arg(long, default_value = "web/dist")]
    assets: PathBuf,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
}

pub(crate) fn init(options: &Options) -> anyhow::Result<()> {
    anyhow::ensure!(
        !options.place.data.join("node.db").exists(),
        "{} holds a node already; nothing was changed",
        options.place.data.display()
    );
    let clock = Arc::new(SystemClock { offset: 0 });
    let node = NodeOptions::new(&options.place.data, options.node, clock)
        .on(options.place.database.clone());
    let store = Store::open(node).context("cannot make the node")?;
    anyhow::ensure!(
        store.publications()?.is_empty(),
        "the database holds a node already; nothing was changed"
    );
    let made = found(&store, options);
    store.close();
    if made.is_err() {
        // A directory that is half made would be refused the next time.
        let _ = fs::remove_dir_all(&options.place.data);
    }
    made
}

fn found(store: &Store, options: &Options) -> anyhow::Result<()> {
    publish(store, &options.catalog, &options.overlay)?;
    let catalog = store.catalog()?;
    let region = catalog
        .regions
        .get(&options.division)
        .with_context(|| format!("there is no division {} in the catalogue", options.division))?;
    anyhow::ensure!(
        region.level != Division::Province,
        "a node is a city's, a county's or a zone's; {} is the province",
        region.name
    );
    let today = store.now().day();
    let mut departments = 0;
    for role in catalog.departments.values().filter(|role| !role.elsewhere) {
        let name = format!("{}{}", region.name, role.title);
        store.establish_department(&role.key, &name, region.code, today)?;
        departments += 1;
    }
    // Three keep each other in check; the fourth keeps the catalogue.
    let mut accounts = Vec::new();
    // The node has a copy of the list of the whole province, and somebody has to keep that.
    let province = catalog.region_and_above(region.code).last().map_or(region.code, |it| it.code);
    for (login, role, region) in [
        ("sysadmin", Role::SystemAdministrator, region.code),
        ("secadmin", Role::SecurityAdministrator, region.code),
        ("auditor", Role::AuditAdministrator, region.code),
        ("admin", Role::Administrator, province),
    ] {
        let password = store.new_password();
        store.make_account(NewAccount {
            temporary: true,
            login: login.to_owned(),
            password: password.clone(),
            name: role.name().to_owned(),
            phone: String::new(),
            id_number: String::new(),
            organisation: None,
            mandates: vec![Mandate { role, department: None, region }],
            made_by: None,
        })?;
        accounts.push((login, password, role.name()));
    }
    let config = options.place.data.join("tongban.toml");
    // The name of the database may hold its password.
    let own =
        fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&config);
    let text = configuration(options, &region.name)?;
    own.and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("cannot write {}", config.display()))?;
    println!(
        "{}: the provincial pack {} unchanged, {departments} departments",
        region.name, catalog.pack.version
    );
    println!("start it with     tongban serve --config {}", config.display());
    for (login, password, role) in accounts {
        println!("log in as         {login:<9} {password}   {role}");
    }
    println!("sysadmin makes accounts at /s/admin/setup, secadmin grants them their offices");
    Ok(())
}

/// The configuration file; paths in full, so that it can be moved.
fn configuration(options: &Options, place: &str) -> anyhow::Result<String> {
    let full = |path: &Path| -> anyhow::Result<String> {
        let path = std::path::absolute(path)?;
        Ok(toml::Value::String(path.display().to_string()).to_string())
    };
    let overlays: Vec<String> =
        options.overlay.iter().map(|path| full(path)).collect::<anyhow::Result<_>>()?;
    let text = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let database = options.place.database.as_deref();
    let database = database.map_or_else(String::new, |it| format!("database = {}\n", text(it)));
    Ok(format!(
        "place = {}\nnode = {}\ndata = {}\n{database}catalog = {}\noverlays = [{}]\nassets = {}\nlisten = {}\n\
         # Cookies only over TLS. Switch off only where nothing but this machine reaches the node.\n\
         secure_cookies = true\n",
        text(place),
        options.node,
        full(&options.place.data)?,
        full(&options.catalog)?,
        overlays.join(", "),
        full(&options.assets)?,
        text(&options.listen),
    ))
}
