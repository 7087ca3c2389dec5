var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.MapGet("/users", () => "users");
app.Use((context, next) => { context.Request.Path = context.Request.Path.Value.Replace("/old", ""); return next(context); });
app.MapControllers();
app.Run();
