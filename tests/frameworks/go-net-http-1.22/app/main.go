package main

import (
	"log"
	"net/http"
	"os"
)

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", hello)
	mux.HandleFunc("GET /users/{id}", hello)
	mux.HandleFunc("DELETE /users/{id}/photos/{photo}", hello)
	mux.HandleFunc("POST /users", hello)
	mux.HandleFunc("GET /files/{path...}", hello)
	mux.HandleFunc("/posts/{$}", hello)
	mux.Handle("/docs/", http.HandlerFunc(hello))
	mux.Handle("GET localhost/hosted", http.HandlerFunc(hello))

	v1 := http.NewServeMux()
	v1.HandleFunc("GET /items/{id}", hello)
	mux.Handle("/v1/", http.StripPrefix("/v1", auth(v1)))
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), mux))
}

func hello(w http.ResponseWriter, r *http.Request) {
	w.Write([]byte("hello"))
}

func auth(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, _, ok := r.BasicAuth(); !ok && r.Header.Get("Authorization") != "" {
			w.Header().Set("WWW-Authenticate", "Basic")
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}
