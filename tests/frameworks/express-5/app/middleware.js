function requireUser(req, res, next) {
  if (req.query.user === undefined) {
    return res.status(401).json({ error: 'who are you?' });
  }
  next();
}

const notFound = (req, res) => {
  res.status(404).json({ error: `${req.path} is not here` });
};

const failed = (error, req, res, next) => {
  res.status(error.status || 500).json({ error: error.message });
};

module.exports = { requireUser, notFound, failed };
