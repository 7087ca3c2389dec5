;;; eglot-test.el --- with eglot  -*- lexical-binding: t; -*-

(require 'eglot)
(require 'flymake)
(load (expand-file-name "session" (file-name-directory load-file-name)) nil t)

(setq eglot-sync-connect 30 eglot-autoshutdown nil eglot-confirm-server-edits nil eglot-confirm-server-initiated-edits nil)

;; Without a person nothing is idle, and no command ends.
(session-file)
(call-interactively #'eglot)

(defun eglot-test-findings ()
  "The findings, each as its line and its text."
  (session-file)
  (flymake-start)
  (mapcar (lambda (one) (list (line-number-at-pos (flymake-diagnostic-beg one)) (flymake-diagnostic-type one) (flymake-diagnostic-text one)))
          (flymake-diagnostics)))

(defun eglot-test-finding (line)
  "The first finding on LINE."
  (assoc line (eglot-test-findings)))

(defun eglot-test-act (line title)
  "Take on LINE the action whose title begins so."
  (session-goto line)
  (cl-letf (((symbol-function 'completing-read)
             (lambda (_prompt offered &rest _)
               (or (seq-find (lambda (one) (string-prefix-p title one)) (all-completions "" offered)) (ert-fail (all-completions "" offered))))))
    ;; The menu is asked in the minibuffer, as after a key.
    (let ((last-nonmenu-event ?\r))
      (eglot-code-actions (point) (line-end-position) nil t)))
  (eglot--signal-textDocument/didChange))

(ert-deftest eglot-root ()
  (session-file)
  (should (equal (file-truename (project-root (eglot--project (eglot-current-server)))) (file-truename "~/project/gateway/"))))

(ert-deftest eglot-findings ()
  (session-until "the dead location is found, as an error by the settings" (lambda () (eq 'eglot-error (cadr (eglot-test-finding 548)))))
  (should (string-match-p "every URI under /admin/" (caddr (eglot-test-finding 548))))
  (should (string-match-p "usage_export.lua does not exist" (caddr (eglot-test-finding 608)))))

(ert-deftest eglot-quick-fix ()
  (session-until "the dead location is found" (lambda () (eglot-test-finding 548)))
  (eglot-test-act 548 "Comment out")
  (session-until "it is commented out" (lambda () (string-match-p "^ *#X# location /admin/ {" (session-line 548))))
  (should (string-match-p "^ *#X# }$" (session-line 557)))
  (session-until "the finding goes" (lambda () (not (string-match-p "every URI" (or (caddr (eglot-test-finding 548)) "")))))
  (eglot-test-act 548 "Restore")
  (session-until "it is restored, letter for letter" (lambda () (session-file) (equal (buffer-string) session-original)))
  (session-until "the finding comes back" (lambda () (string-match-p "every URI" (or (caddr (eglot-test-finding 548)) ""))))
  (save-buffer))

(ert-deftest eglot-hover ()
  (session-goto 548)
  (let (said)
    (eglot-hover-eldoc-function (lambda (text &rest _) (setq said (concat said text))))
    (session-until "hover" (lambda () (and said (string-match-p "prefix" said))))))

(ert-deftest eglot-completion ()
  (session-goto 549)
  (unwind-protect
      (progn
        (insert "proxy_pa")
        (let* ((found (eglot-completion-at-point))
               (offered (all-completions "proxy_pa" (nth 2 found))))
          (should (member "proxy_pass_header" (mapcar (lambda (one) (car (split-string (substring-no-properties one)))) offered)))))
    (session-file)
    (erase-buffer)
    (insert session-original)
    (eglot--signal-textDocument/didChange)
    (save-buffer)))

(ert-deftest eglot-definition ()
  (session-goto 222)
  (search-forward "openresty_in")
  (let ((found (car (xref-backend-definitions 'eglot (xref-backend-identifier-at-point 'eglot)))))
    (should (string-match-p "upstream openresty_internal" (session-line (xref-location-line (xref-item-location found)))))))

(session-deftests eglot)

;; Defined last, as what ends the session; ERT takes names in their order.
(ert-deftest eglot-zz-end ()
  (session-file)
  (eglot-shutdown (eglot-current-server))
  (should-not (eglot-current-server)))
