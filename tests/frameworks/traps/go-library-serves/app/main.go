package main

import (
	"net/http"

	"github.com/acme/metrics"
)

// Other people's code listens by itself.
func main() {
	go metrics.Serve(":9090")
	mux := http.NewServeMux()
	mux.HandleFunc("/users", func(w http.ResponseWriter, r *http.Request) {})
	http.ListenAndServe(":8080", mux)
}
