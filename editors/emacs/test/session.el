;;; session.el --- what the tests with either client share  -*- lexical-binding: t; -*-

(require 'ert)
(require 'nginx-analyzer)

(setq make-backup-files nil create-lockfiles nil auto-save-default nil)

(defvar session-original nil "How the file was.")

(defun session-until (what condition)
  "Let Emacs work until CONDITION gives something, which is given back; WHAT is for a person."
  (let ((end (+ (float-time) 30)) found)
    (while (not (or (setq found (funcall condition)) (> (float-time) end)))
      (accept-process-output nil 0.05))
    (unless found
      (ert-fail (format "%s: %s" what (with-current-buffer (messages-buffer) (buffer-substring-no-properties (max (point-min) (- (point-max) 2000)) (point-max))))))
    found))

(defun session-file ()
  "The example's file, in the current buffer."
  (set-buffer (find-file-noselect "~/project/gateway/nginx.conf"))
  (unless session-original
    (setq session-original (buffer-string))))

(defun session-goto (line)
  "Go to LINE, to its first word."
  (session-file)
  (goto-char (point-min))
  (forward-line (1- line))
  (back-to-indentation))

(defun session-line (line)
  "The text of LINE."
  (save-excursion
    (session-goto line)
    (buffer-substring-no-properties (line-beginning-position) (line-end-position))))

(defun session-page (name)
  "The text of the page of NAME."
  (with-current-buffer (format "*nginx-analyzer %s*" name)
    (buffer-string)))

(defun session-visit (name text)
  "In the page of NAME, follow the line that has TEXT; give back the file's name and the line."
  (with-current-buffer (format "*nginx-analyzer %s*" name)
    (goto-char (point-min))
    (search-forward text)
    (goto-char (match-beginning 0))
    (nginx-analyzer-visit nil))
  (with-current-buffer (window-buffer (selected-window))
    (list (file-name-nondirectory buffer-file-name) (line-number-at-pos))))

;; What both have to do.

(defmacro session-deftests (client)
  "The tests of the commands, with CLIENT in their names."
  `(progn
     (ert-deftest ,(intern (format "%s-trace" client)) ()
       (session-goto 300)
       (nginx-analyzer-trace "http://gateway.example.com/v1/models")
       (should (string-match-p "location /v1/" (session-page "trace")))
       (should (equal (with-current-buffer (get-file-buffer "~/project/gateway/nginx.conf") (line-number-at-pos)) 221))
       (should (equal (session-visit "trace" "nginx.conf:592") '("nginx.conf" 592))))
     (ert-deftest ,(intern (format "%s-trace-of-a-path" client)) ()
       "A path alone is asked of the server at point, with the method that is typed."
       (session-goto 580)
       (nginx-analyzer-trace "POST /admin/users")
       (should (string-match-p "\\`POST " (session-page "trace")))
       (should (string-match-p "nginx.conf:452" (session-page "trace"))))
     (ert-deftest ,(intern (format "%s-evidence" client)) ()
       (session-goto 221)
       (nginx-analyzer-evidence)
       (should (string-match-p "hits? in" (session-page "evidence")))
       (should (string-match-p "log" (car (session-visit "evidence" "openresty.log")))))
     (ert-deftest ,(intern (format "%s-map" client)) ()
       (session-goto 1)
       (save-window-excursion (nginx-analyzer-map))
       (should (string-match-p "✗ /admin/" (session-page "map")))
       (with-current-buffer "*nginx-analyzer map*"
         (goto-char (point-min))
         (search-forward "✗ /admin/")
         (should (string-match-p "every URI under /admin/" (get-text-property (line-beginning-position) 'nginx-analyzer-why)))
         ;; A server folds its locations away, and shows them again.
         (let ((location (point)))
           (outline-up-heading 1)
           (should (looking-at-p "[^ ]"))
           (call-interactively (key-binding (kbd "TAB")))
           (should (invisible-p location))
           (call-interactively (key-binding (kbd "TAB")))
           (should-not (invisible-p location))))
       (should (equal (session-visit "map" "✗ /admin/") '("nginx.conf" 548))))
     (ert-deftest ,(intern (format "%s-effective" client)) ()
       (session-goto 1)
       (save-window-excursion (nginx-analyzer-effective))
       (should (string-match-p "location /admin/ {" (session-page "effective")))
       (should (equal (session-visit "effective" "location /admin/ {") '("nginx.conf" 548))))
     (ert-deftest ,(intern (format "%s-report" client)) ()
       (session-goto 1)
       (save-window-excursion (nginx-analyzer-report))
       (should (string-match-p "\\`# " (session-page "report"))))
     (ert-deftest ,(intern (format "%s-cleanup" client)) ()
       "Shown, asked for, made, and taken back."
       (session-goto 1)
       (let (asked)
         (cl-letf (((symbol-function 'yes-or-no-p) (lambda (question) (push question asked) nil)))
           (nginx-analyzer-cleanup "apply"))
         (should (equal asked '("Apply, as shown? "))))
       (should (string-match-p "^\\+ *#X# lua_shared_dict rate_limit" (session-page "cleanup")))
       (session-file)
       (should (equal (buffer-string) session-original))
       (cl-letf (((symbol-function 'yes-or-no-p) #'always) ((symbol-function 'y-or-n-p) #'always))
         (nginx-analyzer-cleanup "apply")
         (session-until "it is commented out" (lambda () (session-file) (string-match-p "#X# lua_shared_dict rate_limit" (buffer-string))))
         (save-buffer)
         (nginx-analyzer-cleanup "restore")
         (session-until "it is taken back" (lambda () (session-file) (equal (buffer-string) session-original)))
         (save-buffer)))
     (ert-deftest ,(intern (format "%s-wrong" client)) ()
       "What the server refuses is said in its words."
       (session-goto 1)
       (should (string-match-p "." (cadr (should-error (nginx-analyzer-trace "not a url") :type 'user-error)))))))

(provide 'session)
