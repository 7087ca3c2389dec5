const { rewrites } = require('./rewrites');
module.exports = { rewrites };
