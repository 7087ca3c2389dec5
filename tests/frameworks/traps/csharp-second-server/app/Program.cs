using Prometheus;
var builder = WebApplication.CreateBuilder(args);
new KestrelMetricServer(port: 1234).Start();
var app = builder.Build();
app.MapGet("/a", () => "a");
app.Run();
