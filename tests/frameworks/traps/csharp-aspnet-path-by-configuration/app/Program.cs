var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.MapGet("/users", () => "users");
app.MapGet(builder.Configuration["Path"], () => "x");
app.MapControllers();
app.Run();
