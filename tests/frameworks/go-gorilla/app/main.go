package main

import (
	"log"
	"net/http"
	"os"

	"github.com/gorilla/mux"

	"example.com/shop/api"
)

func main() {
	r := mux.NewRouter()
	r.HandleFunc("/", index)
	r.HandleFunc("/health", index).Methods("GET", "HEAD").Name("health")
	api.Routes(r.PathPrefix("/api").Subrouter())

	strict := mux.NewRouter().StrictSlash(true)
	strict.HandleFunc("/strict/pages/", index)
	strict.HandleFunc("/strict/page", index).Methods(http.MethodGet)
	r.PathPrefix("/strict").Handler(strict)

	r.PathPrefix("/files/").Handler(http.StripPrefix("/files/", http.FileServer(http.Dir("files"))))
	r.Path("/only").Methods("POST").HandlerFunc(index)
	r.Methods("GET").Path("/turned/{x}").HandlerFunc(index)
	r.Host("nowhere.example").Subrouter().HandleFunc("/hosted", index)
	r.NotFoundHandler = http.HandlerFunc(missing)
	r.Use(note)
	http.Handle("/", r)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}

func index(w http.ResponseWriter, r *http.Request) {
	w.Write([]byte("ok"))
}

func missing(w http.ResponseWriter, r *http.Request) {
	http.Error(w, "nothing here", http.StatusNotFound)
}

func note(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		log.Println(r.URL.Path)
		next.ServeHTTP(w, r)
	})
}
