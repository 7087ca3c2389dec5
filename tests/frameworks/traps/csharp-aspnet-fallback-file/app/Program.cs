var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.MapGet("/users", () => "users");
app.MapFallbackToFile("index.html");
app.MapControllers();
app.Run();
