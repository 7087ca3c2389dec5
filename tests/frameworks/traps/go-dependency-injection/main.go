package main

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"go.uber.org/fx"
)

// Who calls these functions can't be seen.
func main() {
	fx.New(fx.Provide(chi.NewRouter), fx.Invoke(users, serve)).Run()
}

func users(r chi.Router) {
	r.Get("/users", func(w http.ResponseWriter, r *http.Request) {})
}

func serve(r *chi.Mux) {
	http.ListenAndServe(":8080", r)
}
