package users

import "net/http"

func Service() (string, http.Handler) {
	return "/users.v1.Users/", http.NotFoundHandler()
}
