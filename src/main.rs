//! The program: hands its words to the library and its answer to the operating system.

fn main() {}
