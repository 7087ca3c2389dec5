const router = require('express').Router({ mergeParams: true });
const posts = require('./posts');

const list = (req, res) => res.json([]);

router.get('/', list);
router.post('/', (req, res) => res.status(201).json({}));
router.get('/:id', (req, res) => res.json({ id: req.params.id }));
router.delete('/:id', (req, res) => res.sendStatus(204));
router.use('/:userId/posts', posts);
router.get('/:id/avatar{.:format}', (req, res) => res.send('avatar'));

module.exports = router;
