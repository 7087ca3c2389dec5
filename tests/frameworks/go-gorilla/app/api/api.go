package api

import (
	"net/http"

	"github.com/gorilla/mux"
)

type api struct {
	router *mux.Router
}

// Routes puts the interface onto a router.
func Routes(r *mux.Router) {
	a := &api{router: r}
	users := a.router.PathPrefix("/users").Subrouter()
	a.users(users)
	a.router.Handle("/orders/{id:[0-9]+}", http.HandlerFunc(a.get)).Methods("GET", "PUT")
	a.router.HandleFunc("/tree/{rest:.*}", a.get)
	a.router.HandleFunc("/find", a.get).Queries("q", "{q}")
}

func (a *api) users(r *mux.Router) {
	r.HandleFunc("", a.get).Methods("GET")
	r.HandleFunc("/{id}", a.get)
	r.HandleFunc("/{id}/photos/{photo}.png", a.get)
}

func (a *api) get(w http.ResponseWriter, r *http.Request) {
	w.Write([]byte("ok"))
}
