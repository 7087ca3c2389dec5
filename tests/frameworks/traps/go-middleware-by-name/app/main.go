package main
import ("net/http"; "github.com/go-chi/chi/v5")
func logPage(w http.ResponseWriter) { w.Write([]byte("page")) }
func mw(next http.Handler) http.Handler { return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { if r.URL.Path == "/health" { logPage(w); return }; next.ServeHTTP(w, r) }) }
func main() { r := chi.NewRouter(); r.Use(mw); r.Get("/a", h); http.ListenAndServe(":1", r) }
