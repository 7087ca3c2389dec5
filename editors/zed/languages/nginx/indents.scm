(block "}" @end) @indent
(lua_block "}" @end) @indent
