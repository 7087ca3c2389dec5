package main
import ("github.com/labstack/echo/v4")
func onErr(err error, c echo.Context) { serveIndex(c) }
func serveIndex(c echo.Context) { c.File("index.html") }
func main() { e := echo.New(); e.HTTPErrorHandler = onErr; e.GET("/a", h); e.Start(":1") }
