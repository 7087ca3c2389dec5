package main

import (
	"encoding/json"
	"os"

	"github.com/labstack/echo/v4"
)

type config struct {
	Prefix string `json:"prefix"`
}

// The prefix is from a file.
func main() {
	settings := config{Prefix: "/api"}
	data, _ := os.ReadFile("config.json")
	json.Unmarshal(data, &settings)
	e := echo.New()
	g := e.Group(settings.Prefix)
	g.GET("/users", func(c echo.Context) error { return nil })
	e.Start(":8080")
}
