package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

type Handlers struct{}

func New() *Handlers { return &Handlers{} }

func (h *Handlers) List(c *gin.Context) { Echo(c) }

func Echo(c *gin.Context) { c.String(http.StatusOK, "ok") }
