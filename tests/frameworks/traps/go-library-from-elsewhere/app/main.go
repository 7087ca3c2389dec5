package main

import (
	"net/http"

	"example.com/shop/store"
)

func main() {
	http.HandleFunc("/users", store.Users)
	http.ListenAndServe(":8080", nil)
}
