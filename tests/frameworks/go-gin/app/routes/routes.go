package routes

import (
	"github.com/gin-gonic/gin"

	"example.com/shop/handlers"
)

// V2 is the second version's prefix.
const V2 = "/v2"

func Register(g *gin.RouterGroup, h *handlers.Handlers) {
	users := g.Group("/users", Auth())
	users.GET("", h.List)
	users.POST("/", h.List)
	users.GET("/:id", h.List)
	users.DELETE("/:id/photos/:photo", h.List)
	registerOrders(g, h)
}

func registerOrders(rg gin.IRouter, h *handlers.Handlers) {
	orders := rg.Group("orders")
	orders.GET("/", h.List)
	orders.GET("/:id/", h.List)
}

// Auth refuses a bad token.
func Auth() gin.HandlerFunc {
	return func(c *gin.Context) {
		if c.GetHeader("Authorization") == "bad" {
			c.AbortWithStatusJSON(401, gin.H{"error": "token"})
			return
		}
		c.Next()
	}
}
