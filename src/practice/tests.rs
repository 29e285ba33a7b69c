//! The practice LMS, seen through a browser of the tests' own.

mod browser;
mod encryption;
mod faults;
mod images;
mod pages;
mod refresh;
mod rows;
mod saving;
mod sealed;
mod service;
mod sign_in;
mod unsent;
