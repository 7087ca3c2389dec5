package main
import ("github.com/gin-gonic/gin")
type S struct{ e *gin.Engine }
func (s *S) idx(c *gin.Context) { c.HTML(200, "x", nil) }
func main() { s := &S{e: gin.New()}; s.e.NoRoute(s.idx); s.e.GET("/a", h); s.e.Run() }
