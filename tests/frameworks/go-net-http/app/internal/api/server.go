package api

import (
	"encoding/json"
	"net/http"
)

const base = "/api"

// UsersPath is where users are.
const UsersPath = base + "/users"

type Server struct {
	names []string
}

func NewServer() *Server {
	return &Server{names: []string{"a", "b"}}
}

func (s *Server) Items(w http.ResponseWriter, r *http.Request) {
	json.NewEncoder(w).Encode(s.names)
}

func (s *Server) user(w http.ResponseWriter, r *http.Request) {
	json.NewEncoder(w).Encode(s.names)
}
