package main

import (
	"net/http"

	_ "github.com/acme/status"
)

// What other people's code does when it is imported, nobody sees.
func main() {
	http.HandleFunc("/users", func(w http.ResponseWriter, r *http.Request) {})
	http.ListenAndServe(":8080", nil)
}
