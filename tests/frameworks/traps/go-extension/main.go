package main

import (
	"github.com/gin-contrib/pprof"
	"github.com/gin-gonic/gin"
)

// A package registers routes of its own.
func main() {
	r := gin.Default()
	r.GET("/users", func(c *gin.Context) {})
	pprof.Register(r)
	r.Run()
}
