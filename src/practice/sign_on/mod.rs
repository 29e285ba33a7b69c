//! Single sign-on of scenario `sso`: an identity provider with pages of its own, and what an instance has to do with it.
//!
//! Where an instance leads who is not signed in stands in its BIZX file, as the company id there. So a refresh turns
//! stage's sign-on to production by itself, and whoever puts BIZX back turns it home again.

pub(super) mod consumer;
mod door;
mod provider;

pub(super) use door::router;
pub(super) use provider::{COMPANY, Provider};
