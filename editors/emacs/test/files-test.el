;;; files-test.el --- which files are nginx's, and how they look  -*- lexical-binding: t; -*-

(require 'ert)
(require 'nginx-conf-mode)
(require 'nginx-analyzer)

(defmacro files-test-with (text &rest body)
  "A buffer in `nginx-conf-mode' with TEXT, coloured, for BODY."
  (declare (indent 1))
  `(with-temp-buffer
     (insert ,text)
     (nginx-conf-mode)
     (font-lock-ensure)
     (goto-char (point-min))
     ,@body))

(defun files-test-face (text)
  "The face of TEXT's first letter."
  (goto-char (point-min))
  (search-forward text)
  (get-text-property (match-beginning 0) 'face))

(ert-deftest files-names ()
  "What VS Code's extension and the others take, and nothing else."
  (let ((seen 0))
    (dolist (line (with-temp-buffer (insert-file-contents (getenv "NAMES")) (split-string (buffer-string) "\n" t)))
      (unless (string-prefix-p "#" line)
        (pcase-let ((`(,kind ,_ ,path ,text) (split-string line "\t")))
          (let ((file (expand-file-name path "~/files")) (auto-mode-alist (copy-sequence auto-mode-alist)))
            (make-directory (file-name-directory file) t)
            (write-region (string-replace "\\n" "\n" text) nil file nil 'quiet)
            (with-current-buffer (find-file-noselect file)
              (should (equal (list path (if (eq major-mode 'nginx-conf-mode) "nginx" "other")) (list path kind)))
              (kill-buffer))
            (setq seen (1+ seen))))))
    (should (> seen 30))))

(defconst files-test-text "# a 'comment
server {
    listen 80;
    add_header A \"a # b { $x\";
    location ~ ^/a#b {
        return 200 $uri;
    }
    content_by_lua_block { local a = { 1 } }
}
")

(ert-deftest files-colours-without-grammar ()
  (cl-letf (((symbol-function 'treesit-ready-p) #'ignore))
    (files-test-with files-test-text
      (should (memq (files-test-face "a 'comment") '(font-lock-comment-face)))
      (dolist (name '("server" "listen" "add_header" "location" "return"))
        (should (equal (list name (files-test-face name)) (list name 'font-lock-keyword-face))))
      (should (eq (files-test-face "# b {") 'font-lock-string-face))
      (should-not (eq (files-test-face "#b {") 'font-lock-comment-face))
      (should (eq (files-test-face "$uri") 'font-lock-variable-name-face)))))

(ert-deftest files-colours-by-grammar ()
  (skip-unless (and (fboundp 'treesit-ready-p) (treesit-ready-p 'nginx-conf t)))
  (files-test-with files-test-text
    (should (eq (files-test-face "a 'comment") 'font-lock-comment-face))
    (dolist (name '("server" "listen" "add_header" "location" "return" "content_by_lua_block"))
      (should (equal (list name (files-test-face name)) (list name 'font-lock-keyword-face))))
    (should (eq (files-test-face "80") 'font-lock-constant-face))
    (should (eq (files-test-face "~ ^") 'font-lock-builtin-face))
    (should (eq (files-test-face "^/a#b") 'font-lock-string-face))
    (should (eq (files-test-face "$uri") 'font-lock-variable-name-face))))

(ert-deftest files-indentation ()
  "A file that is indented well stays as it is, and one that is not becomes it."
  (dolist (ready (list #'ignore #'always))
    (cl-letf (((symbol-function 'treesit-ready-p) (if (eq ready #'ignore) #'ignore (symbol-function 'treesit-ready-p))))
      (let ((inhibit-message t))
        (files-test-with (replace-regexp-in-string "^ +" "" files-test-text)
          (indent-region (point-min) (point-max))
          (should (equal (buffer-string) files-test-text)))))))

(ert-deftest files-comments ()
  "A region is commented out, and back."
  (files-test-with files-test-text
    (search-forward "listen")
    (comment-region (line-beginning-position) (line-end-position))
    (should (string-match-p "^ *# listen 80;$" (buffer-string)))
    (uncomment-region (line-beginning-position) (line-end-position))
    (should (equal (buffer-string) files-test-text))))

(ert-deftest files-settings ()
  "The tables that lsp-mode is told of are those that the schema has."
  (let ((schema (with-temp-buffer
                  (insert-file-contents (expand-file-name "docs/nginx-analyzer.schema.json" (getenv "ROOT")))
                  (json-parse-buffer))))
    (should (equal (sort (seq-remove (lambda (key) (string-prefix-p "$" key)) (hash-table-keys (gethash "properties" schema))) #'string<)
                   (sort (mapcar #'symbol-name nginx-analyzer--keys) #'string<)))))
