var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.MapGet("/users", () => "users");
app.Use(async (context, next) => { context.Response.Redirect("/new" + context.Request.Path); await next(); });
app.MapControllers();
app.Run();
