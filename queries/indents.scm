; Between the braces one step deeper; the closing brace stands where the block starts.

(block) @indent.begin
(lua_block) @indent.begin

(block "}" @indent.end @indent.branch)
(lua_block "}" @indent.end @indent.branch)

(lua_code) @indent.ignore
(comment) @indent.auto
