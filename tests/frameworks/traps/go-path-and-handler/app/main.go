package main

import (
	"net/http"

	"example.com/shop/users"
)

// A function gives the path and the handler.
func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("/health", func(w http.ResponseWriter, r *http.Request) {})
	mux.Handle(users.Service())
	http.ListenAndServe(":8080", mux)
}
