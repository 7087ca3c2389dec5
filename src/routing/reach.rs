//! Proofs that a location can't be reached.
