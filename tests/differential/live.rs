//! A real nginx, started on loopback.
