;;; lsp-test.el --- with lsp-mode  -*- lexical-binding: t; -*-

(require 'lsp-mode)
(require 'lsp-diagnostics)
(require 'lsp-lens)
(require 'lsp-modeline)
(load (expand-file-name "session" (file-name-directory load-file-name)) nil t)

(setq lsp-auto-guess-root t lsp-diagnostics-provider :none lsp-restart 'ignore lsp-keep-workspace-alive t lsp-enable-file-watchers nil lsp-enable-snippet nil
      lsp-headerline-breadcrumb-enable nil lsp-modeline-code-actions-enable nil lsp-modeline-diagnostics-enable nil)

(session-file)
(lsp)
(session-until "the server is ready" (lambda () (session-file) (seq-some (lambda (one) (eq 'initialized (lsp--workspace-status one))) (lsp-workspaces))))

(defun lsp-test-findings ()
  "The findings, each as its line and what was sent."
  (session-file)
  (mapcar (lambda (one) (cons (1+ (lsp:position-line (lsp:range-start (lsp:diagnostic-range one)))) one))
          (gethash (lsp--fix-path-casing buffer-file-name) (lsp-diagnostics t))))

(defun lsp-test-finding (line)
  "The text of the first finding on LINE."
  (when-let ((found (alist-get line (lsp-test-findings))))
    (lsp:diagnostic-message found)))

(defun lsp-test-act (line title)
  "Take on LINE the action whose title begins so."
  (session-goto line)
  (let ((action (seq-find (lambda (one) (string-prefix-p title (lsp:code-action-title one))) (lsp-code-actions-at-point))))
    (should action)
    (lsp-execute-code-action action)
    (lsp--flush-delayed-changes)))

(ert-deftest lsp-root ()
  (session-file)
  (should (equal (file-truename (file-name-as-directory (lsp--workspace-root (car (lsp-workspaces))))) (file-truename "~/project/gateway/"))))

(ert-deftest lsp-findings ()
  (session-until "the dead location is found, as an error by the settings"
                 (lambda () (when-let ((found (alist-get 548 (lsp-test-findings)))) (equal 1 (lsp:diagnostic-severity? found)))))
  (should (string-match-p "every URI under /admin/" (lsp-test-finding 548)))
  (should (string-match-p "usage_export.lua does not exist" (lsp-test-finding 608))))

(ert-deftest lsp-quick-fix ()
  (session-until "the dead location is found" (lambda () (lsp-test-finding 548)))
  (lsp-test-act 548 "Comment out")
  (session-until "it is commented out" (lambda () (string-match-p "^ *#X# location /admin/ {" (session-line 548))))
  (should (string-match-p "^ *#X# }$" (session-line 557)))
  (session-until "the finding goes" (lambda () (not (string-match-p "every URI" (or (lsp-test-finding 548) "")))))
  (lsp-test-act 548 "Restore")
  (session-until "it is restored, letter for letter" (lambda () (session-file) (equal (buffer-string) session-original)))
  (session-until "the finding comes back" (lambda () (string-match-p "every URI" (or (lsp-test-finding 548) ""))))
  (save-buffer))

(ert-deftest lsp-hover ()
  (session-goto 548)
  (should (string-match-p "prefix" (lsp:markup-content-value (lsp:hover-contents (lsp-request "textDocument/hover" (lsp--text-document-position-params)))))))

(ert-deftest lsp-lens ()
  "A click on the line above a location shows who uses it."
  (session-file)
  (let* ((lenses (append (lsp-request "textDocument/codeLens" `(:textDocument ,(lsp--text-document-identifier))) nil))
         (lens (seq-find (lambda (one) (= 220 (lsp:position-line (lsp:range-start (lsp:code-lens-range one))))) lenses)))
    (should lens)
    (unless (lsp:code-lens-command? lens)
      (setq lens (lsp-request "codeLens/resolve" lens)))
    (lsp--execute-command (lsp:code-lens-command? lens))
    (should (string-match-p "hits? in" (session-page "evidence")))))

(session-deftests lsp)

(ert-deftest lsp-zz-end ()
  (session-file)
  (let ((process (lsp--workspace-proc (car (lsp-workspaces)))))
    (lsp-workspace-shutdown (car (lsp-workspaces)))
    (session-until "the server ends" (lambda () (not (process-live-p process))))))
