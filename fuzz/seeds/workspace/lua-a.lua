local m = require("a.b")
ngx.location.capture("/api/" .. ngx.var.uri)
ngx.exec("@x")
ÿ