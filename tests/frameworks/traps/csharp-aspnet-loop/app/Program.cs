var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.MapGet("/users", () => "users");
foreach (var endpoint in app.Services.GetServices<IEndpoint>())
{
    endpoint.Map(app);
}
app.MapControllers();
app.Run();
