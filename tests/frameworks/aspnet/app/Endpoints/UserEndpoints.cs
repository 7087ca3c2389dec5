namespace Shop.Endpoints;

public static class UserEndpoints
{
    public static RouteGroupBuilder MapUsers(this RouteGroupBuilder group)
    {
        var users = group.MapGroup("/users");
        users.MapGet("", () => "all");
        users.MapGet("/{id:int}", (int id) => id);
        users.MapPost("/{id:int}/photo", (int id) => id);
        return group;
    }
}
