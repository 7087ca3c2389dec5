const e = require("express"); const a = e(); const r = e.Router();
r.get("/u/:id", (q, s) => s.send("x")); a.use("/v1", r); a.listen(3000);
ÿ