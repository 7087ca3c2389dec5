package main

import (
	"net/http"

	"go.uber.org/zap"
)

// Its name is known, and another one stands in for it.
func main() {
	zap.L().Info("starts")
	http.HandleFunc("/users", func(w http.ResponseWriter, r *http.Request) {})
	http.ListenAndServe(":8080", nil)
}
