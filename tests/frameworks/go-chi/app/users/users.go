package users

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// AdminPath is where the console is.
const AdminPath = "/console"

type Handler struct {
	names []string
}

func NewHandler() *Handler {
	return &Handler{names: []string{"a"}}
}

func (h *Handler) Register(r chi.Router) {
	r.Get("/", h.list)
	r.Post("/", h.list)
	r.Route("/{id}", func(r chi.Router) {
		r.Get("/", h.list)
		r.Delete("/photos/{photo}", h.list)
	})
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) {
	w.Write([]byte(h.names[0]))
}
