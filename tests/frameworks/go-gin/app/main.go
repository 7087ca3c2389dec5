package main

import (
	"net/http"
	"os"

	"github.com/gin-gonic/gin"

	"example.com/shop/handlers"
	"example.com/shop/routes"
)

func setup() *gin.Engine {
	r := gin.New()
	r.Use(gin.Logger(), gin.Recovery(), routes.Auth())
	r.GET("/ping", func(c *gin.Context) {
		c.JSON(http.StatusOK, gin.H{"message": "pong"})
	})
	api := r.Group("/api")
	{
		v1 := api.Group("/v1")
		routes.Register(v1, handlers.New())
		v2 := api.Group(routes.V2)
		v2.Any("/echo", handlers.Echo)
		v2.Handle(http.MethodPut, "/thing/:id", handlers.Echo)
	}
	r.Static("/static", "./static")
	r.StaticFile("/logo.txt", "./static/logo.txt")
	r.GET("/docs/*any", handlers.Echo)
	r.NoRoute(func(c *gin.Context) {
		c.JSON(http.StatusNotFound, gin.H{"code": "PAGE_NOT_FOUND"})
	})
	return r
}

func main() {
	r := setup()
	r.Run("127.0.0.1:" + os.Getenv("PORT"))
}
