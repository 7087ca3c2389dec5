var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.MapGet("/users", () => "users");
app.MapReverseProxy();
app.MapControllers();
app.Run();
