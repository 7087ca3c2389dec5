const routes = [
  { method: 'GET', url: '/', handler: async () => [] },
  { method: 'GET', url: '/:part/drawing', handler: async () => 'drawing' },
];

export default async (app) => {
  for (const route of routes) {
    app.route(route);
  }
};
