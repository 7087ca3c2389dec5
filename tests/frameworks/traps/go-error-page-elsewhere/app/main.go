package main
import ("github.com/labstack/echo/v4"; "m/errs")
func main() { e := echo.New(); e.HTTPErrorHandler = errs.Handle; e.GET("/a", h); e.Start(":1") }
