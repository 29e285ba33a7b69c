//! The eleven promises of the product, each with tests that fail when it is broken.
