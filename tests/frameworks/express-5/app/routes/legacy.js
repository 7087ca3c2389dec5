module.exports = function legacy(app, at) {
  app.get(at + '/report', (req, res) => res.send('report'));
  app.route(`${at}/export`).post((req, res) => res.send('export'));
};
