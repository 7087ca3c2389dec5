;;; nginx-analyzer.el --- nginx-analyzer in Emacs: eglot, lsp-mode, and commands  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0
;; Author: nginx-analyzer
;; URL: https://github.com/nginx-analyzer/nginx-analyzer
;; Version: 0.1.0
;; Package-Requires: ((emacs "29.1"))
;; Keywords: languages, tools

;;; Commentary:

;; Tells eglot and lsp-mode of the language server `nginx-analyzer', and has commands for what the protocol of language servers has no
;; place for: `nginx-analyzer-trace', `nginx-analyzer-evidence', `nginx-analyzer-map', `nginx-analyzer-effective',
;; `nginx-analyzer-report' and `nginx-analyzer-cleanup'.  They work with either of the two.

;;; Code:

(require 'cl-lib)
(require 'seq)
(require 'subr-x)
(require 'url-util)
(require 'url-parse)
(require 'jsonrpc)
(require 'outline)
(require 'project)
(require 'nginx-conf-mode)

(defgroup nginx-analyzer nil
  "The language server for nginx and OpenResty."
  :group 'tools)

(defcustom nginx-analyzer-command '("nginx-analyzer" "lsp")
  "What starts the server."
  :type '(repeat string))

(defcustom nginx-analyzer-settings nil
  "The keys of nginx-analyzer.toml as a property list, for every project.
As (:rules (:dead-location \"error\")); the file counts first."
  :type 'plist)

(defconst nginx-analyzer--keys '(language project nginx paths logs upstreams cleanup editor rules)
  "The tables of nginx-analyzer.toml; lsp-mode wants to know what may be asked for.")

(defconst nginx-analyzer--modes '(nginx-conf-mode nginx-mode))

;;; The workspace

(defun nginx-analyzer--section ()
  "The settings as they are sent."
  (or nginx-analyzer-settings (make-hash-table)))


(defconst nginx-analyzer--markers
  '(("nginx-analyzer.toml") ("compose.yaml" "compose.yml" "docker-compose.yml" "docker-compose.yaml") ("nginx.conf"))
  "A folder that says how the project is laid out goes before the one where the configuration lies.")

(defun nginx-analyzer--root (folder)
  "The folder above FOLDER that is the workspace, or nil."
  (seq-some (lambda (names)
              (locate-dominating-file folder (lambda (parent) (seq-some (lambda (name) (file-exists-p (expand-file-name name parent))) names))))
            nginx-analyzer--markers))

(defun nginx-analyzer-project (folder)
  "For `project-find-functions': the workspace of FOLDER."
  (when-let ((root (nginx-analyzer--root folder)))
    (cons 'transient (file-name-as-directory (expand-file-name root)))))

(defun nginx-analyzer--setup ()
  "The workspace of a buffer is that of the configuration."
  (add-hook 'project-find-functions #'nginx-analyzer-project nil t))

(add-hook 'nginx-conf-mode-hook #'nginx-analyzer--setup)
(add-hook 'nginx-mode-hook #'nginx-analyzer--setup)

;;; How the server is

(defvar nginx-analyzer--statuses (make-hash-table :test #'eq :weakness 'key)
  "What each server said of itself at last: whether it is done with its work, and what is wrong.")

(defun nginx-analyzer--note-status (server health quiescent message)
  "SERVER tells its HEALTH, whether it is QUIESCENT, and a MESSAGE for a person; a problem is said once."
  (let ((before (gethash server nginx-analyzer--statuses)))
    (puthash server (list (eq quiescent t) message) nginx-analyzer--statuses)
    (unless (or (equal health "ok") (not message) (equal message (cadr before)))
      (message "nginx-analyzer: %s" message))))

(defun nginx-analyzer--await (server)
  "Wait until SERVER has read what it reads (logs, sources), so that its answers are complete; at most for 30 seconds."
  (let ((end (+ (float-time) 30)))
    (while (and (let ((status (gethash server nginx-analyzer--statuses))) (and status (not (car status))))
                (< (float-time) end))
      (message "nginx-analyzer is reading logs and sources…")
      (accept-process-output nil 0.1))))

;;; eglot

(defvar eglot-server-programs)
(defvar eglot-current-linepos-function)
(declare-function eglot-current-server "eglot")
(declare-function eglot--signal-textDocument/didChange "eglot")

(declare-function eglot-client-capabilities "eglot")
(declare-function eglot-handle-notification "eglot")

(defun nginx-analyzer--contact (&rest _)
  "What eglot starts."
  `(nginx-analyzer-eglot-server ,@nginx-analyzer-command
                                :initializationOptions (:nginxAnalyzer ,(nginx-analyzer--section))))

(with-eval-after-load 'eglot
  (eval
   '(progn
      (defclass nginx-analyzer-eglot-server (eglot-lsp-server) ()
        :documentation "A server that tells how it is.")
      (cl-defmethod eglot-client-capabilities ((_server nginx-analyzer-eglot-server))
        (plist-put (cl-call-next-method) :experimental '(:serverStatusNotification t)))
      (cl-defmethod eglot-handle-notification ((server nginx-analyzer-eglot-server) (_method (eql experimental/serverStatus))
                                               &key health quiescent message &allow-other-keys)
        (nginx-analyzer--note-status server health quiescent message)))
   t)
  (add-to-list 'eglot-server-programs
               (cons (mapcar (lambda (mode) (list mode :language-id "nginx")) nginx-analyzer--modes) #'nginx-analyzer--contact)))

;;; lsp-mode

(defvar lsp-language-id-configuration)
(declare-function lsp-register-client "lsp-mode")
(declare-function make-lsp-client "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function lsp-activate-on "lsp-mode")
(declare-function lsp-request-async "lsp-mode")
(declare-function lsp-register-custom-settings "lsp-mode")
(declare-function lsp-workspaces "lsp-mode")
(declare-function lsp--buffer-uri "lsp-mode")

(with-eval-after-load 'lsp-mode
  (dolist (mode nginx-analyzer--modes)
    (add-to-list 'lsp-language-id-configuration (cons mode "nginx")))
  (lsp-register-custom-settings
   (mapcar (lambda (key) (list (format "nginxAnalyzer.%s" key) (lambda () (plist-get nginx-analyzer-settings (intern (format ":%s" key))))))
           nginx-analyzer--keys))
  (lsp-register-client
   (make-lsp-client
    :new-connection (lsp-stdio-connection (lambda () nginx-analyzer-command))
    :activation-fn (lsp-activate-on "nginx")
    ;; Before others that are registered for nginx.
    :priority 1
    :custom-capabilities '((experimental . ((serverStatusNotification . t))))
    :notification-handlers (let ((handlers (make-hash-table :test #'equal)))
                             (puthash "experimental/serverStatus"
                                      (lambda (workspace status)
                                        (let ((told (nginx-analyzer--plain status)))
                                          (nginx-analyzer--note-status workspace (plist-get told :health) (plist-get told :quiescent) (plist-get told :message))))
                                      handlers)
                             handlers)
    :server-id 'nginx-analyzer
    :initialization-options (lambda () (list :nginxAnalyzer (nginx-analyzer--section)))
    ;; What is behind the line above a location.
    :action-handlers (let ((handlers (make-hash-table :test #'equal)))
                       (puthash "nginx-analyzer.evidence" #'nginx-analyzer--evidence-of-lens handlers)
                       handlers))))

;;; Asking the server

(defun nginx-analyzer--plain (value)
  "VALUE as eglot has it: objects are property lists with keywords, null is nil."
  (cond ((hash-table-p value)
         (let (found)
           (maphash (lambda (key one) (setq found (cons (nginx-analyzer--plain one) (cons (intern (concat ":" key)) found)))) value)
           (nreverse found)))
        ((vectorp value) (seq-into (seq-map #'nginx-analyzer--plain value) 'vector))
        (t value)))

(defun nginx-analyzer--eglot ()
  "Eglot's server of this buffer, or nil."
  (and (fboundp 'eglot-current-server) (eglot-current-server)))

(defun nginx-analyzer--encoding ()
  "What columns count in."
  (pcase (and (nginx-analyzer--eglot) (boundp 'eglot-current-linepos-function) eglot-current-linepos-function)
    ('eglot-utf-8-linepos 'utf-8)
    ('eglot-utf-32-linepos 'utf-32)
    (_ 'utf-16)))

(defconst nginx-analyzer--content-modified -32801
  "The document changed while the answer was made.")

(defun nginx-analyzer--ask-eglot (server params)
  "Eglot's SERVER answers PARAMS: (t . RESULT), or (CODE . MESSAGE)."
  (eglot--signal-textDocument/didChange)
  (nginx-analyzer--await server)
  (condition-case failure
      (cons t (jsonrpc-request server :workspace/executeCommand params :timeout 60))
    (jsonrpc-error
     (let ((said (cddr failure)))
       (cons (alist-get 'jsonrpc-error-code said) (or (alist-get 'jsonrpc-error-message said) (error-message-string failure)))))))

(defun nginx-analyzer--ask-lsp (params)
  "Lsp-mode's server answers PARAMS: (t . RESULT), or (CODE . MESSAGE)."
  (mapc #'nginx-analyzer--await (lsp-workspaces))
  (let ((end (+ (float-time) 60)) answer)
    (lsp-request-async "workspace/executeCommand" params
                       (lambda (result) (setq answer (cons t (nginx-analyzer--plain result))))
                       :error-handler (lambda (failure)
                                        (let ((said (nginx-analyzer--plain failure)))
                                          (setq answer (cons (plist-get said :code) (plist-get said :message)))))
                       :mode 'detached)
    (while (and (not answer) (< (float-time) end))
      (accept-process-output nil 0.05))
    (or answer '(nil . "the server does not answer"))))

(defun nginx-analyzer--send (params)
  "The answer to `workspace/executeCommand' with PARAMS; asked again where something changed meanwhile."
  (let ((tries 5) answer)
    (while (progn
             (setq answer (cond ((nginx-analyzer--eglot) (nginx-analyzer--ask-eglot (nginx-analyzer--eglot) params))
                                ((bound-and-true-p lsp-mode) (nginx-analyzer--ask-lsp params))
                                (t (user-error "No language server here: M-x eglot or M-x lsp")))
                   tries (1- tries))
             (and (> tries 0) (eql (car answer) nginx-analyzer--content-modified))))
    (if (eq (car answer) t)
        (cdr answer)
      (user-error "%s" (cdr answer)))))

(defun nginx-analyzer--width (char encoding)
  "How much of a column CHAR takes in ENCODING."
  (pcase encoding
    ('utf-8 (string-bytes (char-to-string char)))
    ('utf-16 (if (> char #xffff) 2 1))
    (_ 1)))

(defun nginx-analyzer--uri ()
  "What the server calls the file of this buffer."
  (unless buffer-file-name
    (user-error "This buffer has no file"))
  (if (and (not (nginx-analyzer--eglot)) (bound-and-true-p lsp-mode))
      (lsp--buffer-uri)
    (concat "file://" (url-hexify-string (file-truename buffer-file-name) url-path-allowed-chars))))

(defun nginx-analyzer--position ()
  "Where point is, as the protocol has it."
  (save-restriction
    (widen)
    (list :line (1- (line-number-at-pos))
          :character (let ((encoding (nginx-analyzer--encoding)) (column 0))
                       (dolist (char (string-to-list (buffer-substring-no-properties (line-beginning-position) (point))) column)
                         (setq column (+ column (nginx-analyzer--width char encoding))))))))

(defun nginx-analyzer--execute (command &rest argument)
  "The answer of the server to COMMAND for this file, with more of the ARGUMENT."
  (nginx-analyzer--send (list :command (concat "nginx-analyzer." command)
                              :arguments (vector (append (list :uri (nginx-analyzer--uri)) argument)))))

;;; Places and pages

(defun nginx-analyzer--goto (position encoding)
  "Go to a POSITION of the protocol in this buffer."
  (goto-char (point-min))
  (forward-line (plist-get position :line))
  (let ((left (plist-get position :character)))
    (while (and (> left 0) (not (eolp)))
      (setq left (- left (nginx-analyzer--width (char-after) encoding)))
      (forward-char))))

(defun nginx-analyzer--file (uri)
  "The file that URI names."
  (let ((file (decode-coding-string (url-unhex-string (url-filename (url-generic-parse-url uri))) 'utf-8)))
    (if (string-match-p "\\`/[a-zA-Z]:" file) (substring file 1) file)))

(defvar-local nginx-analyzer--page-encoding 'utf-16)

(defun nginx-analyzer-visit (&optional event)
  "Go to the place that the line at point, or at EVENT, is about."
  (interactive (list last-nonmenu-event))
  (when (mouse-event-p event)
    (posn-set-point (event-end event)))
  (let ((place (or (get-text-property (point) 'nginx-analyzer-place)
                   (seq-some (lambda (at) (get-text-property at 'nginx-analyzer-place))
                             (number-sequence (line-beginning-position) (line-end-position)))))
        (encoding nginx-analyzer--page-encoding))
    (unless place
      (user-error "This line is about no place"))
    (find-file-other-window (nginx-analyzer--file (plist-get place :uri)))
    (push-mark nil t)
    (nginx-analyzer--goto (plist-get (plist-get place :range) :start) encoding)))

(defun nginx-analyzer-why ()
  "Say why the line at point is thought so."
  (interactive)
  (message "%s" (or (get-text-property (line-beginning-position) 'nginx-analyzer-why) "Nothing is known of it")))

(defvar nginx-analyzer-page-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "RET") #'nginx-analyzer-visit)
    (define-key map [mouse-2] #'nginx-analyzer-visit)
    (define-key map "w" #'nginx-analyzer-why)
    (define-key map (kbd "TAB") #'outline-toggle-children)
    map))

(define-derived-mode nginx-analyzer-page-mode special-mode "nginx-analyzer"
  "What the server answered; RET goes to the place that a line is about."
  (setq-local outline-regexp " *[●○?✗·]")
  (setq-local outline-level (lambda () (1+ (current-indentation)))))

(defun nginx-analyzer--page (name text &optional mark)
  "Show TEXT in a buffer of NAME; MARK is called in it, with the encoding of columns."
  (let ((encoding (nginx-analyzer--encoding))
        (buffer (get-buffer-create (format "*nginx-analyzer %s*" name))))
    (with-current-buffer buffer
      (let ((inhibit-read-only t))
        (erase-buffer)
        (nginx-analyzer-page-mode)
        (setq nginx-analyzer--page-encoding encoding)
        (insert text)
        (when mark
          (funcall mark encoding)))
      (set-buffer-modified-p nil)
      (goto-char (point-min)))
    (display-buffer buffer)
    buffer))

(defun nginx-analyzer--link (start end place)
  "Between START and END is a link to PLACE."
  (add-text-properties start end (list 'nginx-analyzer-place place 'mouse-face 'highlight 'font-lock-face 'link 'face 'link 'follow-link t)))

(defun nginx-analyzer--links (links encoding)
  "Mark the LINKS of the page in this buffer."
  (seq-do (lambda (link)
            (let* ((range (plist-get link :range))
                   (start (progn (nginx-analyzer--goto (plist-get range :start) encoding) (point)))
                   (end (progn (nginx-analyzer--goto (plist-get range :end) encoding) (point))))
              (nginx-analyzer--link start end (plist-get link :target))))
          links))

;;; Commands

(defvar nginx-analyzer--traced nil)

;;;###autoload
(defun nginx-analyzer-trace (url)
  "Show which location serves URL, and every step that leads there; go to that location.
URL is `http://host/path', or a path alone, which is asked of the server at point; a method may stand before it, as in `POST /cart'."
  (interactive (list (read-string "Which location serves: " nil 'nginx-analyzer--traced)))
  (let* ((method (and (string-match "\\`\\([A-Z]+\\)[ \t]+\\(.*\\)" url) (match-string 1 url)))
         (target (if method (match-string 2 url) url))
         (answer (apply #'nginx-analyzer--execute "trace" :url (string-trim target) :position (nginx-analyzer--position)
                        (and method (list :method method))))
         (place (plist-get answer :location))
         (encoding (nginx-analyzer--encoding)))
    (nginx-analyzer--page "trace" (plist-get answer :text) (lambda (encoding) (nginx-analyzer--links (plist-get answer :links) encoding)))
    (when place
      (push-mark nil t)
      (find-file (nginx-analyzer--file (plist-get place :uri)))
      (nginx-analyzer--goto (plist-get (plist-get place :range) :start) encoding))))

(defun nginx-analyzer--show-evidence (answer)
  "Show the ANSWER of the server to `evidence'."
  (if (not answer)
      (message "Nothing is known of a location here")
    (let ((details (string-join (append (plist-get answer :details) nil) "\n")))
      (nginx-analyzer--page
       "evidence" (concat (plist-get answer :title) "\n\n" details "\n\n")
       (lambda (_)
         (seq-do (lambda (place)
                   (let ((start (point)))
                     (insert (format "%s:%d" (abbreviate-file-name (nginx-analyzer--file (plist-get place :uri)))
                                     (1+ (plist-get (plist-get (plist-get place :range) :start) :line))))
                     (nginx-analyzer--link start (point) place)
                     (insert "\n")))
                 (plist-get answer :locations)))))))

;;;###autoload
(defun nginx-analyzer-evidence ()
  "Show what speaks for and against the use of the location at point."
  (interactive)
  (nginx-analyzer--show-evidence (nginx-analyzer--execute "evidence" :position (nginx-analyzer--position))))

(defun nginx-analyzer--evidence-of-lens (action)
  "What happens at a click on the line above a location: ACTION is its command."
  (let ((command (nginx-analyzer--plain action)))
    (nginx-analyzer--show-evidence
     (nginx-analyzer--send (list :command (plist-get command :command) :arguments (plist-get command :arguments))))))

(defun nginx-analyzer--coloured (text)
  "TEXT as `nginx-conf-mode' shows it."
  (with-temp-buffer
    (insert text)
    (delay-mode-hooks (nginx-conf-mode))
    (font-lock-ensure)
    (buffer-string)))

;;;###autoload
(defun nginx-analyzer-effective ()
  "Show everything that nginx reads for this configuration as one text, each include replaced by what it names."
  (interactive)
  (let ((answer (nginx-analyzer--execute "effective")))
    (pop-to-buffer
     (nginx-analyzer--page
      "effective" (nginx-analyzer--coloured (plist-get answer :text))
      (lambda (encoding)
        (goto-char (point-min))
        (let ((line 0))
          (seq-do (lambda (origin)
                    (forward-line (- (plist-get origin :line) line))
                    (setq line (plist-get origin :line))
                    (put-text-property (line-beginning-position) (min (point-max) (1+ (line-end-position)))
                                       'nginx-analyzer-place (plist-get origin :place)))
                  (plist-get answer :origins)))
        (nginx-analyzer--links (plist-get answer :links) encoding))))))

;;;###autoload
(defun nginx-analyzer-report (&optional html)
  "Show the report on the workspace: who uses what, and what can go.
With a prefix argument (HTML), in the browser."
  (interactive "P")
  (let* ((answer (nginx-analyzer--execute "report" :format (if html "html" "markdown")))
         (text (plist-get answer :text)))
    (if html
        (let ((file (make-temp-file "nginx-analyzer-" nil ".html" text)))
          (browse-url-of-file file))
      (let ((buffer (get-buffer-create "*nginx-analyzer report*")))
        (with-current-buffer buffer
          (let ((inhibit-read-only t))
            (erase-buffer)
            (insert text))
          (if (fboundp 'markdown-mode) (funcall 'markdown-mode) (text-mode))
          (view-mode 1)
          (goto-char (point-min)))
        (pop-to-buffer buffer)))))

(defconst nginx-analyzer--signs '(("in-use" "●" success) ("probably-unused" "○" warning) ("to-check" "?" font-lock-doc-face) ("dead" "✗" error)))

(defun nginx-analyzer--draw (nodes depth links labels)
  "Insert the NODES of a map at DEPTH, with the LINKS that go out from each; LABELS has the nodes by their ids."
  (seq-do
   (lambda (node)
     (let ((sign (cdr (assoc (plist-get node :verdict) nginx-analyzer--signs)))
           (hits (plist-get node :hits))
           (start (point)))
       (insert (make-string (* 2 depth) ?\s) (if sign (propertize (car sign) 'face (cadr sign)) "·") " " (plist-get node :label))
       (when hits
         (insert (format "  %d %s" hits (if (= hits 1) "hit" "hits"))))
       (insert "  " (plist-get node :detail) "\n")
       (add-text-properties start (point) (list 'nginx-analyzer-place (plist-get node :place)
                                                'nginx-analyzer-why (string-join (append (plist-get node :why) nil) "\n")))
       (seq-do (lambda (link)
                 (when-let ((target (and (equal (plist-get link :from) (plist-get node :id)) (gethash (plist-get link :to) labels))))
                   (let ((start (point)))
                     (insert (make-string (* 2 depth) ?\s) "  ↪ " (plist-get link :label) ": " (plist-get target :label) "\n")
                     (put-text-property start (point) 'nginx-analyzer-place (plist-get target :place)))))
               links)
       (nginx-analyzer--draw (plist-get node :children) (1+ depth) links labels)))
   nodes))

;;;###autoload
(defun nginx-analyzer-map ()
  "Show the gateway as a tree: servers, locations, upstreams, routes, with hits and verdicts.
RET goes there, w says why it is thought so, TAB folds."
  (interactive)
  (let* ((map (nginx-analyzer--execute "map"))
         (labels (make-hash-table :test #'equal)))
    (letrec ((collect (lambda (node)
                        (puthash (plist-get node :id) node labels)
                        (seq-do collect (plist-get node :children)))))
      (seq-do collect (plist-get map :nodes)))
    (let ((buffer (nginx-analyzer--page
                   "map" (concat (plist-get map :configuration) "\n" (if-let ((note (plist-get map :note))) (concat note "\n") "") "\n")
                   (lambda (_) (nginx-analyzer--draw (plist-get map :nodes) 0 (plist-get map :links) labels)))))
      (pop-to-buffer buffer)
      (outline-minor-mode 1))))

;;;###autoload
(defun nginx-analyzer-cleanup (step)
  "Comment out what is not needed, watch, delete, take back: one STEP of it.
What changes something is shown first, and asked for."
  (interactive (list (completing-read "Clean up: " '("plan" "apply" "status" "finish" "restore") nil t)))
  (let* ((changing (member step '("apply" "finish" "restore")))
         (answer (apply #'nginx-analyzer--execute (concat "cleanup." (if (equal step "apply") "plan" step)) (and changing (list :dryRun t))))
         (text (plist-get answer :text))
         (changes (seq-mapcat (lambda (member) (append (plist-get answer member) nil)) '(:blocks :changed :brought_back)))
         (shown (with-current-buffer (nginx-analyzer--page "cleanup" (if (string-empty-p text) "Nothing to do.\n" text))
                  (diff-mode)
                  (view-mode 1)
                  (current-buffer))))
    (when (and changing changes (yes-or-no-p (format "%s, as shown? " (capitalize step))))
      (nginx-analyzer--execute (concat "cleanup." step))
      (when-let ((window (get-buffer-window shown)))
        (quit-window nil window)))))

(provide 'nginx-analyzer)
;; Local Variables:
;; byte-compile-docstring-max-column: 160
;; fill-column: 160
;; End:
;;; nginx-analyzer.el ends here
