package main

import (
	"net/http"
	"os"

	"github.com/go-chi/chi/v5"

	"example.com/shop/users"
)

func (s *Server) routes() {
	s.router.Get("/", s.index)
	s.router.Route("/v1", func(r chi.Router) {
		r.Route("/users", s.users.Register)
		r.With(noStore).Get("/stock/{sku:[a-z]+-[0-9]+}", s.index)
		r.Group(func(r chi.Router) {
			r.Use(noStore)
			r.Post("/orders", s.index)
			r.MethodFunc("PUT", "/orders/{id}", s.index)
		})
		r.Handle("/files/*", http.StripPrefix("/v1/files", http.FileServer(http.Dir("."))))
	})
	s.router.Mount("/teams", teams())
	s.router.Get(os.Getenv("API_PREFIX")+"/version", s.index)
	mountAdmin(s.router, users.AdminPath)
	s.router.NotFound(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		w.Write([]byte("nothing"))
	})
}

func teams() http.Handler {
	r := chi.NewRouter()
	r.Get("/", plain)
	r.Get("/{team}/members", plain)
	r.HandleFunc("/all.json", plain)
	return r
}

func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

func plain(w http.ResponseWriter, r *http.Request) {
	w.Write([]byte("ok"))
}

func (s *Server) index(w http.ResponseWriter, r *http.Request) {
	plain(w, r)
}
