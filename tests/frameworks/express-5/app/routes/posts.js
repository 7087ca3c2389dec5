const express = require('express');

class Posts {
  constructor() {
    this.router = express.Router({ mergeParams: true });
    this.register();
  }

  register() {
    this.router.get('/', this.list);
    this.router.get('/:postId', (req, res) => res.json({ post: req.params.postId }));
  }

  list(req, res) {
    res.json([]);
  }
}

module.exports = new Posts().router;
