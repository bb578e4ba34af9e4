//! The work that goes on by itself: reading mailboxes, sending what is queued.
//!
//! Each worker exposes one step (`run_one`) and a loop of a few lines around it.

pub mod claim;
pub mod desk;
pub mod figures;
pub mod file_check;
pub mod intake;
pub mod letters;
pub mod monthly;
pub mod outbox;
pub mod page_reply;
pub mod poll;
pub mod read;
pub mod retry;
pub mod scan;
pub mod server;
pub mod texting;
pub mod transport;
pub mod upkeep;
pub mod webhooks;
