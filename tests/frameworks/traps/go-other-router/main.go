package main

import (
	"net/http"

	"github.com/julienschmidt/httprouter"
)

// A router that is not read, below one that is.
func main() {
	inner := httprouter.New()
	inner.GET("/inner/users", nil)
	mux := http.NewServeMux()
	mux.HandleFunc("/users", func(w http.ResponseWriter, r *http.Request) {})
	mux.Handle("/inner/", inner)
	http.ListenAndServe(":8080", mux)
}
