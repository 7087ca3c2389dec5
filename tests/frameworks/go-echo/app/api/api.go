package api

import (
	"github.com/labstack/echo/v4"
)

const users = "/users"

type handler struct{ store map[string]string }

// Register puts the interface onto a group.
func Register(g *echo.Group) {
	h := &handler{}
	v1 := g.Group("/v1")
	h.users(v1.Group(users))
	v1.GET("/stock/:sku", h.get)
	v1.GET("/stock/:sku/", h.get)
}

func (h *handler) users(g *echo.Group) {
	g.GET("", h.get)
	g.POST("", h.get)
	g.GET("/:id", h.get)
	g.PUT("/:id/photo", h.get)
}

func (h *handler) get(c echo.Context) error {
	return c.JSON(200, h.store)
}
