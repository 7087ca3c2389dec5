const { Router } = require('express');
const users = require('./users');
const { router: orders, PATH } = require('./orders');

const router = Router();
router.use('/users', users);
router.use(PATH, orders);
router.route('/items/:id')
  .get((req, res) => res.json({ id: req.params.id }))
  .put((req, res) => res.json({ id: req.params.id }));
for (const name of ['colours', 'sizes']) {
  router.get(`/lists/${name}`, (req, res) => res.json([name]));
}
router.get(/^\/flags\/.*$/, (req, res) => res.json({}));

module.exports = router;
