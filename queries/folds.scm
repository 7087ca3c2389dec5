(block) @fold
(lua_block) @fold
