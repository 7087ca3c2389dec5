package main
import "net/http"
type rw struct { http.ResponseWriter; nf bool }
func (w *rw) WriteHeader(code int) { if code == http.StatusNotFound { w.nf = true; return }; w.ResponseWriter.WriteHeader(code) }
func spa(next http.Handler) http.Handler { return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { x := &rw{ResponseWriter: w}; next.ServeHTTP(x, r); if x.nf { http.Redirect(w, r, "/", 302) } }) }
func main() { m := http.NewServeMux(); m.HandleFunc("/a", h); http.ListenAndServe(":1", spa(m)) }
