//! What a backend serves, and the URI that nginx sends to it.
