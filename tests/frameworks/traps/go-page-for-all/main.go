package main

import "github.com/gin-gonic/gin"

// What no route answers gets the page of the application.
func main() {
	r := gin.Default()
	r.GET("/api/users", func(c *gin.Context) {})
	r.NoRoute(func(c *gin.Context) { c.File("dist/index.html") })
	r.Run()
}
