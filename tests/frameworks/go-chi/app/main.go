package main

import (
	"log"
	"net/http"
	"os"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"example.com/shop/admin"
	"example.com/shop/mw"
	"example.com/shop/users"
)

type Server struct {
	router *chi.Mux
	users  *users.Handler
}

func NewServer() *Server {
	s := &Server{router: chi.NewRouter(), users: users.NewHandler()}
	s.router.Use(middleware.RequestID, middleware.Logger)
	s.router.Use(middleware.Heartbeat("/ping"))
	s.router.Use(mw.RequireToken("bad"))
	s.routes()
	return s
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.router.ServeHTTP(w, r)
}

func main() {
	server := NewServer()
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), server))
}

func mountAdmin(r chi.Router, prefix string) {
	r.Mount(prefix, admin.Router())
}
