//! The program that sets sheets, started when there is something to set.

use std::{
    io::{self, Read as _, Write as _},
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    time::Duration,
};

use crate::sheet::{SetSheet, Sheet};

/// How long one sheet may take; the first one waits for the fonts, too.
const PATIENCE: Duration = Duration::from_secs(30);

/// No file is larger; a larger one is a mistake of the program.
const LARGEST: u32 = 64 << 20;

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// The sheet cannot be set; the sentence says why and what to do.
    #[error("{0}")]
    Refused(String),
    /// The program cannot be started or went away.
    #[error("排版程序不可用：{0}；稍后自动再试")]
    Away(#[from] io::Error),
    /// It did not answer in time and was stopped.
    #[error("排版程序在 {0} 秒内没有完成，已停止；稍后自动再试")]
    Late(u64),
}

type Answer = io::Result<Result<SetSheet, String>>;

struct Running {
    child: Child,
    input: ChildStdin,
    answers: Receiver<Answer>,
}

/// Sets sheets in a process of its own, so that whatever a layout does, it does to that.
pub struct Typesetter {
    program: PathBuf,
    fonts: PathBuf,
    running: Option<Running>,
    patience: Duration,
}

impl Typesetter {
    /// Will run this program with the fonts of this folder.
    #[must_use]
    pub const fn new(program: PathBuf, fonts: PathBuf) -> Self {
        Self { program, fonts, running: None, patience: PATIENCE }
    }

    /// The same, but waiting so long for one sheet.
    #[must_use]
    pub const fn waiting(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Sets a sheet; gives the bytes of its files.
    ///
    /// # Errors
    /// When the sheet cannot be set, or the program is not there, ends or takes too long. After
    /// the last three it is started anew for the next sheet.
    pub fn set(&mut self, sheet: &Sheet) -> Result<SetSheet, SettingError> {
        let json = sheet.to_bytes();
        let mut running = match self.running.take() {
            Some(running) => running,
            None => self.start()?,
        };
        let sent = running
            .input
            .write_all(&(json.len() as u32).to_be_bytes())
            .and_then(|()| running.input.write_all(&json))
            .and_then(|()| running.input.flush());
        let answer = match sent {
            Ok(()) => running.answers.recv_timeout(self.patience),
            // What it said before it went is more than that its input is closed.
            Err(_) => running.answers.recv_timeout(Duration::from_secs(1)),
        };
        match answer {
            Ok(Ok(answer)) => {
                self.running = Some(running);
                answer.map_err(SettingError::Refused)
            }
            Ok(Err(error)) => Err(error.into()),
            Err(RecvTimeoutError::Timeout) => Err(SettingError::Late(self.patience.as_secs())),
            Err(RecvTimeoutError::Disconnected) => {
                Err(io::Error::other("the program ended").into())
            }
        }
    }

    fn start(&self) -> io::Result<Running> {
        let mut child = Command::new(&self.program)
            .arg(&self.fonts)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let lost = || io::Error::other("the program has no pipes");
        let input = child.stdin.take().ok_or_else(lost)?;
        let output = child.stdout.take().ok_or_else(lost)?;
        let (sender, answers) = mpsc::channel();
        std::thread::Builder::new().name("typesetter".to_owned()).spawn(move || {
            let mut output = output;
            loop {
                let answer = read(&mut output);
                let ended = answer.is_err();
                if sender.send(answer).is_err() || ended {
                    break;
                }
            }
        })?;
        Ok(Running { child, input, answers })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(output: &mut ChildStdout) -> Answer {
    let mut kind = [0];
    output.read_exact(&mut kind)?;
    let first = part(output)?;
    match kind {
        [0] => Ok(Ok(SetSheet { pdf: first, ofd: part(output)? })),
        _ => Ok(Err(String::from_utf8_lossy(&first).into_owned())),
    }
}

fn part(output: &mut ChildStdout) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    output.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length);
    if length > LARGEST {
        return Err(io::Error::other("a file of more than 64 MiB"));
    }
    let mut bytes = vec![0; length as usize];
    output.read_exact(&mut bytes)?;
    Ok(bytes)
}
