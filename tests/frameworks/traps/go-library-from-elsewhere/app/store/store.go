package store

import (
	"net/http"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/plugin/prometheus"
)

// A plug-in of a library listens, if it is told so.
func Users(w http.ResponseWriter, r *http.Request) {
	db, _ := gorm.Open(sqlite.Open("shop.db"), &gorm.Config{})
	prometheus.New(prometheus.Config{StartServer: true, HTTPServerPort: 9090}).Initialize(db)
}
