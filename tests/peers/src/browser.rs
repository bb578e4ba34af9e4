//! A real browser: headless Chromium, driven over WebDriver by its chromedriver, with axe-core beside it.
//!
//! What a test does with it is what a person does: types, presses keys, clicks, looks. Scripts are run to look only.

use std::future::Future;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::ground::{self, Ground, Process};
use crate::{PeerError, free_port};

pub use fantoccini::key::Key;

const AXE: &str = include_str!("../vendor/axe-core/axe.min.js");

/// The rules that every page must keep: WCAG 2.0 to 2.2, levels A and AA, and what axe calls best practice.
const RULES: &str = "['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22a','wcag22aa','best-practice']";

/// How long something is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// What kind of browser.
#[derive(Clone, Debug)]
pub struct BrowserSettings {
    /// Whether scripts of pages run.
    pub javascript: bool,
    /// The languages that it asks for: `da-DK`.
    pub language: &'static str,
    /// Width and height of what is seen, in CSS pixels.
    pub size: (u32, u32),
    /// Whether the reader has chosen colours of their own.
    pub forced_colors: bool,
    /// The reader's own font size, in pixels; 16 is what most have.
    pub font_size: u32,
}

impl Default for BrowserSettings {
    fn default() -> Self {
        Self { javascript: true, language: "da-DK", size: (1440, 900), forced_colors: false, font_size: 16 }
    }
}

/// Something that axe-core found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub id: String,
    /// How bad.
    pub impact: String,
    /// Where.
    pub targets: Vec<String>,
}

/// A running browser with one window; ended with everything that belongs to it when dropped.
#[derive(Debug)]
pub struct Browser {
    // Before the process, which it talks to.
    client: Option<Client>,
    runtime: Runtime,
    _driver: Process,
    _ground: Ground,
}

/// A command of Chromium's own (Chrome DevTools Protocol).
#[derive(Debug)]
struct Cdp(&'static str, Value);

impl WebDriverCompatibleCommand for Cdp {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _url: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "cmd": self.0, "params": self.1 }).to_string()))
    }
}

/// A command about a virtual authenticator (Web Authentication Level 3, section 11).
#[derive(Debug)]
struct WebAuthn(http::Method, String, Option<Value>);

impl WebDriverCompatibleCommand for WebAuthn {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        let more = if self.1.is_empty() { String::new() } else { format!("/{}", self.1) };
        base.join(&format!("session/{}/webauthn/authenticator{more}", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _url: &url::Url) -> (http::Method, Option<String>) {
        (self.0.clone(), self.2.as_ref().map(Value::to_string))
    }
}

/// What the browser noted of what it did.
#[derive(Debug)]
struct Log(&'static str);

impl WebDriverCompatibleCommand for Log {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _url: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "type": self.0 }).to_string()))
    }
}

impl Browser {
    /// Starts a browser.
    ///
    /// # Errors
    /// When Chromium or chromedriver is missing (Debian packages `chromium`, `chromium-driver`) or does not start.
    pub fn start(settings: &BrowserSettings) -> Result<Self, PeerError> {
        ground::program("chromium", "chromium")?;
        let ground = Ground::make("browser")?;
        let port = free_port()?;
        let mut command = Command::new(ground::program("chromedriver", "chromium-driver")?);
        command.arg(format!("--port={port}")).env("HOME", ground.path()).current_dir(ground.path());
        let driver = Process::start(&mut command, port, &ground.path().join("log"))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let capabilities = settings.capabilities(ground.path());
        let client = runtime.block_on(async {
            ClientBuilder::new(HttpConnector::new())
                .capabilities(capabilities)
                .connect(&format!("http://127.0.0.1:{port}"))
                .await
        });
        let client = client.map_err(|error| failed(&error))?;
        let browser = Self { client: Some(client), runtime, _driver: driver, _ground: ground };
        browser.resize(settings.size.0, settings.size.1)?;
        if settings.forced_colors {
            let features = json!({ "features": [{ "name": "forced-colors", "value": "active" }] });
            browser.cdp("Emulation.setEmulatedMedia", features)?;
        }
        Ok(browser)
    }

    /// Shows pages dark or light from now on, as the reader's system would ask for.
    ///
    /// # Errors
    /// When the browser does not do it.
    pub fn dark(&self, dark: bool) -> Result<(), PeerError> {
        let value = if dark { "dark" } else { "light" };
        // Nothing fades from one to the other while it is looked at.
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": value },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.cdp("Emulation.setEmulatedMedia", features).map(|_| ())
    }

    /// Goes to an address, and waits until its page is there.
    ///
    /// # Errors
    /// When the browser does not do it.
    pub fn visit(&self, url: &str) -> Result<(), PeerError> {
        self.run(|client| async move { client.goto(url).await })
    }

    /// Where it is.
    ///
    /// # Errors
    /// When the browser does not say.
    pub fn url(&self) -> Result<String, PeerError> {
        self.run(|client| async move { client.current_url().await.map(|url| url.to_string()) })
    }

    /// The title of the page.
    ///
    /// # Errors
    /// When the browser does not say.
    pub fn title(&self) -> Result<String, PeerError> {
        self.run(|client| async move { client.title().await })
    }

    /// What is seen of the first element of a selector, waiting for it to be there.
    ///
    /// # Errors
    /// When it does not come.
    pub fn text(&self, css: &str) -> Result<String, PeerError> {
        self.with(css, |element| async move { element.text().await })
    }

    /// How many elements a selector finds now.
    ///
    /// # Errors
    /// When the browser does not say.
    pub fn count(&self, css: &str) -> Result<usize, PeerError> {
        self.run(|client| async move { client.find_all(Locator::Css(css)).await.map(|found| found.len()) })
    }

    /// What a field holds.
    ///
    /// # Errors
    /// When there is none.
    pub fn value(&self, css: &str) -> Result<String, PeerError> {
        self.with(css, |element| async move { element.prop("value").await.map(Option::unwrap_or_default) })
    }

    /// An attribute; empty when it is not there.
    ///
    /// # Errors
    /// When the element is not there.
    pub fn attribute(&self, css: &str, name: &str) -> Result<String, PeerError> {
        self.with(css, |element| async move { element.attr(name).await.map(Option::unwrap_or_default) })
    }

    /// Types into a field, after what stands in it. A path typed into a field for files chooses that file.
    ///
    /// # Errors
    /// When it cannot be typed into.
    pub fn fill(&self, css: &str, text: &str) -> Result<(), PeerError> {
        self.with(css, |element| async move { element.send_keys(text).await })
    }

    /// Clicks the first element of a selector.
    ///
    /// # Errors
    /// When it cannot be clicked, because something covers it for instance.
    pub fn click(&self, css: &str) -> Result<(), PeerError> {
        self.with(css, |element| async move { element.click().await })
    }

    /// Presses a key, as a person does: whatever has the focus gets it.
    ///
    /// # Errors
    /// When the browser does not do it.
    pub fn press(&self, key: Key) -> Result<(), PeerError> {
        self.keys(&[KeyAction::Down { value: key.into() }, KeyAction::Up { value: key.into() }])
    }

    /// Presses Tab with Shift held.
    ///
    /// # Errors
    /// When the browser does not do it.
    pub fn press_back(&self) -> Result<(), PeerError> {
        let (shift, tab) = (char::from(Key::Shift), char::from(Key::Tab));
        self.keys(&[
            KeyAction::Down { value: shift },
            KeyAction::Down { value: tab },
            KeyAction::Up { value: tab },
            KeyAction::Up { value: shift },
        ])
    }

    /// Types a text into whatever has the focus.
    ///
    /// # Errors
    /// When the browser does not do it.
    pub fn write(&self, text: &str) -> Result<(), PeerError> {
        let strokes: Vec<KeyAction> =
            text.chars().flat_map(|value| [KeyAction::Down { value }, KeyAction::Up { value }]).collect();
        self.keys(&strokes)
    }

    fn keys(&self, strokes: &[KeyAction]) -> Result<(), PeerError> {
        let actions = strokes
            .iter()
            .cloned()
            .fold(KeyActions::new("keys".to_owned()), |actions, one| actions.then(one));
        self.run(|client| async move { client.perform_actions(actions).await })
    }

    /// What has the focus: `tag#id`.
    ///
    /// # Errors
    /// When the browser does not say.
    pub fn focused(&self) -> Result<String, PeerError> {
        let said = self.script(
            "const e = document.activeElement; return e.tagName.toLowerCase() + (e.id ? '#' + e.id : '')",
        )?;
        Ok(said.as_str().unwrap_or_default().to_owned())
    }

    /// Goes back, as the button does.
    ///
    /// # Errors
    /// When the browser does not do it.
    pub fn back(&self) -> Result<(), PeerError> {
        self.run(|client| async move { client.back().await })
    }

    /// Loads the page again.
    ///
    /// # Errors
    /// When the browser does not do it.
    pub fn reload(&self) -> Result<(), PeerError> {
        self.run(|client| async move { client.refresh().await })
    }

    /// Makes what is seen so wide and high, in CSS pixels, also narrower than a window can be.
    ///
    /// # Errors
    /// When the browser does not do it.
    pub fn resize(&self, width: u32, height: u32) -> Result<(), PeerError> {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).map(|_| ())
    }

    /// Runs a script in the page, to look at it.
    ///
    /// # Errors
    /// When it throws.
    pub fn script(&self, script: &str) -> Result<Value, PeerError> {
        self.run(|client| async move { client.execute(script, Vec::new()).await })
    }

    /// A picture of the whole page, as PNG.
    ///
    /// # Errors
    /// When the browser makes none.
    pub fn picture(&self) -> Result<Vec<u8>, PeerError> {
        let shot =
            self.cdp("Page.captureScreenshot", json!({ "captureBeyondViewport": true, "format": "png" }))?;
        STANDARD.decode(shot["data"].as_str().unwrap_or_default()).map_err(|error| failed(&error))
    }

    /// Asks axe-core about the page, with everything unfolded that can be.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub fn axe(&self) -> Result<Vec<Violation>, PeerError> {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             document.querySelectorAll('details').forEach((one) => {{ one.open = true; }});
             {AXE}
             axe.run(document, {{ runOnly: {RULES}, preload: false, resultTypes: ['violations'] }})
                .then((found) => done(found.violations), (error) => done([{{ id: String(error), impact: 'failed', nodes: [] }}]));"
        );
        let found = self.run(|client| async move { client.execute_async(&script, Vec::new()).await })?;
        let violation = |one: &Value| Violation {
            id: one["id"].as_str().unwrap_or_default().to_owned(),
            impact: one["impact"].as_str().unwrap_or_default().to_owned(),
            targets: one["nodes"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|node| node["target"].to_string())
                .collect(),
        };
        Ok(found.as_array().into_iter().flatten().map(violation).collect())
    }

    /// By how many pixels the page is wider than what is seen.
    ///
    /// # Errors
    /// When the browser does not say.
    pub fn sideways(&self) -> Result<i64, PeerError> {
        let over = self.script("return document.documentElement.scrollWidth - window.innerWidth")?;
        Ok(over.as_i64().unwrap_or(i64::MAX).max(0))
    }

    /// What sticks out to the right, innermost first: for who must find out why a page has to be scrolled sideways.
    ///
    /// # Errors
    /// When the browser does not say.
    pub fn sticks_out(&self) -> Result<Vec<String>, PeerError> {
        let found = self.script(
            "return [...document.querySelectorAll('body *')].reverse()
               .filter((e) => e.getBoundingClientRect().right > window.innerWidth + 1).slice(0, 4)
               .map((e) => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + (e.className ? '.' + e.className : ''))",
        )?;
        Ok(found.as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned)).collect())
    }

    /// Things to press that are smaller than 24 by 24 CSS pixels (WCAG 2.2, 2.5.8), but for links in running text.
    ///
    /// # Errors
    /// When the browser does not say.
    pub fn small_targets(&self) -> Result<Vec<String>, PeerError> {
        let found = self.script(
            "return [...document.querySelectorAll('a,button,input:not([type=hidden]),select,summary,textarea')]
               .filter((e) => e.checkVisibility({ visibilityProperty: true })
                 && !e.closest('.sr-only,p,dd,small,.steps,.skipnav,.trap,.prose') && !e.matches('.skipnav'))
               .map((e) => [e, e.getBoundingClientRect()])
               .filter(([e, r]) => r.width > 0 && (r.width < 24 || r.height < 23.5))
               .map(([e, r]) => `${e.tagName}#${e.id} ${Math.round(r.width)}x${Math.round(r.height)}`)",
        )?;
        Ok(found.as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned)).collect())
    }

    /// What the browser has done on the net since it was last asked: every address that it went to, and the bytes that
    /// came.
    ///
    /// # Errors
    /// When it does not say.
    pub fn traffic(&self) -> Result<(Vec<String>, u64), PeerError> {
        let log = self.run(|client| async move { client.issue_cmd(Log("performance")).await })?;
        let (mut addresses, mut bytes) = (Vec::new(), 0);
        for entry in log.as_array().into_iter().flatten() {
            let Ok(event) = serde_json::from_str::<Value>(entry["message"].as_str().unwrap_or_default())
            else {
                continue;
            };
            let (method, params) = (&event["message"]["method"], &event["message"]["params"]);
            match method.as_str() {
                Some("Network.requestWillBeSent") => {
                    addresses.extend(params["request"]["url"].as_str().map(str::to_owned));
                }
                Some("Network.loadingFinished") => {
                    bytes += params["encodedDataLength"].as_f64().unwrap_or_default() as u64;
                }
                _ => {}
            }
        }
        Ok((addresses, bytes))
    }

    /// What the console has said since it was last asked: errors of scripts, and what a page's own policy forbade.
    ///
    /// # Errors
    /// When the browser does not say.
    pub fn console(&self) -> Result<Vec<String>, PeerError> {
        let log = self.run(|client| async move { client.issue_cmd(Log("browser")).await })?;
        let severe = |entry: &&Value| matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING"));
        let said = log.as_array().into_iter().flatten().filter(severe);
        Ok(said.filter_map(|entry| entry["message"].as_str().map(str::to_owned)).collect())
    }

    /// Forgets what it has kept of pages, so that the next visit is a first one.
    ///
    /// # Errors
    /// When the browser does not do it.
    pub fn forget(&self) -> Result<(), PeerError> {
        self.cdp("Network.clearBrowserCache", json!({})).map(|_| ())
    }

    /// Gives the browser an authenticator of its own, as laptops have, that keeps accounts with their keys and verifies its
    /// owner as `verified` says. Gives its name.
    ///
    /// # Errors
    /// When the browser does not do it.
    pub fn authenticator(&self, verified: bool) -> Result<String, PeerError> {
        let options = json!({
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserVerified": verified,
        });
        let command = WebAuthn(http::Method::POST, String::new(), Some(options));
        let name = self.run(|client| async move { client.issue_cmd(command).await })?;
        Ok(name.as_str().unwrap_or_default().to_owned())
    }

    /// Whether an authenticator's owner shows who they are from now on.
    ///
    /// # Errors
    /// When the browser does not do it.
    pub fn authenticator_verifies(&self, name: &str, verified: bool) -> Result<(), PeerError> {
        let body = Some(json!({ "isUserVerified": verified }));
        let command = WebAuthn(http::Method::POST, format!("{name}/uv"), body);
        self.run(|client| async move { client.issue_cmd(command).await }).map(|_| ())
    }

    /// The credentials that an authenticator keeps, private keys and all.
    ///
    /// # Errors
    /// When the browser does not say.
    pub fn authenticator_credentials(&self, name: &str) -> Result<Vec<Value>, PeerError> {
        let command = WebAuthn(http::Method::GET, format!("{name}/credentials"), None);
        let found = self.run(|client| async move { client.issue_cmd(command).await })?;
        Ok(found.as_array().cloned().unwrap_or_default())
    }

    /// Puts a copy of a credential in place of what the authenticator keeps.
    ///
    /// # Errors
    /// When the browser does not do it.
    pub fn authenticator_holds(&self, name: &str, credential: &Value) -> Result<(), PeerError> {
        let forget = WebAuthn(http::Method::DELETE, format!("{name}/credentials"), None);
        self.run(|client| async move { client.issue_cmd(forget).await })?;
        let keep = WebAuthn(http::Method::POST, format!("{name}/credential"), Some(credential.clone()));
        self.run(|client| async move { client.issue_cmd(keep).await }).map(|_| ())
    }

    /// Waits until a selector finds something.
    ///
    /// # Errors
    /// When it does not in time.
    pub fn wait(&self, css: &str) -> Result<(), PeerError> {
        self.with(css, |_| async { Ok(()) })
    }

    fn cdp(&self, command: &'static str, params: Value) -> Result<Value, PeerError> {
        self.run(|client| async move { client.issue_cmd(Cdp(command, params)).await })
    }

    fn with<T, F: Future<Output = Result<T, fantoccini::error::CmdError>>>(
        &self,
        css: &str,
        act: impl Fn(Element) -> F,
    ) -> Result<T, PeerError> {
        // A page that is just being replaced takes the element away with it; on the next one it is found again.
        for _ in 0..5 {
            match self.once_with(css, &act) {
                Err(PeerError::Failed { said, .. }) if said.contains("stale element") => {}
                done => return done,
            }
        }
        self.once_with(css, &act)
    }

    fn once_with<T, F: Future<Output = Result<T, fantoccini::error::CmdError>>>(
        &self,
        css: &str,
        act: impl Fn(Element) -> F,
    ) -> Result<T, PeerError> {
        let found =
            self.run(
                |client| async move { client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await },
            );
        let element = found.map_err(|error| PeerError::Failed {
            program: "chromium".to_owned(),
            said: format!("{css} is not on the page: {error}"),
        })?;
        self.run(|_| act(element))
    }

    fn run<T, F: Future<Output = Result<T, fantoccini::error::CmdError>>>(
        &self,
        act: impl FnOnce(Client) -> F,
    ) -> Result<T, PeerError> {
        let Some(client) = self.client.clone() else { return Err(failed(&"it has ended")) };
        self.runtime.block_on(act(client)).map_err(|error| failed(&error))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            let goodbye = async { tokio::time::timeout(Duration::from_secs(5), client.close()).await };
            let _ = self.runtime.block_on(goodbye);
        }
    }
}

impl BrowserSettings {
    fn capabilities(&self, folder: &Path) -> serde_json::Map<String, Value> {
        let mut arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
        ]
        .map(str::to_owned)
        .to_vec();
        arguments.push(format!("--user-data-dir={}", folder.join("profile").display()));
        arguments.push(format!("--lang={}", self.language));
        arguments.push(format!("--accept-lang={}", self.language));
        if self.font_size != 16 {
            arguments.push(format!("--blink-settings=defaultFontSize={}", self.font_size));
        }
        let javascript = if self.javascript { 1 } else { 2 };
        let capabilities = json!({
            "goog:chromeOptions": {
                "args": arguments,
                "prefs": { "profile.managed_default_content_settings.javascript": javascript },
            },
            "goog:loggingPrefs": { "performance": "ALL", "browser": "ALL" },
        });
        capabilities.as_object().cloned().unwrap_or_default()
    }
}

fn failed(error: &impl std::fmt::Display) -> PeerError {
    PeerError::Failed { program: "chromium".to_owned(), said: error.to_string() }
}
