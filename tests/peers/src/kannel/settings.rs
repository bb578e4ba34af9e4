//! What Kannel is told: the file that both of its parts read.

use std::path::Path;
use std::time::Duration;

use super::{Kannel, STATUS_PASSWORD};

/// How Kannel treats the texts that it hands to the tested server.
#[derive(Clone, Debug)]
pub struct KannelSettings {
    /// Where texts from phones go: an http address up to its `?`.
    pub inbound_url: String,
    /// Whether the parts of a long text are put together before they are handed over
    /// (`sms-combine-concatenated-mo`).
    pub combine: bool,
    /// How long Kannel waits for missing parts before it hands over those it has one by one, with their headers; in
    /// whole seconds, and up to twice as long.
    pub combine_timeout: Duration,
    /// Whether texts in UCS-2 are handed over as UTF-8 (`mo-recode`); they come as UTF-16 in network order otherwise.
    pub recode: bool,
    /// How often a failed request is made again before its text is dropped (`http-request-retry`).
    pub retries: u32,
    /// How long Kannel waits before it makes a failed request again, in whole seconds (`http-queue-delay`).
    pub retry_delay: Duration,
    /// How long Kannel waits for an answer before the request counts as failed, in whole seconds (`http-timeout`).
    pub timeout: Duration,
}

impl KannelSettings {
    /// Settings under which Kannel puts texts together, recodes them, and goes on trying every second for as long as
    /// any test takes.
    pub fn new(inbound_url: &str) -> Self {
        Self {
            inbound_url: inbound_url.to_owned(),
            combine: true,
            combine_timeout: Duration::from_secs(30),
            recode: true,
            retries: 3600,
            retry_delay: Duration::from_secs(1),
            timeout: Duration::from_secs(10),
        }
    }

    /// The configuration of both parts.
    pub(super) fn configuration(&self, ports: Ports, store: &Path) -> String {
        let Ports { admin, boxes, phones, texts, sendsms } = ports;
        let Self { inbound_url, combine, recode, retries, .. } = self;
        // Texts from phones come in by http (a network of Kannel's own kind), which the fake network is too simple for:
        // it knows no UCS-2 behind a header, no line breaks, and gives no answer. Nothing is routed out by it. It
        // listens on every address, whatever its `our-host`, but talks to none but ours.
        //
        // A reply to a citizen goes through our queue or not at all: with max-messages above 0, whatever the tested
        // server answers would be sent to the phone.
        format!(
            "group = core\n\
             admin-port = {admin}\n\
             admin-interface = 127.0.0.1\n\
             admin-password = admin\n\
             status-password = {STATUS_PASSWORD}\n\
             smsbox-port = {boxes}\n\
             smsbox-interface = 127.0.0.1\n\
             box-allow-ip = \"127.0.0.1\"\n\
             store-type = file\n\
             store-location = \"{store}\"\n\
             dlr-storage = internal\n\
             sms-resend-freq = 1\n\
             sms-combine-concatenated-mo = {combine}\n\
             sms-combine-concatenated-mo-timeout = {combine_timeout}\n\
             \n\
             group = smsc\n\
             smsc = fake\n\
             smsc-id = FAKE\n\
             port = {phones}\n\
             our-host = 127.0.0.1\n\
             connect-allow-ip = \"127.0.0.1\"\n\
             \n\
             group = smsc\n\
             smsc = http\n\
             system-type = kannel\n\
             smsc-id = HTTP\n\
             allowed-smsc-id = HTTP\n\
             port = {texts}\n\
             connect-allow-ip = \"127.0.0.1\"\n\
             smsc-username = {user}\n\
             smsc-password = \"{password}\"\n\
             send-url = \"http://127.0.0.1:{texts}/\"\n\
             \n\
             group = smsbox\n\
             bearerbox-host = 127.0.0.1\n\
             sendsms-port = {sendsms}\n\
             sendsms-interface = 127.0.0.1\n\
             sendsms-chars = \"0123456789 +-\"\n\
             mo-recode = {recode}\n\
             http-request-retry = {retries}\n\
             http-queue-delay = {retry_delay}\n\
             http-timeout = {timeout}\n\
             \n\
             group = sendsms-user\n\
             username = {user}\n\
             password = \"{password}\"\n\
             concatenation = true\n\
             max-messages = 10\n\
             \n\
             group = sms-service\n\
             keyword = default\n\
             catch-all = yes\n\
             max-messages = 0\n\
             get-url = \"{inbound_url}?id=%I&from=%p&to=%P&text=%b&ts=%T&coding=%c&charset=%C&udh=%u\"\n",
            store = store.display(),
            combine_timeout = self.combine_timeout.as_secs(),
            timeout = self.timeout.as_secs(),
            retry_delay = self.retry_delay.as_secs(),
            user = Kannel::USER,
            password = Kannel::PASSWORD,
        )
    }
}

/// Where Kannel listens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ports {
    /// Where it gives an account of itself.
    pub(super) admin: u16,
    /// Where bearerbox expects smsbox.
    pub(super) boxes: u16,
    /// Where the fake network takes its one connection.
    pub(super) phones: u16,
    /// Where texts from phones are taken.
    pub(super) texts: u16,
    /// Where texts to phones are taken.
    pub(super) sendsms: u16,
}
