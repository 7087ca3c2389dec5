var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.MapGet("/users", () => "users");
app.MapAcmeEndpoints();
app.MapControllers();
app.Run();
