//! Recordings of browsers: how they are read, however large they are.

mod memory;
