//! Who refers to what: files that are needed, locations that something sends requests to.

pub mod lua;
