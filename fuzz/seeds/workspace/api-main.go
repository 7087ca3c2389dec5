package main
import "net/http"
func main() { m := http.NewServeMux(); m.HandleFunc("GET /u/{id}", u); http.ListenAndServe(":80", m) }
ÿ