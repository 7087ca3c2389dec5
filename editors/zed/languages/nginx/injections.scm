; The code of `*_by_lua_block`: the only language that nginx's files hold themselves.

((lua_code) @injection.content
  (#set! injection.language "lua"))

((unbalanced_lua_code) @injection.content
  (#set! injection.language "lua"))
