var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.MapGet("/users", () => "users");
Acme.Web.Endpoints.Register(app);
app.MapControllers();
app.Run();
