package main

import (
	"net/http"
	"os"

	"github.com/go-chi/chi/v5"
)

// The prefix is what the environment says, and not known where it says nothing.
func main() {
	r := chi.NewRouter()
	base, ok := os.LookupEnv("BASE_PATH")
	if !ok {
		base = "/app"
	}
	r.Route(base, func(r chi.Router) {
		r.Get("/users", func(w http.ResponseWriter, r *http.Request) {})
	})
	http.ListenAndServe(":8080", r)
}
