// External scanner: words and Lua code, exactly as nginx and lua-nginx-module read them.
//
// Stateless, so that every edit can be parsed incrementally from any point. What nginx does is in
// ngx_conf_read_token (src/core/ngx_conf_file.c) and, for Lua blocks, in lua-nginx-module's
// ngx_http_lua_conf_read_lua_token; the grammar turns what they refuse into named nodes.

#include "tree_sitter/parser.h"

enum TokenType {
  PLAIN_NAME,
  LUA_NAME,
  ARGUMENT,
  UNTERMINATED_NAME,
  UNTERMINATED_ARGUMENT,
  COMMENT,
  LUA_CODE,
  UNBALANCED_LUA_CODE,
  MISSING_SEMICOLON,
  END_OF_FILE,
};

void *tree_sitter_nginx_conf_external_scanner_create(void) { return NULL; }
void tree_sitter_nginx_conf_external_scanner_destroy(void *payload) { (void)payload; }
unsigned tree_sitter_nginx_conf_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}
void tree_sitter_nginx_conf_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}

static bool is_blank(int32_t c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static void advance(TSLexer *lexer) { lexer->advance(lexer, false); }

// Does what has been read so far end in "_by_lua_block"?
static const char LUA_SUFFIX[] = "_by_lua_block";
#define SUFFIX_LENGTH (sizeof(LUA_SUFFIX) - 1)

typedef struct {
  char last[SUFFIX_LENGTH];
  unsigned length;
} Tail;

static void remember(Tail *tail, int32_t c) {
  tail->last[tail->length % SUFFIX_LENGTH] = c > 0 && c < 128 ? (char)c : '\1';
  tail->length++;
}

static bool is_lua(const Tail *tail) {
  if (tail->length <= SUFFIX_LENGTH) return false;
  for (unsigned i = 0; i < SUFFIX_LENGTH; i++) {
    if (tail->last[(tail->length + i) % SUFFIX_LENGTH] != LUA_SUFFIX[i]) return false;
  }
  return true;
}

// One word, quoted or bare. Returns false when a quote has no partner.
static bool scan_word(TSLexer *lexer, Tail *tail) {
  int32_t quote = lexer->lookahead == '"' || lexer->lookahead == '\'' ? lexer->lookahead : 0;
  bool after_dollar = false;
  if (quote) advance(lexer);
  while (!lexer->eof(lexer)) {
    int32_t c = lexer->lookahead;
    if (c == '{' && after_dollar) {  // ${name}: the brace is part of the word
      remember(tail, c);
      advance(lexer);
      continue;
    }
    after_dollar = false;
    if (c == '\\') {
      remember(tail, c);
      advance(lexer);
      if (lexer->eof(lexer)) break;
      remember(tail, lexer->lookahead);
      advance(lexer);
      continue;
    }
    if (c == '$') {
      after_dollar = true;
    } else if (quote) {
      if (c == quote) {
        advance(lexer);
        return true;
      }
    } else if (is_blank(c) || c == ';' || c == '{') {
      return true;
    }
    remember(tail, c);
    advance(lexer);
  }
  return quote == 0;
}

// Behind "[": a long bracket `[==[` (then its level is returned), else -1. What does not belong to it stays unread, but for
// the `=` that were looked at.
static int open_long_bracket(TSLexer *lexer) {
  int level = 0;
  while (lexer->lookahead == '=' && !lexer->eof(lexer)) {
    level++;
    advance(lexer);
  }
  if (lexer->lookahead != '[') return -1;
  advance(lexer);
  return level;
}

// Up to and past `]==]` of that level; false at the end of the file.
static bool skip_long_bracket(TSLexer *lexer, int level) {
  while (!lexer->eof(lexer)) {
    if (lexer->lookahead != ']') {
      advance(lexer);
      continue;
    }
    advance(lexer);
    int seen = 0;
    while (lexer->lookahead == '=' && !lexer->eof(lexer)) {
      seen++;
      advance(lexer);
    }
    if (seen == level && lexer->lookahead == ']') {
      advance(lexer);
      return true;
    }
  }
  return false;
}

typedef struct {
  int depth;      // of braces
  bool closed;    // the brace that closes the block was passed, and its place marked
  bool comment;   // in a comment that ends with the line
  int32_t quote;  // in a string of the other quote
} Reading;

// Takes one character of the reading in which the quote that began it means nothing.
static void read_as_code(TSLexer *lexer, Reading *reading, int32_t previous) {
  int32_t c = lexer->lookahead;
  if (reading->closed || reading->comment) return;
  if (reading->quote) {
    if (c == reading->quote && previous != '\\') reading->quote = 0;
  } else if (c == '"' || c == '\'') {
    if (previous != '\\') reading->quote = c;
  } else if (c == '-' && previous == '-') {
    reading->comment = true;
  } else if (c == '{') {
    reading->depth++;
  } else if (c == '}' && --reading->depth == 0) {
    lexer->mark_end(lexer);
    reading->closed = true;
  }
}

// At a quote. A string ends at its partner on the same line; a quote without a partner is no string, and what follows it is
// code. A scanner can't go back, so both readings are made at once. True when the block's closing brace was found (and
// marked) in the second reading and that one holds.
static bool skip_string(TSLexer *lexer, int *depth) {
  int32_t quote = lexer->lookahead;
  Reading code = {*depth, false, false, 0};
  int32_t previous = 0;
  advance(lexer);
  while (!lexer->eof(lexer) && lexer->lookahead != '\n') {
    if (lexer->lookahead == quote) {
      advance(lexer);
      return false;
    }
    read_as_code(lexer, &code, previous);
    previous = lexer->lookahead;
    if (lexer->lookahead == '\\') {
      advance(lexer);
      if (lexer->eof(lexer)) break;
      read_as_code(lexer, &code, previous);
      previous = 0;
    }
    advance(lexer);
  }
  *depth = code.depth;
  return code.closed;
}

// The code of a Lua block, up to and without the brace that closes it.
static bool scan_lua(TSLexer *lexer) {
  int depth = 1;
  bool empty = true;
  lexer->mark_end(lexer);
  while (!lexer->eof(lexer)) {
    switch (lexer->lookahead) {
      case '{':
        depth++;
        advance(lexer);
        break;
      case '}':
        if (--depth == 0) {
          lexer->mark_end(lexer);
          lexer->result_symbol = LUA_CODE;
          return !empty;
        }
        advance(lexer);
        break;
      case '"':
      case '\'':
        if (skip_string(lexer, &depth)) {
          lexer->result_symbol = LUA_CODE;
          return true;
        }
        break;
      case '[': {
        advance(lexer);
        int level = open_long_bracket(lexer);
        if (level >= 0) skip_long_bracket(lexer, level);
        break;
      }
      case '-':
        advance(lexer);
        if (lexer->lookahead != '-') break;
        advance(lexer);
        if (lexer->lookahead == '[') {
          advance(lexer);
          int level = open_long_bracket(lexer);
          if (level >= 0) {
            skip_long_bracket(lexer, level);
            break;
          }
        }
        while (!lexer->eof(lexer) && lexer->lookahead != '\n') advance(lexer);
        break;
      default:
        advance(lexer);
    }
    empty = false;
  }
  lexer->mark_end(lexer);
  lexer->result_symbol = UNBALANCED_LUA_CODE;
  return !empty;
}

bool tree_sitter_nginx_conf_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid_symbols) {
  (void)payload;
  if (valid_symbols[LUA_CODE] && !valid_symbols[PLAIN_NAME] && !valid_symbols[ARGUMENT]) {
    // Nothing but blanks is no code: the closing brace, or the end of the file, is the next token then.
    while (is_blank(lexer->lookahead)) lexer->advance(lexer, true);
    if (lexer->eof(lexer)) {
      lexer->result_symbol = END_OF_FILE;
      return valid_symbols[END_OF_FILE];
    }
    return scan_lua(lexer);
  }

  while (is_blank(lexer->lookahead)) lexer->advance(lexer, true);
  if (lexer->eof(lexer) || lexer->lookahead == '}') {
    lexer->mark_end(lexer);
    if (valid_symbols[MISSING_SEMICOLON] && valid_symbols[ARGUMENT]) {
      lexer->result_symbol = MISSING_SEMICOLON;
      return true;
    }
    lexer->result_symbol = END_OF_FILE;
    return lexer->eof(lexer) && valid_symbols[END_OF_FILE];
  }
  if (lexer->lookahead == '#') {
    while (!lexer->eof(lexer) && lexer->lookahead != '\n') advance(lexer);
    lexer->mark_end(lexer);
    lexer->result_symbol = COMMENT;
    return valid_symbols[COMMENT];
  }
  if (lexer->lookahead == ';' || lexer->lookahead == '{') return false;

  bool name = valid_symbols[PLAIN_NAME];
  if (!name && !valid_symbols[ARGUMENT]) return false;
  Tail tail = {{0}, 0};
  bool whole = scan_word(lexer, &tail);
  lexer->mark_end(lexer);
  if (name) {
    lexer->result_symbol = !whole ? UNTERMINATED_NAME : is_lua(&tail) ? LUA_NAME : PLAIN_NAME;
  } else {
    lexer->result_symbol = whole ? ARGUMENT : UNTERMINATED_ARGUMENT;
  }
  return true;
}
