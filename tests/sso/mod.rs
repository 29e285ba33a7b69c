//! Single sign-on end to end: a person with a real Chromium signs in at an identity provider, and hands the session over.

mod by_tls;
mod handed_over;
mod person;
mod sign_in;
