import { Hono } from "hono"
const a = new Hono().basePath("/v1")
a.get("/u/:id", c => c.text("x"))
export default a
ÿ