var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.MapGet("/users", () => "users");
app.UseStatusCodePagesWithRedirects("/error/{0}");
app.MapControllers();
app.Run();
