package api

import "net/http"

func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc(UsersPath, s.user)
	mux.HandleFunc(UsersPath+"/me", s.user)
	mux.Handle(base+"/orders/", s.orders())
	mux.Handle(base+"/stock", http.HandlerFunc(s.Items))
}

func (s *Server) orders() http.Handler {
	orders := http.NewServeMux()
	orders.HandleFunc(base+"/orders/open", s.Items)
	orders.HandleFunc(base+"/orders/closed", s.Items)
	return orders
}
