//! What is written back is what was meant, and nothing else.

mod service;
