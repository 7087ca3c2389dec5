package main
import ("github.com/gin-gonic/gin"; "company/conf")
type Config struct { Prefix string }
func main() { cfg := Config{Prefix: "/v0"}; conf.MustGet(&cfg); r := gin.New(); g := r.Group(cfg.Prefix); g.GET("/x", h); r.Run() }
