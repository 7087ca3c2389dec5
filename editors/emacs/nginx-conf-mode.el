;;; nginx-conf-mode.el --- Major mode for nginx's configuration files  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0
;; Author: nginx-analyzer
;; URL: https://github.com/nginx-analyzer/nginx-analyzer
;; Version: 0.1.0
;; Package-Requires: ((emacs "29.1"))
;; Keywords: languages

;;; Commentary:

;; Colours, indentation, comments and an index of servers, locations and upstreams.  Where Emacs has tree-sitter (29 and newer) and the
;; grammar `nginx-conf' is installed, colours come from that; without it, from patterns.
;; Which files are nginx's is told by their names, and where other programs have such names too, by how they begin.

;;; Code:

(require 'treesit nil t)

(defgroup nginx-conf nil
  "Configuration files of nginx and OpenResty."
  :group 'languages)

(defcustom nginx-conf-indent-offset 4
  "How much deeper a block is."
  :type 'integer
  :safe #'integerp)

(declare-function treesit-ready-p "treesit")
(declare-function treesit-parser-create "treesit.c")
(declare-function treesit-font-lock-rules "treesit")
(declare-function treesit-major-mode-setup "treesit")
(defvar treesit-font-lock-settings)
(defvar treesit-font-lock-feature-list)

(defvar nginx-conf-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?$ "_" table)
    (modify-syntax-entry ?. "_" table)
    (modify-syntax-entry ?\" "." table)
    (modify-syntax-entry ?\( "()" table)
    (modify-syntax-entry ?\) ")(" table)
    (modify-syntax-entry ?\{ "(}" table)
    (modify-syntax-entry ?\} "){" table)
    table)
  "Quotes and `#' mean something at the begin of a word only: `nginx-conf--propertize' says where.")

(defun nginx-conf--propertize (start end)
  "Mark between START and END where comments begin, and what is between quotes."
  (goto-char start)
  ;; From the begin of a line that no text goes into.
  (while (re-search-forward "\\(?:^\\|[ \t;{}(]\\)\\(?:\\(#\\)\\|\\([\"']\\)\\)" end t)
    (let ((at (or (match-beginning 1) (match-beginning 2)))
          (quoted (match-beginning 2)))
      (unless (nth 4 (save-excursion (syntax-ppss at)))
        (if (not quoted)
            (put-text-property at (1+ at) 'syntax-table '(11))
          (let ((mark (char-after at)))
            (goto-char (1+ at))
            (when (re-search-forward (format "\\(?:[^\\\\%c]\\|\\\\\\(?:.\\|\n\\)\\)*?%c" mark mark) (min (point-max) (+ at 4097)) t)
              (put-text-property at (1+ at) 'syntax-table '(15))
              (put-text-property (1- (point)) (point) 'syntax-table '(15)))))))))

(defconst nginx-conf--keywords
  `((,(rx (or bol (any ";{}")) (* (any " \t\n")) (group (any "a-z") (* (any "a-z0-9_")))  (or (any " \t;{\n") eol))
     1 font-lock-keyword-face)
    (,(rx "$" (or (+ (any "A-Za-z0-9_")) (seq "{" (+ (any "A-Za-z0-9_")) "}"))) 0 font-lock-variable-name-face)
    (,(rx (any " \t") (group (or "on" "off")) (any " \t;")) 1 font-lock-constant-face)
    (,(rx bol (* (any " \t")) "location" (+ (any " \t")) (group (or "=" "~" "~*" "^~")) (+ (any " \t")))
     1 font-lock-builtin-face))
  "Colours where there is no grammar.")

(defun nginx-conf--indentation ()
  "How far the line at point is indented, or nil where it is Lua's or in quotes."
  (save-excursion
    (back-to-indentation)
    (let* ((state (syntax-ppss (line-beginning-position)))
           (depth (nth 0 state)))
      (unless (nth 3 state)
        (* nginx-conf-indent-offset (max 0 (if (looking-at-p "[})]") (1- depth) depth)))))))

(defun nginx-conf-indent-line ()
  "Indent the line at point by the braces that it is in."
  (interactive)
  (let ((column (nginx-conf--indentation)))
    (if (not column)
        'noindent
      (if (<= (current-column) (current-indentation))
          (indent-line-to column)
        (save-excursion (indent-line-to column))))))

(defun nginx-conf--treesit ()
  "Colours by the grammar."
  (treesit-parser-create 'nginx-conf)
  (setq-local treesit-font-lock-settings
              (treesit-font-lock-rules
               :language 'nginx-conf :feature 'comment
               '((comment) @font-lock-comment-face)
               :language 'nginx-conf :feature 'keyword
               '((_ name: (word) @font-lock-keyword-face))
               :language 'nginx-conf :feature 'string
               '((_ argument: (word) @font-lock-string-face))
               :language 'nginx-conf :feature 'constant :override t
               '(((_ argument: (word) @font-lock-constant-face)
                  (:match "\\`\\(?:on\\|off\\|[0-9]+\\(?:[kKmMgG]\\|ms\\|[smhdwMy]\\)?\\)\\'" @font-lock-constant-face)))
               :language 'nginx-conf :feature 'variable :override t
               '(((_ argument: (word) @font-lock-variable-name-face)
                  (:match "\\`\\$\\(?:[A-Za-z0-9_]+\\|{[A-Za-z0-9_]+}\\)\\'" @font-lock-variable-name-face)))
               :language 'nginx-conf :feature 'operator :override t
               '(((block_directive argument: (word) @font-lock-builtin-face)
                  (:match "\\`\\(?:=\\|~\\|~\\*\\|\\^~\\)\\'" @font-lock-builtin-face)))
               :language 'nginx-conf :feature 'error :override t
               '([(unterminated_word) (unbalanced_lua_code) (stray_semicolon) (stray_close)] @font-lock-warning-face)))
  (setq-local treesit-font-lock-feature-list '((comment keyword) (string) (constant variable operator) (error)))
  (treesit-major-mode-setup))

;;;###autoload
(define-derived-mode nginx-conf-mode prog-mode "nginx"
  "Major mode for configuration files of nginx and OpenResty."
  (setq-local comment-start "# ")
  (setq-local comment-start-skip "#+\\s-*")
  (setq-local comment-end "")
  (setq-local indent-line-function #'nginx-conf-indent-line)
  (setq-local indent-tabs-mode nil)
  (setq-local electric-indent-chars (append "}" electric-indent-chars))
  (setq-local syntax-propertize-function #'nginx-conf--propertize)
  (setq-local parse-sexp-lookup-properties t)
  (setq-local imenu-generic-expression
              '(("Location" "^[ \t]*location[ \t]+\\([^{\n]*[^{ \t\n]\\)" 1)
                ("Server" "^[ \t]*server_name[ \t]+\\([^;\n]+\\);" 1)
                ("Upstream" "^[ \t]*upstream[ \t]+\\([^{ \t\n]+\\)" 1)))
  (if (and (fboundp 'treesit-ready-p) (treesit-ready-p 'nginx-conf t))
      (nginx-conf--treesit)
    (setq-local font-lock-defaults '(nginx-conf--keywords))))

;;; Which files

(defconst nginx-conf--open-names
  (rx "/" (or (seq (or "sites-available" "sites-enabled") "/" (+ (not (any "/"))))
              (seq (or "conf.d" "snippets") "/" (+ (not (any "/"))) ".conf" (? "." (or "template" "tmpl")))) eos)
  "Names that nginx's files have, and those of other programs.")

(defconst nginx-conf--begins
  (rx bos (* (or (any " \t\n") (seq "#" (* nonl) "\n")))
      (or (seq (or "server" "events" "http" "stream") (* (any " \t\n")) "{")
          (seq (or "upstream" "location" "map" "geo" "split_clients") (+ (any " \t")) (+ (not (any ";{}\n"))) "{")
          (seq (or "proxy_" "fastcgi_" "uwsgi_" "scgi_" "grpc_" "ssl_" "gzip" "client_" "limit_" "log_format" "access_log" "add_header" "server_tokens"
                   "keepalive_" "resolver" "lua_" "js_" "include")
               (* (any "a-z_")) (+ (any " \t")) (+ (not (any ";{}\n="))) ";")))
  "How only nginx's files begin: FreeRADIUS names its servers, HOCON and Dovecot write `='.")

(defun nginx-conf-file-p ()
  "Whether this is nginx's file where its name leaves that open."
  (and buffer-file-name
       (let ((case-fold-search nil))
         (and (string-match-p nginx-conf--open-names buffer-file-name)
              (save-excursion
                (goto-char (point-min))
                (looking-at-p nginx-conf--begins))))))

;;;###autoload
(progn
  (dolist (name '("/nginx[^/]*\\.conf\\(?:\\.default\\|\\.template\\)?\\'"
                  "[./_-]nginx\\.conf\\(?:\\.template\\)?\\'"
                  "\\.nginx\\(?:conf\\)?\\'"
                  "/\\(?:nginx\\|openresty\\)/\\(?:.*/\\)?[^/]+\\.conf\\(?:\\.default\\|\\.template\\|\\.tmpl\\)?\\'"
                  "/\\(?:nginx\\|openresty\\)/\\(?:.*/\\)?\\(?:sites-available\\|sites-enabled\\|servers\\)/[^/]+\\'"
                  "/\\(?:nginx\\|openresty\\)/\\(?:.*/\\)?\\(?:\\(?:fastcgi\\|proxy\\|scgi\\|uwsgi\\)_params\\|mime\\.types\\|koi-utf\\|koi-win\\|win-utf\\)\\'"))
    (add-to-list 'auto-mode-alist (cons name 'nginx-conf-mode))))

(add-to-list 'magic-mode-alist '(nginx-conf-file-p . nginx-conf-mode))

(provide 'nginx-conf-mode)
;; Local Variables:
;; byte-compile-docstring-max-column: 160
;; fill-column: 160
;; End:
;;; nginx-conf-mode.el ends here
