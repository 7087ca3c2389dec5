package main

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// Slashes at the end don't matter.
func main() {
	r := chi.NewRouter()
	r.Use(middleware.StripSlashes)
	r.Get("/users", func(w http.ResponseWriter, r *http.Request) {})
	http.ListenAndServe(":8080", r)
}
