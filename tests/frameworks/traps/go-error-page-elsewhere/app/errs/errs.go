package errs
import "github.com/labstack/echo/v4"
func Handle(err error, c echo.Context) { c.File("index.html") }
