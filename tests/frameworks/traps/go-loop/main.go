package main

import "github.com/gin-gonic/gin"

type route struct {
	method, path string
	handler      gin.HandlerFunc
}

// The routes are a table.
func main() {
	r := gin.Default()
	for _, one := range table() {
		r.Handle(one.method, one.path, one.handler)
	}
	r.Run()
}

func table() []route {
	return []route{{"GET", "/users", func(c *gin.Context) {}}}
}
