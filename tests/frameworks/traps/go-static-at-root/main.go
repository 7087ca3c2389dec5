package main

import (
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// Files are served wherever no route is.
func main() {
	e := echo.New()
	e.Use(middleware.StaticWithConfig(middleware.StaticConfig{Root: "dist", HTML5: true}))
	e.GET("/api/users", func(c echo.Context) error { return nil })
	e.Start(":8080")
}
