//! The practice LMS, seen through a browser of the tests' own.

mod browser;
mod faults;
mod pages;
mod refresh;
mod saving;
mod service;
mod sign_in;
