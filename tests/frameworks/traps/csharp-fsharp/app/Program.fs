open Microsoft.AspNetCore.Builder

let app = WebApplication.Create()
app.MapGet("/", fun () -> "hello") |> ignore
app.Run()
