//! `tongban demo`: a simulated city, served.

use std::{path::PathBuf, sync::Arc};

use anyhow::Context as _;
use clap::Args;
use tongban_simulator::DEMO_PASSWORD;
use tongban_store::{Clock as _, NodeOptions, Store, SystemClock};
use tongban_web::Settings;

use crate::{
    config,
    press::Press,
    serve,
    simulate::{self, Simulated},
};

/// Where the demo lives and what it shows.
#[derive(Args)]
pub(crate) struct Options {
    /// The data directory; filled when it is empty, else served as it is.
    #[arg(long)]
    data: PathBuf,
    /// Number of projects.
    #[arg(long, default_value_t = 500)]
    projects: usize,
    /// Number of days.
    #[arg(long, default_value_t = 730)]
    days: u32,
    /// Seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The catalogue pack.
    #[arg(long, default_value = "catalog/jiangsu")]
    catalog: PathBuf,
    /// The folder of bundled scripts and styles.
    #[arg(long, default_value = "web/dist")]
    assets: PathBuf,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
}

/// The setting under which the offset of the demo's clock is kept, in microseconds.
const OFFSET: &str = "clock-offset";

/// One account per role, as printed.
const ACCOUNTS: &[(&str, &str)] = &[
    ("owner", "建设单位（含「苏州工业园区新能源汽车产业园」）"),
    ("agent", "受托人（由建设单位在项目的「授权委托」里委托）"),
    ("window", "综合窗口"),
    ("officer-planning", "自然资源和规划局 承办人"),
    ("reviewer-planning", "自然资源和规划局 审核人"),
    ("approver-planning", "自然资源和规划局 批准人（领导）"),
    ("officer-housing", "住房和城乡建设局 承办人"),
    ("approver-housing", "住房和城乡建设局 批准人（领导）"),
    ("supervisor", "督查"),
    ("government", "市政府负责人"),
    ("admin", "省级事项管理员"),
    ("admin-city", "市级事项管理员"),
    ("sysadmin", "系统管理员"),
    ("secadmin", "安全管理员"),
    ("auditor", "审计管理员"),
];

pub(crate) fn demo(options: &Options) -> anyhow::Result<()> {
    if !options.data.join("node.db").exists() {
        fill(options)?;
    }
    let store = open(options)?;
    serve::publish(&store, &options.catalog, &[])?;
    let shown = store.now();
    let settings = Settings {
        place: "苏州市".to_owned(),
        demo: Some(format!(
            "演示系统：数据由模拟产生，系统时钟从 {} 开始运行，与实际日期不同。",
            shown.day()
        )),
        files: None,
        // The demo is for loopback, where there is no TLS.
        address: None,
        unified: None,
        secure_cookies: false,
        limits: None,
        second_factor: tongban_web::SecondFactor::Offered,
    };
    let listen = serve::Listen { pages: &options.listen, operations: None };
    let address = Some(format!("http://{}", options.listen));
    let press = Press { program: None, fonts: config::default_fonts(), address };
    let works = serve::Works { press, registers: Vec::new(), systems: Vec::new() };
    serve::run((store, Some(works)), settings, &options.assets, listen, |address| {
        println!();
        println!("  通办演示  http://{address}");
        println!();
        println!("  密码都是  {DEMO_PASSWORD}");
        for (login, what) in ACCOUNTS {
            println!("    {login:<20}{what}");
        }
        println!("  公众不用登录：首页查指南、查办件。Ctrl+C 结束。");
    })
}

/// Simulates the city beside the data directory and moves it there when it is whole: a fill that
/// was interrupted leaves nothing that looks like a demo.
fn fill(options: &Options) -> anyhow::Result<()> {
    let (data, projects, days) = (&options.data, options.projects, options.days);
    eprintln!("filling {} with {projects} projects over {days} days …", data.display());
    let filling = data.with_extension("filling");
    if filling.exists() {
        std::fs::remove_dir_all(&filling).context("cannot remove an interrupted fill")?;
    }
    let simulated =
        simulate::run((&filling, None), &options.catalog, projects, days, options.seed)?;
    let Simulated { store, clock, summary, seconds } = simulated;
    eprintln!("{summary}");
    eprintln!("{seconds:.1} s, {:.0} durable acts/s", summary.acts as f64 / seconds);
    deliver_all(&store)?;
    // The demo starts on the morning of the next working day.
    let today = clock.now().day();
    let morning = store.catalog()?.calendar.nth_working_day_after(today, 1).at(9, 0);
    let offset = SystemClock::showing(morning).offset;
    store.keep_setting(OFFSET, &offset.to_string())?;
    store.close();
    if data.exists() {
        std::fs::remove_dir(data).with_context(|| format!("{} is not empty", data.display()))?;
    }
    std::fs::rename(&filling, data).context("cannot move the filled city into place")
}

/// Two years of messages are in the inbox when the demo starts.
fn deliver_all(store: &Store) -> anyhow::Result<()> {
    loop {
        let waiting = store.undelivered(5000)?;
        if waiting.is_empty() {
            return Ok(());
        }
        store.mark_delivered(&waiting)?;
    }
}

/// Opens the filled node on its own clock.
fn open(options: &Options) -> anyhow::Result<Store> {
    let probe = NodeOptions::new(&options.data, 1, Arc::new(SystemClock { offset: 0 }));
    let store = Store::open(probe).context("cannot open the node")?;
    let offset = store.setting(OFFSET)?;
    store.close();
    let offset = offset
        .and_then(|offset| offset.parse().ok())
        .with_context(|| format!("{} is not a demo node", options.data.display()))?;
    let clock = Arc::new(SystemClock { offset });
    let options = NodeOptions::new(&options.data, 1, clock);
    Store::open(options).context("cannot open the node")
}
