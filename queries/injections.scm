; The code of `*_by_lua_block`: the only language that nginx's files hold themselves. njs lives in files of its own.

((lua_code) @injection.content
  (#set! injection.language "lua"))

((unbalanced_lua_code) @injection.content
  (#set! injection.language "lua"))

((comment) @injection.content
  (#set! injection.language "comment"))
