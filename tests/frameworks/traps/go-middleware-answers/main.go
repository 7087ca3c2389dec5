package main

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// A middleware answers paths that no route has, and changes others.
func main() {
	r := chi.NewRouter()
	r.Use(health)
	r.Get("/users", func(w http.ResponseWriter, r *http.Request) {})
	http.ListenAndServe(":8080", r)
}

func health(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/alive" {
			w.Write([]byte("yes"))
			return
		}
		next.ServeHTTP(w, r)
	})
}
