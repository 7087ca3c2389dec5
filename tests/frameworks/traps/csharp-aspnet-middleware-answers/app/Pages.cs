public class Pages(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/api")) await context.Response.SendFileAsync("index.html");
        else await next(context);
    }
}
