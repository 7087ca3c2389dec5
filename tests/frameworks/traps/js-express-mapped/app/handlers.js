exports.users = (req, res) => res.json([]);
