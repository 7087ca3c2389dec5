exports.page = function page(req, res) {
  res.render('index');
};
