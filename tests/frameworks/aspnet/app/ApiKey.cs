namespace Shop;

public class ApiKey(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Headers["X-Api-Key"] == "bad")
        {
            context.Response.StatusCode = 401;
            await context.Response.WriteAsync("no");
            return;
        }
        await next(context);
    }
}
