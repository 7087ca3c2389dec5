package main
import ("github.com/gin-gonic/gin")
type Config struct { Prefix string }
func load() *Config { c := &Config{Prefix: "/v0"}; overlay(c); return c }
func main() { cfg := load(); r := gin.New(); g := r.Group(cfg.Prefix); g.GET("/x", h); r.Run() }
