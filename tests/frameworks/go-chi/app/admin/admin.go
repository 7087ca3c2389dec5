package admin

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// Router is the console.
func Router() chi.Router {
	r := chi.NewRouter()
	r.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Role") == "none" {
				http.Error(w, http.StatusText(403), 403)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	for _, name := range []string{"/jobs", "/queues"} {
		r.Get(name, func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("x")) })
	}
	return r
}
