//! Whole journeys from the backup before a refresh to the undo after it, with the real program over real HTTP.

mod by_hand;
mod choice;
mod closed;
mod entered;
mod marked;
mod question;
mod scenarios;
mod slips;
pub(crate) mod table;
mod terminals;
