package main
import ("github.com/gorilla/mux"; "net/http")
func main() { r := mux.NewRouter(); r.HandleFunc("/a", h); r.NotFoundHandler = http.HandlerFunc(idx); http.ListenAndServe(":1", r) }
func idx(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, "index.html") }
