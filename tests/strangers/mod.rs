//! LMSes that nobody has seen: the same facts as the real product's, told in other people's markup.
//!
//! Each is served by a kit of its own and met with the built-in profile and nothing else set. What is taken must be
//! exact to the byte, what is sent must be what a browser sends, and what can be read in two ways must be a question.

mod asked;
mod bad_input;
mod checks;
mod dangers;
mod entrances;
mod forms;
mod kit;
mod lists;
mod menus;
mod oddities;
mod paging;
mod questions;
mod recorded;
mod refusals;
mod releases;
mod services;
mod tables;
