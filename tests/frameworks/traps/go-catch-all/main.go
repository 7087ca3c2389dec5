package main

import (
	"net/http"
	"net/http/httputil"
	"net/url"
)

// Everything that no other route takes goes on to another server.
func main() {
	target, _ := url.Parse("http://legacy:8080")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{id}", func(w http.ResponseWriter, r *http.Request) {})
	mux.Handle("/", httputil.NewSingleHostReverseProxy(target))
	http.ListenAndServe(":8080", mux)
}
