export async function POST() {
  return Response.json({ ok: true });
}

export const GET = async () => new Response('hook');
