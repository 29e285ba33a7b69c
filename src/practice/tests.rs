//! The practice LMS, seen through a browser of the tests' own.

mod browser;
mod clock;
mod encryption;
mod faults;
mod forms;
mod images;
mod jobs;
mod mail_settings;
mod narrow;
mod operation_service;
mod pages;
mod refresh;
mod rows;
mod saving;
mod sealed;
mod service;
mod sign_in;
mod sign_on;
mod unsent;
