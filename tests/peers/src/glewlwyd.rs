//! Glewlwyd, a real OpenID Connect provider, with one client and the people that a test needs.
//!
//! Set up as its operators do, through its own interface; people sign in on its own page.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::ground::{self, Ground, Process};
use crate::{PeerError, free_port};

const PACKAGE: &str = "glewlwyd";
const TABLES: &str = "/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3";
const PAGES: &str = "/usr/share/glewlwyd/webapp";
const PAGES_SETTINGS: &str = "/usr/share/glewlwyd/templates/config.json";

/// A running provider.
#[derive(Debug)]
pub struct Glewlwyd {
    _process: Process,
    port: u16,
    cookie: String,
    _ground: Ground,
}

impl Glewlwyd {
    /// What the client is called.
    pub const CLIENT: &'static str = "indgang";
    /// What proves it.
    pub const SECRET: &'static str = "en-hemmelighed-paa-mindst-32-tegn";
    /// The password of everybody.
    pub const PASSWORD: &'static str = "hemmelig-adgang-1";

    /// Starts it, with a client whose browsers come back to `redirect`.
    ///
    /// # Errors
    /// When it is missing (Debian packages `glewlwyd` and `sqlite3`) or does not come up.
    pub fn start(redirect: &str) -> Result<Self, PeerError> {
        let program = ground::program("glewlwyd", PACKAGE)?;
        let sqlite = ground::program("sqlite3", "sqlite3")?;
        let ground = Ground::make("glewlwyd")?;
        let port = free_port()?;
        let (database, configuration) = (ground.path().join("g.db"), ground.path().join("g.conf"));
        fill(&sqlite, &database)?;
        let pages = ground.path().join("pages");
        // Its pages, with what their links lead to, and with the settings that it ships: the package's own lead into
        // /etc, where anything may stand or nothing, so that copying them may fail.
        Command::new("cp").arg("-rL").arg(PAGES).arg(&pages).stderr(Stdio::null()).status()?;
        let settings = pages.join("config.json");
        if settings.is_dir() {
            fs::remove_dir_all(&settings)?;
        }
        fs::copy(PAGES_SETTINGS, &settings)?;
        fs::write(&configuration, configured(port, &database, &pages))?;
        let mut command = Command::new(program);
        command.arg(format!("--config-file={}", configuration.display()));
        let process = Process::start(&mut command, port, &ground.path().join("log"))?;
        let mut provider = Self { _process: process, port, cookie: String::new(), _ground: ground };
        let (head, _) = provider.send("/api/auth/", &json!({"username": "admin", "password": "password"}))?;
        let cookie = head.lines().find_map(|line| line.strip_prefix("Set-Cookie: ")).unwrap_or_default();
        provider.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        provider.send("/api/mod/plugin/", &provider.plugin()?)?;
        provider.send(
            "/api/client/",
            &json!({
                "client_id": Self::CLIENT, "name": "Indgang", "client_secret": Self::SECRET, "confidential": true,
                "enabled": true, "redirect_uri": [redirect], "authorization_type": ["code"], "scope": ["openid"],
                "token_endpoint_auth_method": ["client_secret_basic"],
            }),
        )?;
        Ok(provider)
    }

    /// What it is called.
    pub fn issuer(&self) -> String {
        format!("http://localhost:{}/api/oidc", self.port)
    }

    /// Makes somebody who signs in with [`Glewlwyd::PASSWORD`].
    ///
    /// # Errors
    /// When it refuses.
    pub fn person(&self, name: &str, email: &str) -> Result<(), PeerError> {
        let person = json!({
            "username": name, "name": name, "password": Self::PASSWORD, "email": email, "enabled": true,
            "scope": ["openid"],
        });
        self.send("/api/user/", &person).map(|_| ())
    }

    fn plugin(&self) -> Result<Value, PeerError> {
        let openssl = ground::program("openssl", "openssl")?;
        let key = ground::output(Command::new(&openssl).args(["genrsa", "2048"]))?;
        let mut child = Command::new(&openssl)
            .args(["rsa", "-pubout"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(key.as_bytes())?;
        }
        let public = String::from_utf8_lossy(&child.wait_with_output()?.stdout).into_owned();
        Ok(json!({
            "module": "oidc", "name": "oidc", "display_name": "oidc", "enabled": true,
            "parameters": {
                "iss": self.issuer(), "jwt-type": "rsa", "jwt-key-size": "256", "key": key, "cert": public,
                "access-token-duration": 3600, "refresh-token-duration": 3600, "code-duration": 600,
                "refresh-token-rolling": true, "allow-non-oidc": false, "auth-type-code-enabled": true,
                "auth-type-token-enabled": false, "auth-type-id-token-enabled": false,
                "auth-type-none-enabled": false, "auth-type-password-enabled": false,
                "auth-type-client-enabled": false, "auth-type-refresh-enabled": false,
                "subject-type": "public", "pkce-allowed": true, "pkce-method-plain-allowed": false,
                "name-claim": "on-demand", "email-claim": "mandatory", "scope": [],
                "additional-parameters": [], "claims": [], "service-documentation": "", "op-policy-uri": "",
                "op-tos-uri": "", "jwks-show": true, "request-parameter-allow": false,
            },
        }))
    }

    fn send(&self, path: &str, body: &Value) -> Result<(String, String), PeerError> {
        let body = body.to_string();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\nCookie: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.port,
            self.cookie,
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        if !head.starts_with("HTTP/1.1 200") {
            return Err(PeerError::Failed { program: format!("glewlwyd {path}"), said: answer.clone() });
        }
        Ok((head.to_owned(), body.to_owned()))
    }
}

/// Its tables, as the package installs them.
fn fill(sqlite: &PathBuf, database: &PathBuf) -> Result<(), PeerError> {
    let tables =
        fs::File::open(TABLES).map_err(|_| PeerError::Missing { program: TABLES, package: PACKAGE })?;
    let done = Command::new(sqlite).arg(database).stdin(tables).output()?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        return Err(PeerError::Failed { program: "sqlite3".to_owned(), said });
    }
    Ok(())
}

fn configured(port: u16, database: &Path, pages: &Path) -> String {
    let kinds: String = [
        (".html", "text/html"),
        (".css", "text/css"),
        (".js", "application/javascript"),
        (".json", "application/json"),
        (".png", "image/png"),
        (".woff2", "font/woff2"),
    ]
    .map(|(ending, kind)| format!("{{ extension = \"{ending}\" mime_type = \"{kind}\" }}"))
    .join(",");
    format!(
        "port={port}\nbind_address=\"127.0.0.1\"\nexternal_url=\"http://localhost:{port}\"\nlogin_url=\"login.html\"\n\
         api_prefix=\"api\"\nstatic_files_path=\"{}/\"\nstatic_files_mime_types=({kinds})\n\
         allow_origin=\"*\"\nlog_mode=\"console\"\nlog_level=\"WARNING\"\ncookie_secure=0\nsession_expiration=3600\n\
         session_key=\"GLEWLWYD2_SESSION_ID\"\nadmin_scope=\"g_admin\"\nprofile_scope=\"g_profile\"\n\
         login_api_enabled=true\n\
         user_module_path=\"/usr/lib/glewlwyd/user\"\nclient_module_path=\"/usr/lib/glewlwyd/client\"\n\
         user_auth_scheme_module_path=\"/usr/lib/glewlwyd/scheme\"\nplugin_module_path=\"/usr/lib/glewlwyd/plugin\"\n\
         cookie_same_site=\"empty\"\nuse_secure_connection=false\n\
         secure_connection_key_file=\"/none\"\nsecure_connection_pem_file=\"/none\"\n\
         secure_connection_ca_file=\"/none\"\nhash_algorithm=\"SHA512\"\n\
         database={{ type=\"sqlite3\" path=\"{}\" }}\n",
        pages.display(),
        database.display()
    )
}
