package main

import (
	"net/http"
	"os"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"example.com/shop/api"
)

func main() {
	e := echo.New()
	e.Use(middleware.Logger())
	e.Use(middleware.Recover())
	e.Use(poweredBy)
	e.GET("/", hello)
	e.GET("/health", func(c echo.Context) error { return c.NoContent(http.StatusNoContent) })
	e.Static("/assets", "assets")
	e.File("/logo", "assets/logo.txt")
	api.Register(e.Group("/api"))
	admin := e.Group("/admin", refuse)
	admin.Any("/jobs", hello)
	admin.Match([]string{"GET", "PUT"}, "/queues/:name", hello)
	e.Add(http.MethodPatch, "/settings", hello)
	e.GET("/proxy/*", hello)
	e.Logger.Fatal(e.Start("127.0.0.1:" + os.Getenv("PORT")))
}

func hello(c echo.Context) error {
	return c.String(http.StatusOK, "hello")
}

func poweredBy(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("X-Powered-By", "shop")
		return next(c)
	}
}

func refuse(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().Header.Get("X-Role") == "none" {
			return echo.NewHTTPError(http.StatusForbidden, "no")
		}
		return next(c)
	}
}
