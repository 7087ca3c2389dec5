var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.MapGet("/users", () => "users");
app.Run(async context => await context.Response.WriteAsync("page"));
app.MapControllers();
app.Run();
