package main

import (
	"log"
	"net/http"
	_ "net/http/pprof"
	"os"

	"example.com/shop/internal/api"
	"example.com/shop/internal/web"
)

func main() {
	mux := http.NewServeMux()
	shop := api.NewServer()
	shop.Routes(mux)
	web.Register(mux, "/pages")

	v2 := http.NewServeMux()
	v2.HandleFunc("/items", shop.Items)
	v2.HandleFunc("/items/", shop.Items)
	mux.Handle("/v2/", http.StripPrefix("/v2", v2))

	mux.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte("ok"))
	})
	mux.Handle("/debug/", http.DefaultServeMux)

	server := &http.Server{
		Addr:    "127.0.0.1:" + os.Getenv("PORT"),
		Handler: web.Logging(web.RequireToken(mux)),
	}
	log.Fatal(server.ListenAndServe())
}
