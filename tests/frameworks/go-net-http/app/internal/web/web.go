package web

import (
	"fmt"
	"log"
	"net/http"
)

// Register puts the pages below a prefix.
func Register(mux *http.ServeMux, prefix string) {
	mux.HandleFunc(prefix+"/about", page)
	mux.HandleFunc(fmt.Sprintf("%s/contact", prefix), page)
	mux.HandleFunc("/", home)
	mux.Handle("/public/", http.StripPrefix("/public/", http.FileServer(http.Dir("public"))))
}

func home(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	page(w, r)
}

func page(w http.ResponseWriter, r *http.Request) {
	w.Write([]byte("<h1>shop</h1>"))
}

// Logging notes every request.
func Logging(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		log.Println(r.Method, r.URL.Path)
		next.ServeHTTP(w, r)
	})
}

// RequireToken refuses what has a bad token.
func RequireToken(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "bad" {
			http.Error(w, "bad token", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}
