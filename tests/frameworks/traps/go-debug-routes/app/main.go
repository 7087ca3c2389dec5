package main

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// The library brings `expvar`, which puts its own route on the mux that everybody shares.
func main() {
	http.Handle("/metrics", promhttp.Handler())
	http.ListenAndServe(":8080", nil)
}
