export default async function health(app) {
  app.get('/health', async () => ({ ok: true }));
  app.all('/echo', async (request) => request.method);
}
