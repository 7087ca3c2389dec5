package main
import ("net/http")
type ctx struct { w http.ResponseWriter }
func (c *ctx) ok() { c.w.Write(nil) }
func wrap(h http.Handler) http.Handler { return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { c := &ctx{w: w}; if r.URL.Path == "/healthz" { c.ok(); return }; h.ServeHTTP(w, r) }) }
func main() { m := http.NewServeMux(); m.HandleFunc("/a", h); http.ListenAndServe(":1", wrap(m)) }
