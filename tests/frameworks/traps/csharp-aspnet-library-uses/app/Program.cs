var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.MapGet("/users", () => "users");
app.UseAcme();
app.MapControllers();
app.Run();
