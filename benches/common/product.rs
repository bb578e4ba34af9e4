//! The program as its users run it, on a database of its own, and the middle of some figures.

use std::fs::File;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use indgang_peers::free_port;

/// The program, killed when dropped: what is measured is durable by then.
pub(crate) struct Product {
    child: Child,
    /// Where it listens.
    pub(crate) port: u16,
}

impl Product {
    /// Starts it with settings, given the port that it will listen on, and waits until it does.
    pub(crate) fn start(
        folder: &Path,
        settings: impl FnOnce(u16) -> Vec<(&'static str, String)>,
    ) -> anyhow::Result<Self> {
        let port = free_port()?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_indgang"));
        for (key, _) in std::env::vars_os().filter(|(key, _)| key.to_string_lossy().starts_with("INDGANG")) {
            command.env_remove(key);
        }
        let always = [
            ("OFFICE__MUNICIPALITY", "Eksempel Kommune".to_owned()),
            ("OFFICE__PHONE", "12 34 56 78".to_owned()),
            ("DATABASE__URL", format!("sqlite:{}", folder.join("indgang.sqlite").display())),
            ("WEB__LISTEN", format!("127.0.0.1:{port}")),
            ("LOG__FILTER", "warn".to_owned()),
        ];
        let settings = always.into_iter().chain(settings(port));
        for (key, value) in settings {
            command.env(format!("INDGANG__{key}"), value);
        }
        let log = folder.join("log");
        let child = command
            .arg("serve")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log)?)
            .spawn()
            .context("the program cannot be started")?;
        let product = Self { child, port };
        let until = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if Instant::now() > until {
                bail!("the program does not listen: {}", std::fs::read_to_string(&log).unwrap_or_default());
            }
            thread::sleep(Duration::from_millis(5));
        }
        Ok(product)
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The middle one.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
