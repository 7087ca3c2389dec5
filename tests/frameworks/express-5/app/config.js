const API_VERSION = 'v1';

module.exports = {
  port: Number(process.env.PORT || 3000),
  apiPrefix: process.env.API_PREFIX || `/api/${API_VERSION}`,
};
