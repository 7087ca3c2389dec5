//! How nginx takes a request from the socket to the handler: pure, verified against the real server.
