package main

import (
	"log"
	"os"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/cors"
	"github.com/gofiber/fiber/v2/middleware/logger"
)

type server struct {
	app *fiber.App
}

func main() {
	s := &server{app: fiber.New()}
	s.app.Use(logger.New(), cors.New())
	s.app.Get("/", hello)
	s.api(s.app.Group("/api"))
	s.app.Mount("/admin", admin())
	s.app.Static("/public", "./public")
	s.app.Get("/flights/:from-:to", hello)
	s.app.Use(func(c *fiber.Ctx) error {
		return c.SendStatus(fiber.StatusNotFound)
	})
	log.Fatal(s.app.Listen(":" + os.Getenv("PORT")))
}

func (s *server) api(api fiber.Router) {
	api.Use(func(c *fiber.Ctx) error {
		if c.Get("Authorization") == "bad" {
			return c.Status(401).SendString("bad token")
		}
		return c.Next()
	})
	api.Route("/v1", func(v1 fiber.Router) {
		v1.Get("/users/:id<int>?", hello)
		v1.Post("/users", hello)
		v1.All("/files/*", hello)
	})
	api.Add("PATCH", "/settings", hello)
}

func admin() *fiber.App {
	admin := fiber.New()
	admin.Get("/jobs", hello)
	return admin
}

func hello(c *fiber.Ctx) error {
	return c.SendString("hello")
}
