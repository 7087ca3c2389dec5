package main
import ("github.com/valyala/fasthttp"; "github.com/gin-gonic/gin")
func main() { go fasthttp.ListenAndServe(":8", func(ctx *fasthttp.RequestCtx) {}); r := gin.New(); r.GET("/a", h); r.Run() }
