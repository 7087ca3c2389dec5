package main

import (
	"flag"
	"net/http"

	"github.com/gorilla/mux"
)

// The prefix is a flag.
func main() {
	prefix := "/api"
	flag.StringVar(&prefix, "prefix", "/api", "where it is")
	flag.Parse()
	r := mux.NewRouter().PathPrefix(prefix).Subrouter()
	r.HandleFunc("/users", func(w http.ResponseWriter, r *http.Request) {})
	http.ListenAndServe(":8080", r)
}
