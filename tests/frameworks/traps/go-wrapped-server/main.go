package main

import (
	"net/http"
	"strings"
)

// What wraps the mux cuts a prefix.
func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("/users", func(w http.ResponseWriter, r *http.Request) {})
	server := &http.Server{Addr: ":8080", Handler: cut(mux)}
	server.ListenAndServe()
}

func cut(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = strings.TrimPrefix(r.URL.Path, "/app")
		next.ServeHTTP(w, r)
	})
}
