export const PREFIX = process.env.API_PREFIX ?? '/v1';
export const port = Number(process.env.PORT);
