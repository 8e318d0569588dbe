//! A PostgreSQL server of one's own, from the programs of Debian's package: for tests and
//! measurements. It listens on a socket in its folder and nowhere else, but for one that is asked
//! to encrypt, on loopback; it ends with the process that started it, however that ends.

use std::{
    fs,
    io::{self, Write as _},
    net::TcpListener,
    os::unix::fs::{PermissionsExt as _, chown},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock, PoisonError, RwLock,
        atomic::{AtomicU32, Ordering},
    },
    thread::sleep,
    time::{Duration, Instant},
};

/// Runs the server until its input ends, then stops it by its process id. Input ends when whoever
/// started it is gone.
const WATCH: &str = r#""$1/postgres" -D "$2" -k "$2" -c max_connections=300 \
    -c log_min_messages=fatal >>"$2/log" 2>&1 & server=$!
read -r _
kill -INT "$server" 2>/dev/null
wait "$server" 2>/dev/null
[ -z "$3" ] || rm -rf "$3""#;

/// Where a server on a socket listens: its name has a number all the same.
const PORT: u16 = 5432;

/// How long a server may take to start, or to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server.
pub struct PrivatePostgres {
    programs: PathBuf,
    data: PathBuf,
    port: u16,
    /// What is gone with the server, if it was made for it.
    folder: Option<PathBuf>,
    watch: RwLock<Option<Child>>,
    databases: AtomicU32,
}

impl PrivatePostgres {
    /// The one of this process, made when it is first asked for and gone with the process.
    ///
    /// # Panics
    /// When there is no such package, or it does not start: nothing that needs it can go on.
    #[must_use]
    pub fn of_this_process() -> &'static Self {
        static SERVER: OnceLock<PrivatePostgres> = OnceLock::new();
        SERVER.get_or_init(|| match Self::start() {
            Ok(server) => server,
            Err(error) => panic!("no PostgreSQL of its own: {error}"),
        })
    }

    /// Makes a server in a temporary folder.
    ///
    /// # Errors
    /// When the package is missing, or the server does not start.
    pub fn start() -> io::Result<Self> {
        Self::start_in(&temporary()?, true)
    }

    /// Makes a server in a temporary folder that also listens on loopback, with this certificate
    /// and key (PEM): encrypted, for whoever has the password `password`.
    ///
    /// # Errors
    /// When the package is missing, or the server does not start.
    pub fn start_encrypted(certificate: &str, key: &str, password: &str) -> io::Result<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let server = Self::make(&temporary()?, true, port)?;
        server.set(
            "listen_addresses = '127.0.0.1'\nssl = on\nssl_cert_file = 'own.pem'\n\
                    ssl_key_file = 'own.key'\n",
        )?;
        server.put("own.pem", certificate)?;
        server.put("own.key", key)?;
        let doors = "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n";
        server.put("pg_hba.conf", doors)?;
        server.run()?;
        server.psql("postgres", &format!("ALTER ROLE tongban PASSWORD '{password}'"))?;
        Ok(server)
    }

    /// Makes a server in a folder, such as one on a certain disk.
    ///
    /// # Errors
    /// When the package is missing, or the server does not start.
    pub fn start_in(folder: &Path, remove: bool) -> io::Result<Self> {
        let server = Self::make(folder, remove, PORT)?;
        server.run()?;
        Ok(server)
    }

    fn make(folder: &Path, remove: bool, port: u16) -> io::Result<Self> {
        let server = Self {
            programs: programs()?,
            data: folder.join("postgres"),
            port,
            folder: remove.then(|| folder.to_owned()),
            watch: RwLock::new(None),
            databases: AtomicU32::new(0),
        };
        fs::create_dir_all(&server.data)?;
        if let Some((user, group)) = other_user()? {
            chown(folder, Some(user), Some(group))?;
            chown(&server.data, Some(user), Some(group))?;
        }
        let initdb = server.programs.join("initdb");
        let arguments = ["-D", path(&server.data)?, "-U", "tongban", "-A", "trust", "-E", "UTF8"];
        let more = ["--locale=C", "--no-sync"];
        let made = unprivileged(&initdb)?.args(arguments).args(more).output()?;
        if !made.status.success() {
            return Err(failed(&String::from_utf8_lossy(&made.stderr)));
        }
        server.set(&format!("listen_addresses = ''\nport = {port}\n"))?;
        Ok(server)
    }

    /// Settings, the last one of a name counts.
    fn set(&self, lines: &str) -> io::Result<()> {
        let file = fs::OpenOptions::new().append(true).open(self.data.join("postgresql.conf"));
        file?.write_all(lines.as_bytes())
    }

    /// A file that nobody but the server reads.
    fn put(&self, name: &str, text: &str) -> io::Result<()> {
        let file = self.data.join(name);
        fs::write(&file, text)?;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600))?;
        other_user()?.map_or(Ok(()), |(user, group)| chown(&file, Some(user), Some(group)))
    }

    /// The port it listens at.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Starts the server, after it was made or killed; waits until it answers.
    ///
    /// # Errors
    /// When it does not.
    pub fn run(&self) -> io::Result<()> {
        let until = Instant::now() + PATIENCE;
        loop {
            let watch = unprivileged(Path::new("sh"))?
                .args(["-c", WATCH, "watch"])
                .args([path(&self.programs)?, path(&self.data)?])
                .arg(self.folder.as_deref().unwrap_or(Path::new("")))
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()?;
            *self.watch.write().unwrap_or_else(PoisonError::into_inner) = Some(watch);
            let soon = (Instant::now() + Duration::from_secs(5)).min(until);
            while Instant::now() < soon {
                if self.psql("postgres", "SELECT 1").is_ok() {
                    return Ok(());
                }
                sleep(Duration::from_millis(50));
            }
            if Instant::now() >= until {
                let log = fs::read_to_string(self.data.join("log")).unwrap_or_default();
                return Err(failed(&log));
            }
            // Processes of a killed server may still be there for a moment.
            self.forget_watch()?;
        }
    }

    /// Ends the watch before it would tidy up.
    fn forget_watch(&self) -> io::Result<()> {
        let watch = self.watch.write().unwrap_or_else(PoisonError::into_inner).take();
        watch.map_or(Ok(()), |mut watch| {
            watch.kill()?;
            watch.wait().map(drop)
        })
    }

    /// A new empty database, as a connection string.
    ///
    /// # Errors
    /// When the server does not make it.
    pub fn new_database(&self) -> io::Result<String> {
        let name = format!("node_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.psql("postgres", &format!("CREATE DATABASE {name}"))?;
        Ok(format!("postgresql://tongban@/{name}?host={}", path(&self.data)?))
    }

    /// Runs a statement; gives its rows, columns parted by `|`.
    ///
    /// # Errors
    /// When the server refuses it, or is not there.
    pub fn psql(&self, database: &str, statement: &str) -> io::Result<String> {
        let done = Command::new(self.programs.join("psql"))
            .args([
                "-h",
                path(&self.data)?,
                "-p",
                &self.port.to_string(),
                "-U",
                "tongban",
                "-d",
                database,
            ])
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement])
            .output()?;
        if done.status.success() {
            Ok(String::from_utf8_lossy(&done.stdout).trim_end().to_owned())
        } else {
            Err(failed(&String::from_utf8_lossy(&done.stderr)))
        }
    }

    /// Kills the server as if the machine had lost its processes; [`Self::run`] starts it again.
    ///
    /// # Errors
    /// When it cannot be found.
    pub fn kill(&self) -> io::Result<()> {
        let pids = fs::read_to_string(self.data.join("postmaster.pid"))?;
        let first = pids.lines().next().unwrap_or_default().to_owned();
        // Those that work for connections, then the one that watches over them, which would
        // otherwise end them in order.
        Command::new("kill").args(["-STOP", &first]).status()?;
        Command::new("pkill").args(["-KILL", "-P", &first]).status()?;
        Command::new("kill").args(["-KILL", &first]).status()?;
        self.forget_watch()?;
        // Its process may be a zombie for as long as nobody asks for it.
        fs::remove_file(self.data.join("postmaster.pid"))
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        let watch = self.watch.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut watch) = watch {
            drop(watch.stdin.take());
            let _ = watch.wait();
        }
        if let Some(folder) = &self.folder {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// Whether tests are run for PostgreSQL: the variable `TONGBAN_TEST_ENGINE` says `postgres`.
#[must_use]
pub fn is_tested() -> bool {
    std::env::var("TONGBAN_TEST_ENGINE").is_ok_and(|engine| engine == "postgres")
}

/// A new database for a test when tests are run for PostgreSQL.
///
/// # Errors
/// When the server does not make it.
pub fn database_for_test() -> io::Result<Option<String>> {
    is_tested().then(|| PrivatePostgres::of_this_process().new_database()).transpose()
}

fn temporary() -> io::Result<PathBuf> {
    Ok(tempfile::Builder::new().prefix("pg-").tempdir()?.keep())
}

/// The folder with the programs of the newest version that is installed.
fn programs() -> io::Result<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map_err(|_| failed("the package postgresql is not installed"))?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|programs| programs.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().ok_or_else(|| failed("the package postgresql is not installed"))
}

/// A server does not run as root: then the package's own user, by number, and its group.
fn other_user() -> io::Result<Option<(u32, u32)>> {
    use std::os::unix::fs::MetadataExt as _;
    if fs::metadata("/proc/self")?.uid() != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd")?;
    let own = users.lines().find_map(|line| line.strip_prefix("postgres:x:")).map(|rest| {
        let mut numbers = rest.split(':').map(str::parse);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    });
    own.flatten().map(Some).ok_or_else(|| failed("there is no user postgres"))
}

fn unprivileged(program: &Path) -> io::Result<Command> {
    let Some((user, group)) = other_user()? else { return Ok(Command::new(program)) };
    let mut command = Command::new("setpriv");
    command
        .arg(format!("--reuid={user}"))
        .arg(format!("--regid={group}"))
        .arg("--clear-groups")
        .arg(program)
        .current_dir("/");
    Ok(command)
}

fn path(path: &Path) -> io::Result<&str> {
    path.to_str().ok_or_else(|| failed("the name of the folder is no text"))
}

fn failed(why: &str) -> io::Error {
    io::Error::other(why.trim().to_owned())
}
